import { describeFailure } from "../../src/hook/describe-failure.ts";
import { handle } from "../../src/hook/handle.ts";
import { FakeKernel } from "../support/fake-kernel.ts";
import { domainOf } from "../support/profiles.ts";
import { Canvas, code, head, text, type Tone } from "./canvas.ts";
import { commandsOf, factsOf, quote } from "./quote.ts";

const profile = {
  name: "web1",
  memory: "1 GiB",
  interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }],
};

/** What the hook prints when the bridge does not filter VLANs, up to the reason's end. */
const refusal = async (): Promise<string> => {
  const kernel = new FakeKernel();
  kernel.bridge("br0", false, 1);
  kernel.enslave("web1-0", "br0");
  const { wrong } = await handle("start", domainOf(profile), kernel);
  return describeFailure({ guest: "web1", operation: "start" }, wrong);
};

const STEP = { x: 24, width: 300, height: 62 };

/** A start from top to bottom, with the branch on which it fails closed. */
export const start = async (): Promise<string> => {
  const line = await refusal();
  const commands = factsOf(profile).map(commandsOf).join("\n");
  const canvas = new Canvas(520, 640);
  const steps: readonly (readonly [y: number, tone: Tone, title: string, detail: string])[] = [
    [20, "plain", "virsh start web1", "libvirt reads the domain XML"],
    [118, "good", "hook: prepare", "checks the host, makes routed taps"],
    [216, "plain", "libvirt makes the bridge taps", "default PVID 0: in no VLAN yet"],
    [314, "good", "hook: start", "checks, sets, and reads back:"],
    [452, "plain", "QEMU runs the guest", "each port is in exactly its VLANs"],
  ];
  for (const [y, tone, title, detail] of steps) {
    const more = title === "hook: start";
    const port = [
      code(quote("vlan add dev web1-0 vid 20 pvid untagged", commands).replace("dev web1-0 ", "")),
      code(quote("locked on", commands)),
    ];
    canvas.box(
      { ...STEP, y, height: more ? 100 : STEP.height },
      tone,
      head(title),
      text(detail),
      ...(more ? port : []),
    );
  }
  for (const [from, to] of [
    [82, 118],
    [180, 216],
    [278, 314],
    [414, 452],
  ] as const)
    canvas.path(
      [
        [174, from],
        [174, to],
      ],
      "good",
    );
  canvas.box(
    { x: 380, y: 216, width: 120, height: 84 },
    "bad",
    head("refused"),
    text("one line with"),
    text("the reason"),
  );
  canvas.path(
    [
      [324, 149],
      [440, 149],
      [440, 216],
    ],
    "bad",
  );
  canvas.path(
    [
      [324, 364],
      [440, 364],
      [440, 300],
    ],
    "bad",
  );
  canvas.write([334, 142], text("a check fails"), "start", "bad");
  canvas.write([334, 384], text("a check fails"), "start", "bad");

  canvas.area(
    { x: 12, y: 536, width: 496, height: 92 },
    head("The refusal, as virsh and the journal show it"),
  );
  canvas.write([26, 584], code(quote("guest web1 failed to start", line)), "start", "bad");
  canvas.write([26, 606], code(quote("bridge br0 does not filter VLANs", line)), "start", "bad");
  return canvas.render(
    "virsh start calls the hook twice. If a check fails, libvirt does not start the guest; otherwise its ports are right before QEMU runs it.",
  );
};
