import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { ProfileNic } from "../model/profile.ts";

/** Writes one `<interface>`. */
export const renderInterface = (devices: XMLBuilder, nic: ProfileNic): void => {
  const routed = nic.attachment.kind === "routed";
  const element = devices.ele("interface", { type: routed ? "ethernet" : "bridge" });
  element.ele("mac", { address: nic.mac });
  if (nic.attachment.kind !== "routed") element.ele("source", { bridge: nic.attachment.bridge });
  // managed="no": the hook makes the tap, so without the hook the guest does not start at all.
  element.ele("target", routed ? { dev: nic.tap, managed: "no" } : { dev: nic.tap });
  element.ele("model", { type: nic.model });
  if (nic.queues > 1) element.ele("driver", { queues: String(nic.queues) });
  if (nic.mtu !== null) element.ele("mtu", { size: String(nic.mtu) });
};
