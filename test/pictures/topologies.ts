import { attachmentKind } from "../../src/guest/attachment.ts";
import { isRouted } from "../../src/guest/nic.ts";
import { guest, domainOf } from "../support/profiles.ts";
import { Canvas, code, head, small, text, type Tone } from "./canvas.ts";

const VLANS: readonly (readonly [vid: number, tone: Tone])[] = [
  [20, "amber"],
  [30, "blue"],
  [40, "teal"],
];
const COLUMNS = [30, 190, 350];
const WIDTH = 140;

/** The words with which `guestnet status` describes a port. */
const placeOf = (nic: object): string => {
  const [found] = domainOf(guest({ type: "bridge", bridge: "br0", ...nic })).nics;
  if (found === undefined || isRouted(found)) throw new Error("not a bridge port");
  const kind = attachmentKind(found.attachment);
  return kind.place(found.attachment);
};

/** A host with a bridge for each VLAN, above one with a single VLAN-aware bridge. */
export const topologies = (): string => {
  const canvas = new Canvas(520, 660);
  canvas.area({ x: 12, y: 12, width: 496, height: 306 }, head("Before: one bridge per VLAN"));
  canvas.box({ x: 30, y: 54, width: 460, height: 34 }, "plain", code("enp1s0"));
  VLANS.forEach(([vid, tone], index) => {
    const x = COLUMNS[index] ?? 0;
    const middle = x + WIDTH / 2;
    canvas.path(
      [
        [middle, 88],
        [middle, 108],
      ],
      tone,
      "line",
    );
    canvas.box({ x, y: 108, width: WIDTH, height: 34 }, tone, code(`enp1s0.${vid}`));
    canvas.path(
      [
        [middle, 142],
        [middle, 162],
      ],
      tone,
      "line",
    );
    canvas.box({ x, y: 162, width: WIDTH, height: 34 }, tone, code(`br${vid}`));
    canvas.path(
      [
        [middle, 196],
        [middle, 226],
      ],
      tone,
      "line",
    );
    canvas.box(
      { x, y: 226, width: WIDTH, height: 42 },
      "plain",
      head(["web1", "db1", "mail1"][index] ?? ""),
      small(`on br${vid}`),
    );
  });
  canvas.write([30, 298], text("A new VLAN: two new devices on each host. No trunk to a guest."));

  canvas.area({ x: 12, y: 332, width: 496, height: 316 }, head("With guestnet: one VLAN-aware bridge"));
  canvas.box({ x: 30, y: 374, width: 460, height: 34 }, "plain", code("enp1s0"));
  canvas.path(
    [
      [260, 408],
      [260, 430],
    ],
    "plain",
    "line",
  );
  canvas.write([272, 424], small("all VLANs, tagged"));
  canvas.box({ x: 30, y: 430, width: 460, height: 40 }, "good", code("br0  vlan_filtering 1"));
  const ports: readonly (readonly [name: string, place: string, kind: string, tones: readonly Tone[]])[] = [
    ["web1", `VLAN ${placeOf({ vlan: 20 })}`, "access port", ["amber"]],
    ["db1", `VLAN ${placeOf({ vlan: 30 })}`, "access port", ["blue"]],
    ["fw1", placeOf({ trunk: [20, 30], native: 40 }), "trunk", ["amber", "blue", "teal"]],
  ];
  ports.forEach(([name, place, kind, tones], index) => {
    const x = COLUMNS[index] ?? 0;
    tones.forEach((tone, at) => {
      const middle = x + WIDTH / 2 + (at - (tones.length - 1) / 2) * 14;
      canvas.path(
        [
          [middle, 470],
          [middle, 512],
        ],
        tone,
        "line",
      );
    });
    canvas.box({ x, y: 512, width: WIDTH, height: 66 }, "plain", head(name), code(place), small(kind));
  });
  canvas.write([30, 606], text("A new VLAN: one number in the guest's profile."));
  canvas.write([30, 628], text("The hook sets each port at virsh start, before the guest runs."));
  return canvas.render(
    "Above, a host with a VLAN device and a bridge for each VLAN. Below, the same guests as ports of one VLAN-aware bridge.",
  );
};
