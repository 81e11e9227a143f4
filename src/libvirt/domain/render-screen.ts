import type { XmlElement } from "../../xml/render-element.ts";
import type { Hardware } from "../../guest/hardware.ts";
import { any, exactly, type IsOne } from "./render-exactly.ts";
import { attributeOf, childOf, childrenOf } from "./render-tree.ts";

const isType =
  (type: string): IsOne =>
  (device) =>
    attributeOf(device, "type") === type;

const renderGraphics = (devices: XmlElement, graphics: NonNullable<Hardware["graphics"]>): void => {
  exactly(
    devices,
    "graphics",
    any,
    graphics.kind === "none"
      ? null
      : (d) => {
          const { kind, listen, port } = graphics;
          const where = port === null ? { autoport: "yes" } : { port: String(port), autoport: "no" };
          return d
            .ele("graphics", { type: kind, ...where, listen })
            .ele("listen", { type: "address", address: listen })
            .up();
        },
  );
  if (graphics.kind === "spice") return;
  // These need a spice server, and libvirt refuses them without one.
  for (const name of ["channel", "redirdev"]) exactly(devices, name, isType("spicevmc"), null);
};

const renderVideo = (devices: XmlElement, { video, graphics }: Hardware): void => {
  const there = childrenOf(devices, "video").map((one) => attributeOf(childOf(one, "model"), "type"));
  const isBlind = there.every((model) => model === "none");
  const wanted = video ?? (graphics !== null && graphics.kind !== "none" && isBlind ? "virtio" : null);
  if (wanted !== null)
    exactly(devices, "video", any, (d) => d.ele("video").ele("model", { type: wanted }).up());
};

/** Graphics, and a video card for them. */
export const renderScreen = (devices: XmlElement, hardware: Hardware): void => {
  if (hardware.graphics !== null) renderGraphics(devices, hardware.graphics);
  renderVideo(devices, hardware);
};
