import { expect, test } from "@jest/globals";
import { findHolders } from "../../../src/commands/guestnet/trace/find-holders.ts";
import { readNamedGuests, type TracedHost } from "../../../src/commands/guestnet/trace/find-guests.ts";
import type { Ran } from "../../../src/kernel/host.ts";
import { parseAddress } from "../../../src/values/address.ts";

const said = (stdout: string): Ran => ({ code: 0, stdout, stderr: "" });
const domain = (name: string): string => `<domain type='kvm'>\n  <name>${name}</name>\n</domain>\n\n`;

/** A libvirt that answers each command line with what virsh prints for it. */
const answering = (answers: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  const virsh = (...args: readonly string[]): Promise<Ran> => {
    const line = args.join(" ");
    asked.push(line);
    return Promise.resolve(said(answers[line] ?? ""));
  };
  return { asked, virsh };
};

test("guests are read by one process, and a name of none is none", async () => {
  const line =
    "dumpxml --domain web1; domstate --domain web1; dumpxml --domain example.org; domstate --domain example.org";
  const { asked, virsh } = answering({ [line]: `${domain("web1")}running\n\n` });
  const guests = await readNamedGuests(virsh, ["web1", "example.org"]);
  expect(asked).toEqual([line]);
  expect([...guests].map(([name, { state }]) => [name, state])).toEqual([["web1", "running"]]);
});

test("two guests keep their states apart", async () => {
  const { virsh } = answering({
    "dumpxml --domain a; domstate --domain a; dumpxml --domain b; domstate --domain b": `${domain("a")}paused\n\n${domain("b")}shut off\n\n`,
  });
  const guests = await readNamedGuests(virsh, ["a", "b"]);
  expect([...guests].map(([name, { state }]) => [name, state])).toEqual([
    ["a", "paused"],
    ["b", "shut off"],
  ]);
});

test("a name is one word to virsh, whatever is in it", async () => {
  const { asked, virsh } = answering({});
  await readNamedGuests(virsh, ["my vm; destroy 'x'"]);
  expect(asked).toEqual([
    String.raw`dumpxml --domain my\ vm\;\ destroy\ \'x\'; domstate --domain my\ vm\;\ destroy\ \'x\'`,
  ]);
});

test("a name of digits is never another guest's ID", async () => {
  const uuid = "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10";
  const { asked, virsh } = answering({
    "list --all --uuid --name": `${uuid} 7\n0f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10 web1\n`,
    [`dumpxml --domain ${uuid}; domstate --domain ${uuid}`]: `${domain("7")}running\n\n`,
  });
  expect([...(await readNamedGuests(virsh, ["7"])).keys()]).toEqual(["7"]);
  expect(asked).toHaveLength(2);
  // The guest with the ID 8 has another name.
  expect(await readNamedGuests(virsh, ["8"])).toEqual(new Map());
});

const UUIDS = ["6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10", "0f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10"];
const withNetworks = (name: string, uuid: string, mac: string, networks: string): string =>
  `<domain type='kvm' id='1'>
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <metadata>
    <guestnet:guest xmlns:guestnet="urn:guestnet:1"><guestnet:routed mac="${mac}">${networks}</guestnet:routed></guestnet:guest>
  </metadata>
  <devices>
    <interface type='ethernet'><mac address='${mac}'/><target dev='t-${name}' managed='no'/></interface>
  </devices>
</domain>

`;
const WEB1 = withNetworks(
  "web1",
  UUIDS[0] ?? "",
  "52:54:00:00:00:01",
  "<guestnet:address>192.0.2.1</guestnet:address><guestnet:prefix>198.51.100.0/28</guestnet:prefix>",
);
const WEB2 = withNetworks(
  "web2",
  UUIDS[1] ?? "",
  "52:54:00:00:00:02",
  "<guestnet:address>192.0.2.2</guestnet:address>",
);

test.each([
  ["192.0.2.2", ["web2"]],
  ["198.51.100.9", ["web1"]],
  ["198.51.100.16", []],
  ["192.0.2.3", []],
])("the guests that have %s are %j, by their metadata", async (text, names) => {
  const { virsh } = answering({
    "list --uuid": `${UUIDS.join("\n")}\n`,
    [UUIDS.map((uuid) => `dumpxml ${uuid}`).join("; ")]: WEB1 + WEB2,
    "dumpxml --domain web1; domstate --domain web1": `${WEB1}running\n\n`,
    "dumpxml --domain web2; domstate --domain web2": `${WEB2}running\n\n`,
  });
  const host = { label: "h1", virsh } as unknown as TracedHost;
  const address = parseAddress(text);
  if (address === null) throw new Error(text);
  const holders = await findHolders(address, [host]);
  expect(holders.map(({ domain, host: on }) => [domain.name, on === host])).toEqual(
    names.map((name) => [name, true]),
  );
});
