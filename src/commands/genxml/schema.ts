import { guestSchema } from "../../profile/schema/json-schema.ts";
import { siteSchema } from "../../site/schema.ts";
import { renderSchema } from "../../text/json-schema.ts";

/** `genxml schema guest|host`: the same text as schema/guest.schema.json or schema/host.schema.json. */
export const schemaCommand = (file: "guest" | "host"): void => {
  process.stdout.write(renderSchema(file === "guest" ? guestSchema() : siteSchema()));
};
