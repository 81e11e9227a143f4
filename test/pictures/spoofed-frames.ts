import { guardRulesFact } from "../../src/kernel/facts/filter/guard-rules.ts";
import { sourceCheckFact } from "../../src/kernel/facts/filter/source-check.ts";
import { Canvas, code, head, text } from "./canvas.ts";
import { commandsOf, factsOf, quote } from "./quote.ts";

const bridged = {
  name: "web1",
  memory: "1 GiB",
  interfaces: [{ type: "bridge", bridge: "br0", vlan: 20, addresses: ["192.0.2.80/24"] }],
};
const routed = {
  name: "dns1",
  memory: "1 GiB",
  interfaces: [{ type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] }],
};

/** What a guest may forge, and the check at which each ends. */
export const spoofedFrames = (): string => {
  const port = factsOf(bridged).map(commandsOf).join("\n");
  const tap = factsOf(routed).map(commandsOf).join("\n");
  const guard = commandsOf(guardRulesFact);
  const source = commandsOf(sourceCheckFact);
  const checks: readonly (readonly [title: string, quoted: string])[] = [
    ["frames tagged for another VLAN", quote("vid 20 pvid untagged", port)],
    ["another MAC address as source", quote("locked on", port)],
    ["ARP for another address", quote("@arp-senders", guard)],
    ["another IPv4 or IPv6 source", quote("@ipv4-sources", guard)],
    ["advertisements of other hosts", quote("@nd-targets", guard)],
    ["router advertisements, redirects", quote("@routers", guard)],
    ["DHCP server answers", quote("@dhcp-servers", guard)],
    ["spanning tree", quote("guard on", port)],
  ];
  const canvas = new Canvas(520, 690);
  canvas.area({ x: 12, y: 12, width: 496, height: 420 }, head("Guest on a bridge port"));
  const draw = (at: number, title: string, quoted: string): void => {
    canvas.box({ x: 26, y: at, width: 250, height: 34 }, "plain", text(title));
    canvas.path(
      [
        [276, at + 17],
        [304, at + 17],
      ],
      "bad",
    );
    canvas.box({ x: 308, y: at, width: 186, height: 34 }, "bad", code(quoted));
  };
  checks.forEach(([title, quoted], index) => {
    draw(48 + index * 42, title, quoted);
  });
  canvas.write([26, 402], text('@ rows need "addresses" in the profile; the others always hold.'));
  canvas.write([26, 420], text("Frames that pass reach the guest's own VLAN only."));

  canvas.area({ x: 12, y: 446, width: 496, height: 232 }, head("Guest behind a routed tap"));
  draw(482, "another source address", quote("fib saddr . iif oif", source));
  draw(524, "ARP from another address", `${quote("arp_filter", tap)}=1`);
  draw(566, "invented IPv6 neighbours", quote("over 5/second", source));
  draw(608, "router advertisements", `${quote("accept_ra", tap)}=0`);
  canvas.write([26, 664], text("Nothing else is on the tap: there is no neighbour to deceive."));
  return canvas.render(
    "For each kind of forged frame, the check that drops it: port VLANs, the locked port, nftables sets, and for routed guests the source check.",
  );
};
