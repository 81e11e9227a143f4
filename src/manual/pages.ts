import { genxml } from "../commands/genxml/program.ts";
import { guestnet } from "../commands/guestnet/program.ts";
import { toOutline } from "../commands/shared/outline.ts";
import { guestSchema } from "../profile/schema/json-schema.ts";
import { siteSchema } from "../site/schema.ts";
import { hookPage } from "./hook-page.ts";
import { programPage } from "./program-page.ts";
import type { Schema } from "./schema-keys.ts";
import { schemaPage } from "./schema-page.ts";

/** Texts of the pages that are not in the command lines and the schemas. */
export interface PageTexts {
  readonly version: string;
  /** A profile and a host.json, as examples. */
  readonly examples: { readonly guest: string; readonly host: string };
}

/** Returns all manual pages by the names of their files. */
export const manualPages = ({ version, examples }: PageTexts): ReadonlyMap<string, string> =>
  new Map([
    ["genxml.1", programPage(toOutline(genxml()), 1, version)],
    ["guestnet.8", programPage(toOutline(guestnet()), 8, version)],
    [
      "guest.json.5",
      schemaPage(
        {
          name: "guest.json",
          what: "profile of a guest for genxml",
          example: examples.guest,
          seeAlso: ["genxml(1)", "host.json(5)", "guestnet-hook(7)"],
        },
        guestSchema() as Schema,
        version,
      ),
    ],
    [
      "host.json.5",
      schemaPage(
        {
          name: "host.json",
          what: "bridges, VLAN names and gateways of a host for genxml",
          example: examples.host,
          seeAlso: ["genxml(1)", "guest.json(5)", "guestnet(8)"],
        },
        siteSchema() as Schema,
        version,
      ),
    ],
    ["guestnet-hook.7", hookPage("guestnet-hook", version)],
  ]);
