import { expect, test } from "@jest/globals";
import { mapBridge, suggestRules } from "../../src/import/to-profile/bridge-map.ts";
import { toMap } from "../support/bridge-map.ts";

const map = toMap("xenbr*=br0:*\nxenbr7=br7\n*-dmz=br1:30\nlan*=br*");

test.each([
  ["xenbr40", { bridge: "br0", vlan: 40 }],
  // A rule with the whole name goes before a pattern, wherever it stands.
  ["xenbr7", { bridge: "br7", vlan: null }],
  ["web-dmz", { bridge: "br1", vlan: 30 }],
  ["lan3", { bridge: "br3", vlan: null }],
  // What * stands for is no VLAN ID here.
  ["xenbr0", null],
  ["xenbr4095", null],
  ["xenbrx", null],
  ["br40", null],
])("%s goes to %j", (name, expected) => {
  expect(mapBridge(map, name)).toEqual(expected);
});

test("a line to copy names each bridge once, with the VLAN that its name seems to say", () => {
  expect(suggestRules(["xenbr1", "br40", "br40", "bond0.155", "vlan7", "br4095"])).toBe(
    [
      "--bridge-map bond0.155=br0:155",
      "--bridge-map br40=br0:40",
      "--bridge-map br4095=br0:VID",
      "--bridge-map vlan7=br0:7",
      "--bridge-map xenbr1=br0:VID",
    ].join(" "),
  );
});
