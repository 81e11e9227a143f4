import type { FoundRoute } from "./found-route.ts";
import type { HostState } from "./host-state.ts";
import type { Links } from "./link.ts";

/** What we saw of the host, within a scope. */
export interface View {
  readonly links: Links;
  readonly facts: HostState;
  /** What was found of the networks that were looked up. */
  readonly routes: readonly FoundRoute[];
}
