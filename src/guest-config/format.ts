import type { Result } from "../values/result.ts";
import type { GuestInterface } from "./guest-interface.ts";
import type { TextFile } from "./text-file.ts";

/** What a format cannot express, and the NIC that requires it. */
export interface Inexpressible {
  readonly nic: number;
  readonly message: string;
}

/** One way in which guests read their network configuration. */
export type GuestFormat = (
  interfaces: readonly GuestInterface[],
) => Result<readonly TextFile[], Inexpressible>;
