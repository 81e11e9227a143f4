/** The routed guests that a guest may exchange packets with through the host. */
export type Reach = "any" | "uplink-only";
