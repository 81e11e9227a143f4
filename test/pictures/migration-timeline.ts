import { MOVED_METRIC, STANDBY_METRIC } from "../../src/move/arrival.ts";
import { Canvas, code, head, small, text } from "./canvas.ts";

/** A live migration of a routed guest, from top to bottom. */
export const migrationTimeline = (): string => {
  const canvas = new Canvas(520, 560);
  canvas.box({ x: 110, y: 16, width: 130, height: 34 }, "plain", head("source"));
  canvas.box({ x: 256, y: 16, width: 252, height: 34 }, "plain", head("destination"));
  const rows = [
    [70, 110, "memory is", "copied"],
    [190, 96, "QEMU", "switches"],
    [296, 96, "libvirt", "clears"],
    [402, 62, "10 s", "later"],
  ] as const;
  for (const [y, height, first, second] of rows) {
    canvas.write([14, y + height / 2 - 4], text(first));
    canvas.write([14, y + height / 2 + 14], text(second));
  }
  canvas.box({ x: 110, y: 70, width: 130, height: 104 }, "blue", head("guest runs"), text("its own routes"));
  canvas.box({ x: 110, y: 196, width: 130, height: 90 }, "plain", head("paused"), text("routes stay"));
  canvas.box(
    { x: 256, y: 70, width: 252, height: 104 },
    "plain",
    head("standby"),
    text("tap and routes are complete"),
    code(`metric ${STANDBY_METRIC}`),
    small("every learned route wins"),
  );
  canvas.box(
    { x: 256, y: 196, width: 252, height: 196 },
    "amber",
    head("guest runs"),
    text("within 0.05 s of the first frame:"),
    code(`metric ${MOVED_METRIC}`),
    small("announced with the better MED"),
  );
  canvas.box(
    { x: 110, y: 296, width: 130, height: 96 },
    "plain",
    head("gone"),
    text("tap and routes"),
    small("0.3 to 2 s later"),
  );
  canvas.box(
    { x: 256, y: 402, width: 252, height: 62 },
    "good",
    head("guest runs"),
    text("its own routes, as after a start"),
  );
  canvas.path(
    [
      [14, 185],
      [508, 185],
    ],
    "violet",
    "dashed",
  );
  canvas.write([14, 508], text("Dashed: packets go to the source above this line,"));
  canvas.write([14, 528], text("to the destination below it. No controller decides this:"));
  canvas.write([14, 548], text("the hook changes metrics, the routing daemon announces."));
  return canvas.render(
    "While memory is copied the destination's routes are on standby. When QEMU switches, they get the better metric; ten seconds later their own.",
  );
};
