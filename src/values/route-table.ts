import type { IfName } from "./names.ts";

/** The routing table of a guest's routes. A VRF is a device with a table of its own (ip-vrf(8)). */
export type RouteTable =
  | { readonly kind: "main" }
  | { readonly kind: "table"; readonly id: number }
  | { readonly kind: "vrf"; readonly vrf: IfName };

export const MAIN: RouteTable = { kind: "main" };
/** RT_TABLE_MAIN in linux/rtnetlink.h. */
export const MAIN_ID = 254;

/** The host's own tables: `default`, `main` and `local` (ip-route(8)). */
export const HOST_TABLES: readonly number[] = [253, 254, 255];

/** @returns the number as that of a guest's table, or null */
export const parseTableId = (id: number): number | null =>
  Number.isInteger(id) && id >= 1 && id < 2 ** 32 && !HOST_TABLES.includes(id) ? id : null;

/** The words that choose the table behind `ip route add …`, with a blank before them; none for the main table. */
export const tableWords = (table: RouteTable): string => {
  switch (table.kind) {
    case "main":
      return "";
    case "table":
      return ` table ${table.id}`;
    case "vrf":
      return ` vrf ${table.vrf}`;
  }
};
