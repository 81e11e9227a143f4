import { Canvas, code, head, type Point, small, text, type Tone } from "./canvas.ts";
import { commandsOf, factsOf, hostScript, quote } from "./quote.ts";

const HOST = {
  name: "kvm1",
  bridges: {
    br0: {
      uplinks: ["enp1s0"],
      vlans: { mgmt: 10, servers: 20 },
      addresses: { mgmt: { addresses: ["192.0.2.10/24"] } },
    },
  },
  interfaces: { enp2s0: { addresses: ["198.51.100.2/31"], gateway: ["198.51.100.3"] } },
  routed: { uplinks: ["enp2s0"] },
};
const BRIDGED = {
  name: "web1",
  memory: "1 GiB",
  interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }],
};
const ROUTED = {
  name: "dns1",
  memory: "1 GiB",
  interfaces: [{ type: "routed", addresses: ["203.0.113.53"] }],
};

/** The host's side of both topologies: a bridge with a trunk as its uplink, and a routing table with taps. */
export const hostSides = (): string => {
  const script = hostScript(HOST);
  const port = factsOf(BRIDGED).map(commandsOf).join("\n");
  const tap = factsOf(ROUTED).map(commandsOf).join("\n");
  const canvas = new Canvas(520, 760);
  const line = (from: Point, to: Point, tone: Tone): void => {
    canvas.path([from, to], tone, "line");
  };

  canvas.area({ x: 12, y: 12, width: 496, height: 372 }, head("Bridge: a guest is in a VLAN"));
  canvas.box({ x: 26, y: 46, width: 150, height: 42 }, "plain", head("switch"), small("trunk port"));
  line([94, 88], [94, 116], "blue");
  line([108, 88], [108, 116], "amber");
  canvas.write([122, 106], small("VLANs 10 and 20, tagged"));
  canvas.box({ x: 26, y: 116, width: 150, height: 44 }, "plain", code("enp1s0"), small("no address"));
  canvas.write([190, 134], code(quote("bridge vlan add dev enp1s0 vid 10", script)));
  canvas.write([190, 154], code(quote("bridge vlan add dev enp1s0 vid 20", script)));
  line([94, 160], [94, 190], "blue");
  line([108, 160], [108, 190], "amber");
  canvas.box(
    { x: 26, y: 190, width: 468, height: 62 },
    "good",
    code("br0"),
    code(quote("vlan_filtering 1 vlan_default_pvid 0 stp_state 0", script)),
  );
  line([110, 252], [110, 298], "blue");
  canvas.write([122, 270], small(`${quote("vid 10 self", script)}: br0 itself`));
  canvas.write([122, 287], small("is in VLAN 10, too"));
  line([400, 252], [400, 298], "amber");
  canvas.write([388, 279], small(quote("vid 20 pvid untagged", port)), "end");
  canvas.box(
    { x: 26, y: 298, width: 206, height: 62 },
    "blue",
    code("br0.10"),
    text("the host: 192.0.2.10/24"),
  );
  canvas.box({ x: 288, y: 298, width: 206, height: 62 }, "plain", code("web1-0"), text("guest in VLAN 20"));

  canvas.area({ x: 12, y: 398, width: 496, height: 350 }, head("Routed: a guest has routes"));
  canvas.box({ x: 26, y: 432, width: 150, height: 42 }, "plain", head("router"), small("198.51.100.3"));
  line([101, 474], [101, 502], "violet");
  canvas.write([115, 492], small("IP packets, no VLAN"));
  canvas.box({ x: 26, y: 502, width: 150, height: 44 }, "plain", code("enp2s0"), small("198.51.100.2/31"));
  line([101, 546], [101, 572], "violet");
  canvas.box(
    { x: 26, y: 572, width: 468, height: 84 },
    "violet",
    head("the host's routing table"),
    code(quote("default via 198.51.100.3 dev enp2s0", script)),
    code(quote("203.0.113.53/32 dev dns1-0 proto 76", tap)),
  );
  canvas.write([190, 519], code(quote("net/ipv4/ip_forward 1", script)));
  canvas.write([190, 539], small("from host.json; proto 76 is the hook's"));
  line([260, 656], [260, 680], "violet");
  canvas.box(
    { x: 26, y: 680, width: 468, height: 52 },
    "plain",
    code("dns1-0"),
    text("a tap without a bridge, to a guest with 203.0.113.53"),
  );
  return canvas.render(
    "The host's side. Above, a bridge with a trunk as uplink, the host's own VLAN device and a guest's port. Below, an uplink, the host's routing table and a routed tap.",
  );
};
