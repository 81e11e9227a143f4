import * as v from "valibot";
import { isVlanName } from "../model/site.ts";
import { MAX_VID, MIN_VID, parseRange, toVid } from "../model/vid.ts";
import { accept, read } from "./leaf.ts";
import { say } from "./say.ts";

const vlanRule = (more: string) =>
  say("vlan-range", (input) => {
    const reserved = input === 0 || input === 4095 ? ` (${input} is reserved)` : "";
    const bare = typeof input === "string" ? " without quotes" : "";
    return `must be a VLAN ID, a number from ${MIN_VID} to ${MAX_VID}${bare}${typeof input === "number" ? "" : more}${reserved}`;
  });

const numberAs = (message: ReturnType<typeof say>) =>
  v.pipe(
    v.number(message),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const vid = toVid(dataset.value);
      if (vid !== null) return vid;
      addIssue({ message });
      return NEVER;
    }),
  );

/** A VLAN where no host.json can have a name for it. */
export const vlanId = numberAs(vlanRule(""));

const orName = ", or a VLAN's name from host.json";
const vlanName = accept(isVlanName, vlanRule(orName));
const numberOrName = numberAs(vlanRule(orName));
/** A VLAN by its number, or by its name in host.json. */
export const vlan = v.lazy((input) =>
  typeof input === "string" && isVlanName(input) ? vlanName : numberOrName,
);

const rangeOr = (others: string) =>
  read(
    (text) => (text.includes("-") ? parseRange(text) : null),
    say("vlan-range", `must be a range such as "100-199", the lower VLAN ID first, ${others}`),
  );
const rangeOrNumber = rangeOr("or one ID as a number without quotes");
const rangeOrName = rangeOr(`one ID as a number without quotes${orName}`);

/** One item of a trunk: a number, a range or a name. */
export const trunkItem = v.lazy((input) => {
  if (typeof input !== "string") return vlanId;
  return isVlanName(input) ? vlanName : rangeOrName;
});

/** What a name in host.json stands for: a number or a range. */
export const namedVlan = v.lazy((input) =>
  typeof input === "string"
    ? rangeOrNumber
    : v.pipe(
        vlanId,
        v.transform((vid) => ({ first: vid, last: vid })),
      ),
);
