import { expect, test } from "@jest/globals";
import { siteWarningsOf, warningsOf } from "../../src/host-network/warnings.ts";
import { parseSite } from "../../src/site/site.ts";

const vxlanOf = (local: string, remote: object) => {
  const bridge = { vlans: { servers: 20 }, vxlan: { local, vnis: { servers: 1020 }, ...remote } };
  const site = parseSite(JSON.stringify({ name: "kvm1", bridges: { br0: bridge } }));
  if (!site.ok) throw new Error("the host.json has errors");
  return site.value;
};

test("EVPN with an IPv6 address is doubtful whichever program makes the network, and nothing else of VXLAN is", () => {
  const evpn = vxlanOf("2001:db8::1", { evpn: true });
  expect(siteWarningsOf(evpn)).toEqual([
    {
      code: "vxlan",
      path: ["bridges", "br0", "vxlan", "local"],
      message: expect.stringContaining("requires FRR 10.6 or later"),
    },
  ]);
  expect(warningsOf(evpn, "networkd")).toEqual(siteWarningsOf(evpn));
  expect(siteWarningsOf(vxlanOf("192.0.2.1", { evpn: true }))).toEqual([]);
  expect(siteWarningsOf(vxlanOf("2001:db8::1", { peers: ["2001:db8::2"] }))).toEqual([]);
});
