import { sourceCheckFact } from "../../src/kernel/facts/filter/source-check.ts";
import type { Fact } from "../../src/kernel/facts/fact.ts";
import { Canvas, code, head, type Line, text } from "./canvas.ts";
import { commandsOf, factsOf, quote } from "./quote.ts";

const profile = {
  name: "dns1",
  memory: "1 GiB",
  interfaces: [{ type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] }],
};

const ofKind = (facts: readonly Fact[], kind: Fact["kind"]): string =>
  facts
    .filter((fact) => fact.kind === kind)
    .map(commandsOf)
    .join("\n");

/** The way of a packet to a routed guest and back, numbered. */
export const routedPath = (): string => {
  const facts = factsOf(profile);
  const routes = ofKind(facts, "route");
  const gateways = ofKind(facts, "address");
  const canvas = new Canvas(520, 700);
  canvas.box({ x: 110, y: 20, width: 300, height: 44 }, "plain", head("upstream router"));
  canvas.area({ x: 12, y: 108, width: 496, height: 306 }, head("host"));
  canvas.box({ x: 110, y: 142, width: 300, height: 34 }, "plain", code("enp2s0"));
  canvas.box(
    { x: 56, y: 216, width: 408, height: 84 },
    "violet",
    head("routing table, protocol 76"),
    code(quote("2001:db8:0:1::53/128 dev dns1-0", routes)),
    code(quote("192.0.2.53/32 dev dns1-0", routes)),
  );
  canvas.box(
    { x: 56, y: 336, width: 408, height: 62 },
    "violet",
    head("tap dns1-0, without a bridge"),
    code(`${quote("fe80::1", gateways)}  ${quote("169.254.0.1", gateways)}`),
  );
  canvas.box(
    { x: 110, y: 452, width: 300, height: 80 },
    "plain",
    head("guest dns1"),
    code("2001:db8:0:1::53"),
    code("192.0.2.53"),
  );
  const down = [
    [64, 142],
    [176, 216],
    [300, 336],
    [398, 452],
  ] as const;
  down.forEach(([from, to], index) => {
    canvas.path(
      [
        [200, from],
        [200, to],
      ],
      "blue",
    );
    canvas.path(
      [
        [320, to],
        [320, from],
      ],
      "teal",
    );
    if (index < 3) canvas.number([180, (from + to) / 2 - (index === 0 ? 16 : 0)], index + 1, "blue");
  });
  canvas.number([180, 425], 4, "blue");
  canvas.number([340, 425], 5, "teal");
  canvas.number([340, 318], 6, "teal");
  canvas.number([340, 87], 7, "teal");

  const rule = quote("fib saddr . iif oif missing drop", commandsOf(sourceCheckFact));
  const legend: readonly Line[] = [
    text("The router sends the guest's addresses to this host."),
    text("The host forwards; each address is a host route to one tap."),
    text("Only this guest is behind the tap: no neighbour, no VLAN."),
    text("The guest has its addresses as /128 and /32."),
    text("The guest's gateways are the host's, the same on each host."),
    code(`nftables: ${rule}`),
    text("The answer leaves by the host's own default route."),
  ];
  legend.forEach((line, index) => {
    const y = 562 + index * 20;
    canvas.write([24, y], text(String(index + 1)), "start", index < 4 ? "blue" : "teal");
    canvas.write([44, y], line);
  });
  return canvas.render(
    "A packet goes from the upstream router over the host's routing table and the guest's own tap to the guest, and back through the source check.",
  );
};
