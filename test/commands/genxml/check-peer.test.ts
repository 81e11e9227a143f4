import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

const HOST = {
  bridges: {
    br0: { uplinks: ["eth0"], vlans: { servers: 20, office: "100-199" } },
    br1: { vlans: { lab: 7 } },
  },
  routed: { gateway: ["fe80::1", "169.254.0.1"] },
};
const br0 = (more: object): object => ({
  bridges: { ...HOST.bridges, br0: { ...HOST.bridges.br0, ...more } },
});
const guest = (name: string, ...interfaces: readonly object[]): string =>
  JSON.stringify({ name, memory: "1 GiB", interfaces }, null, 1);

let genxml: Genxml;
beforeAll(() => {
  genxml = genxmlIn();
  genxml.write("a/host.json", JSON.stringify(HOST));
  genxml.write("a/web1.json", guest("web1", { type: "bridge", bridge: "br0", vlan: "servers" }));
  genxml.write(
    "a/fw1.json",
    guest(
      "fw1",
      { type: "bridge", bridge: "br0", trunk: ["office"], native: 20 },
      { type: "bridge", bridge: "br1", vlan: 7 },
    ),
  );
  genxml.write("a/dns1.json", guest("dns1", { type: "routed", addresses: ["192.0.2.53"] }));
});
afterAll(() => {
  genxml.remove();
});

const check = (host: object | string, ...args: readonly string[]) => {
  genxml.write("b/host.json", typeof host === "string" ? host : JSON.stringify(host));
  return genxml.run(["check", "a", "--peer-site", "b/host.json", ...args]);
};

test("a host that is described in the same words takes all guests", () => {
  expect(check(HOST)).toEqual({ status: 0, stdout: "", stderr: "3 profiles: 0 errors, 0 warnings\n" });
});

test.each<[string, object, 0 | 1, readonly RegExp[]]>([
  [
    "no such bridge",
    { bridges: { br0: HOST.bridges.br0 } },
    1,
    [
      /^a\/fw1\.json:\d+:\d+: error: interfaces\[1\]\.bridge: b\/host\.json has no bridge br1, .*; it has: br0 \[peer\]$/,
      /fw1.*warning: interfaces\[1\]\.vlan: by b\/host\.json: host\.json has no VLAN 7 .*\[peer\]$/,
    ],
  ],
  [
    "a name that means another VLAN",
    br0({ vlans: { servers: 21, office: "100-199" } }),
    1,
    [
      /fw1.*warning: .*by b\/host\.json: host\.json has no VLAN 20 .*\[peer\]$/,
      /^a\/web1\.json:\d+:\d+: error: interfaces\[0\]\.vlan: the VLANs are 20 here, but 21 in b\/host\.json: .*\[peer\]$/,
    ],
  ],
  [
    "a range that is another",
    br0({ vlans: { servers: 20, office: "100-150" } }),
    1,
    [
      /^a\/fw1\.json.*error: interfaces\[0\]\.trunk: the VLANs are 100-199 native 20 here, but 100-150 native 20 in/,
    ],
  ],
  [
    "a name that is not there",
    br0({ vlans: { servers: 20 } }),
    1,
    [/^a\/fw1\.json.*error: interfaces\[0\]\.trunk\[0\]: by b\/host\.json: .*office.*\[peer\]$/],
  ],
  [
    "other uplinks",
    br0({ uplinks: ["enp1s0"] }),
    0,
    [/fw1.*warning: .*the uplinks are eth0 \(static\) here, but enp1s0 \(static\) in b/, /web1.*warning: /],
  ],
  ["uplinks that follow", br0({ uplinkVlans: "follow-guests" }), 0, [/fw1.*eth0 \(follow-guests\)/, /web1/]],
  [
    "another gateway",
    { ...HOST, routed: { gateway: "169.254.0.9" } },
    0,
    [
      /^a\/dns1\.json.*warning: interfaces\[0\]\.?g?.*the gateway is 169\.254\.0\.1 here, but 169\.254\.0\.9 in b/,
    ],
  ],
])("%s", (_, host, status, told) => {
  const ran = check(host);
  expect(ran.stderr.trimEnd().split("\n").slice(0, -1)).toEqual(
    told.map((one) => expect.stringMatching(one)),
  );
  expect(ran.status).toBe(status);
  if (status === 0) expect(check(host, "--strict").status).toBe(1);
});

test("a host.json that is wrong, or not there, is an error of its own", () => {
  expect(check("{")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^b\/host\.json:1:\d+: error: .*\[json-syntax\]/m),
  });
  expect(genxml.run(["check", "a", "--peer-site", "none.json"])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/genxml: error: cannot read none\.json: no such file/),
  });
});

test("the old name of --peer-site is rejected with the new one", () => {
  const { status, stderr } = genxml.run(["check", "a", "--peer", "b/host.json"]);
  expect({ status, stderr }).toMatchObject({ status: 64, stderr: expect.stringMatching(/'--peer-site'/) });
});

test("the JSON report has it, too", () => {
  const { stdout } = check(br0({ uplinks: [] }), "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    warnings: 2,
    issues: [{ code: "peer", severity: "warning" }, { code: "peer" }],
  });
});
