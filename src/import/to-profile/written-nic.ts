import type { ProfileText } from "../../profile/schema/profile.ts";

/** An interface as it stands in a profile. */
export type WrittenNic = NonNullable<ProfileText["interfaces"]>[number];
export type BridgeNic = Extract<WrittenNic, { type: "bridge" }>;
