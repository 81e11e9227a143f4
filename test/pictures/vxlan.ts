import { DEFAULT_MTU, VXLAN_BYTES } from "../../src/site/rules/mtu.ts";
import { Canvas, code, head, type Point, small, text, type Tone } from "./canvas.ts";
import { hostScript, quote } from "./quote.ts";

const hostOf = (own: number, other: number): object => ({
  name: `kvm${String(own)}`,
  bridges: {
    br0: {
      vlans: { servers: 20, dmz: 30 },
      vxlan: {
        local: `2001:db8:ffff::1${String(own)}`,
        vnis: { servers: 1020 },
        peers: [`2001:db8:ffff::1${String(other)}`],
      },
    },
  },
  interfaces: { enp2s0: { addresses: [`2001:db8:ffff::1${String(own)}/64`], mtu: 1570 } },
});

const WIDTH = 240;

/** Two hosts whose bridges are joined by VXLAN: one VLAN travels, another stays. */
export const vxlan = (): string => {
  const { ipv4, ipv6 } = VXLAN_BYTES;
  const canvas = new Canvas(520, 640);
  const line = (from: Point, to: Point, tone: Tone): void => {
    canvas.path([from, to], tone, "line");
  };
  [
    { x: 12, own: 1, other: 2 },
    { x: 268, own: 2, other: 1 },
  ].forEach(({ x, own, other }) => {
    const script = hostScript(hostOf(own, other));
    const inside = { x: x + 12, width: WIDTH - 24 };
    canvas.area({ x, y: 12, width: WIDTH, height: 396 }, head(`host kvm${String(own)}`));
    canvas.box(
      { x: x + 12, y: 46, width: 100, height: 46 },
      "amber",
      head(`web${String(own)}`),
      small("VLAN 20"),
    );
    canvas.box(
      { x: x + 128, y: 46, width: 100, height: 46 },
      "blue",
      head(`lan${String(own)}`),
      small("VLAN 30"),
    );
    line([x + 62, 92], [x + 62, 122], "amber");
    line([x + 178, 92], [x + 178, 122], "blue");
    canvas.box({ ...inside, y: 122, height: 40 }, "good", code(`br0  ${quote("vlan_filtering 1", script)}`));
    line([x + 62, 162], [x + 62, 200], "amber");
    canvas.write([x + 74, 186], small("VLAN 30 stays here"));
    canvas.box(
      { ...inside, y: 200, height: 84 },
      "plain",
      code("vxlan0"),
      code(quote("vid 20 tunnel_info id 1020", script)),
      code(quote(`dst 2001:db8:ffff::1${String(other)}`, script)),
    );
    line([x + 62, 284], [x + 62, 322], "violet");
    canvas.write([x + 74, 308], small(`UDP ${quote("4789", script)}, VNI ${quote("1020", script)}`));
    canvas.box(
      { ...inside, y: 322, height: 66 },
      "plain",
      code(`enp2s0  ${quote("mtu 1570", script)}`),
      code(quote(`2001:db8:ffff::1${String(own)}/64`, script)),
    );
    line([x + 120, 388], [x + 120, 440], "violet");
  });
  canvas.box(
    { x: 12, y: 440, width: 496, height: 58 },
    "violet",
    head("the underlay: an IP network between the hosts"),
    text("it has no VLANs, and routers may be in it"),
  );
  canvas.write([24, 526], text("web1 and web2 are in one VLAN, as if one switch joined their hosts."));
  canvas.write([24, 548], text("The VLAN number is the bridge's; the VNI is its number on the way."));
  canvas.write([24, 570], text("lan1 and lan2 do not reach each other: their VLAN has no VNI."));
  canvas.write(
    [24, 592],
    text(
      `VXLAN adds ${ipv6} bytes over IPv6, and ${ipv4} over IPv4: ${DEFAULT_MTU} need ${DEFAULT_MTU + ipv6}.`,
    ),
  );
  canvas.write([24, 614], text('With "evpn" instead of "peers", BGP finds the hosts and addresses.'));
  return canvas.render(
    "Two hosts, each with guests in VLANs 20 and 30. VLAN 20 travels between them over VXLAN with VNI 1020; VLAN 30 stays on each host.",
  );
};
