import * as v from "valibot";
import { VLAN_NAME } from "../../guest/site.ts";
import { MAX_VID, MIN_VID, parseRange, toVid } from "../../values/vid.ts";
import { match, read, expects, guaranteed } from "../../text/schema.ts";

const vlanRule = (more: string) =>
  expects("vlan-range", (input) => {
    const reserved = input === 0 || input === 4095 ? ` (${input} is reserved)` : "";
    const bare = typeof input === "string" ? " without quotes" : "";
    return `must be a VLAN ID, a number from ${MIN_VID} to ${MAX_VID}${bare}${typeof input === "number" ? "" : more}${reserved}`;
  });

const numberAs = (message: ReturnType<typeof expects>) =>
  v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(MIN_VID, message),
    v.maxValue(MAX_VID, message),
    v.transform((number) => guaranteed(toVid(number), "a VLAN ID")),
  );

/** A VLAN where no host.json can have a name for it. */
const vlanId = numberAs(vlanRule(""));

const orName = ", or a VLAN's name from host.json";
const vlanName = match(VLAN_NAME, vlanRule(orName));
/** A VLAN by its number, or by its name in host.json. */
export const vlan = v.union([numberAs(vlanRule(orName)), vlanName], vlanRule(orName));

/** A VLAN as a key of an object: its number, or its name. */
export const vlanKey = match(
  /^([1-9]\d{0,2}|[1-3]\d{3}|40[0-8]\d|409[0-4]|[A-Za-z][A-Za-z0-9._-]{0,62})$/,
  expects("vlan-range", `must be a VLAN ID from ${MIN_VID} to ${MAX_VID}${orName}`),
);

const rangeRule = (others: string) =>
  expects("vlan-range", `must be a range such as "100-199", the lower VLAN ID first, ${others}`);
// Whether a range goes up, and up to 4094, is arithmetic.
const rangeAs = (message: ReturnType<typeof expects>) =>
  read((text) => (text.includes("-") ? parseRange(text) : null), /^[0-9]{1,4}-[0-9]{1,4}$/, message);

const itemRule = (issue: v.BaseIssue<unknown>): string =>
  (typeof issue.input === "string" ? rangeRule(`one ID as a number without quotes${orName}`) : vlanRule(""))(
    issue,
  );
/** One item of a trunk: a number, a range or a name. */
export const trunkItem = v.union([vlanId, rangeAs(itemRule), match(VLAN_NAME, itemRule)], itemRule);

const namedRule = (issue: v.BaseIssue<unknown>): string =>
  (typeof issue.input === "string" ? rangeRule("or one ID as a number without quotes") : vlanRule(""))(issue);
/** A VLAN, or the name of one in host.json, which stands for a number or a range. */
export const namedVlan = v.union(
  [
    v.pipe(
      vlanId,
      v.transform((vid) => ({ first: vid, last: vid })),
    ),
    rangeAs(namedRule),
  ],
  namedRule,
);
