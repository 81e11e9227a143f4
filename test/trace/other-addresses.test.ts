import { expect, test } from "@jest/globals";
import { isBridged } from "../../src/guest/nic.ts";
import { chooseNic } from "../../src/trace/choose-nic.ts";
import type { GuestParty } from "../../src/trace/party.ts";
import type { HostOutputs } from "../../src/trace/observed/observed-host.ts";
import type { Mac } from "../../src/values/mac.ts";
import { address, guestOn, HEALTHY, traced } from "./recorded.ts";

const VIRTUAL = "00:00:5e:00:01:07" as Mac;
const FLOATING = address("10.20.0.100");
const gateway = { kind: "outside", address: address("10.20.0.1") } as const;

/** A guest on a bridge, with a floating address and the MAC address of its virtual router. */
const member = (raw: HostOutputs, macs: readonly Mac[], more: Partial<GuestParty> = {}): GuestParty => {
  const guest = guestOn("g11", 0, raw, more);
  const { nic } = guest;
  const policy = isBridged(nic) ? nic.attachment.policy : null;
  if (!policy?.guard) throw new Error("not a guarded port");
  const shared = { address: FLOATING, vid: null, sharedBy: ["g12"] } as never;
  const guard = { ...policy.guard, addresses: [shared, ...policy.guard.addresses] };
  const attachment = { ...nic.attachment, policy: { ...policy, macs, guard } };
  return { ...guest, nic: { ...nic, attachment }, ...more };
};
const endOf = (guest: GuestParty) => {
  const last = traced(guest, gateway).at(-1);
  return last?.verdict.kind === "ends" ? [last.check.kind, last.verdict.end.kind] : null;
};
const heardAs = (lladdr: string): HostOutputs => ({
  ...HEALTHY,
  neighbours: [
    ...HEALTHY.neighbours.filter((one) => (one as { readonly dst?: string }).dst !== "10.20.0.11"),
    { dst: "10.20.0.11", dev: "br0", lladdr, state: ["REACHABLE"] },
  ],
});

test("another MAC address of the guest is no other guest", () => {
  expect(endOf(member(heardAs(VIRTUAL), []))).toEqual(["guest", "duplicate"]);
  expect(endOf(member(heardAs(VIRTUAL), [VIRTUAL]))).toBeNull();
});

test("a floating address may be held by another guest now", () => {
  const heard = { dst: FLOATING, dev: "br0", lladdr: VIRTUAL, state: ["REACHABLE"] };
  const raw = { ...HEALTHY, neighbours: [...HEALTHY.neighbours, heard] };
  const guestHop = (shared: boolean) => traced(member(raw, [], { address: FLOATING, shared }), gateway)[0];
  expect(guestHop(false)).toMatchObject({ verdict: { kind: "ends", end: { kind: "duplicate" } } });
  expect(guestHop(true)).toMatchObject({ verdict: { kind: "passes" } });
});

test("with a floating address, a frame may come from the virtual router's MAC address", () => {
  const own = guestOn("g11", 0, HEALTHY).nic.mac;
  const fdb = HEALTHY.fdb.map((one) =>
    (one as { readonly mac?: string }).mac === own ? { ...(one as object), mac: VIRTUAL } : one,
  );
  const raw = { ...HEALTHY, fdb };
  const lockOf = (guest: GuestParty) => traced(guest, gateway).find(({ check }) => check.kind === "lock");
  expect(lockOf(member(raw, [VIRTUAL], { address: FLOATING, shared: true }))).toMatchObject({
    check: { mac: VIRTUAL },
    verdict: { kind: "passes" },
  });
  expect(lockOf(member(raw, [VIRTUAL]))).toMatchObject({
    verdict: { kind: "ends", end: { kind: "no-entry" } },
  });
});

test("a NIC is found by any of its MAC addresses, and sends from the address that it alone has", () => {
  const { nic } = member(HEALTHY, [VIRTUAL]);
  const domain = { name: "g11", uuid: "" as never, nics: [nic], unmanaged: [] };
  expect(chooseNic(domain, { nic: VIRTUAL.toUpperCase(), vlan: null }, "ipv4")).toMatchObject({
    ok: true,
    value: { address: "10.20.0.11", shared: false },
  });
  expect(chooseNic(domain, { nic: null, vlan: null }, "ipv4", FLOATING)).toMatchObject({
    ok: true,
    value: { address: FLOATING, shared: true },
  });
});
