import { Canvas, code, head, small, text } from "./canvas.ts";

/** Where the host's own address belongs when its uplink is a port of the bridge. */
export const hostAddress = (): string => {
  const canvas = new Canvas(520, 520);
  canvas.area({ x: 12, y: 12, width: 496, height: 316 }, head("host"));
  canvas.box(
    { x: 150, y: 46, width: 344, height: 62 },
    "good",
    code("br0.10"),
    text("192.0.2.10/24: the host's own address"),
  );
  canvas.path(
    [
      [322, 108],
      [322, 140],
    ],
    "blue",
    "line",
  );
  canvas.write([310, 129], small("tagged VLAN 10 of br0 itself"), "end");
  canvas.box(
    { x: 26, y: 140, width: 468, height: 62 },
    "plain",
    code("br0"),
    text("vlan_filtering 1, no address of its own"),
  );
  canvas.path(
    [
      [96, 202],
      [96, 246],
    ],
    "blue",
    "line",
  );
  canvas.path(
    [
      [108, 202],
      [108, 246],
    ],
    "amber",
    "line",
  );
  canvas.write([120, 230], small("10, 20 tagged"));
  canvas.path(
    [
      [382, 202],
      [382, 246],
    ],
    "amber",
    "line",
  );
  canvas.write([394, 230], small("20 untagged"));
  canvas.box({ x: 26, y: 246, width: 150, height: 62 }, "plain", code("enp1s0"), text("port, no address"));
  canvas.box({ x: 310, y: 246, width: 184, height: 62 }, "plain", head("web1"), text("a guest in VLAN 20"));
  canvas.path(
    [
      [96, 308],
      [96, 352],
    ],
    "blue",
    "line",
  );
  canvas.path(
    [
      [108, 308],
      [108, 352],
    ],
    "amber",
    "line",
  );
  canvas.box({ x: 26, y: 352, width: 150, height: 44 }, "plain", head("switch"), small("trunk port"));
  canvas.write([200, 360], code("bridge vlan add dev br0 vid 10 self"));
  canvas.write([200, 382], code("bridge vlan add dev enp1s0 vid 10"));
  canvas.write([24, 428], text("An address on enp1s0 itself stops working as soon as enp1s0"));
  canvas.write([24, 448], text("is a port of br0, and cuts your ssh session. Move the address"));
  canvas.write([24, 468], text("and the port in one step, from the console or with a rollback."));
  canvas.write([24, 494], text("No guest reaches the host, except through a VLAN that both are in."));
  return canvas.render(
    "The host's own address is on br0.10, a VLAN device of the bridge. The uplink is a bridge port without an address.",
  );
};
