import type { Issue } from "../model/issue.ts";
import { disksOf } from "./as-written.ts";
import type { Document } from "./document.ts";

/** QEMU has no read-only SATA disk, and libvirt says so only at define: "readonly sata disks are not supported". */
export const checkDisks = (document: Document): readonly Issue[] =>
  disksOf(document).flatMap(({ value, path }) =>
    value["readonly"] === true && value["bus"] === "sata"
      ? [
          document.issue(
            "wrong-choice",
            [...path, "bus"],
            'a read-only disk must be on "virtio" or "scsi", found "sata"',
          ),
        ]
      : [],
  );
