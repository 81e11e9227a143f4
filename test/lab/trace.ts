import { appendFileSync } from "node:fs";

/**
 * Does work in the lab, and appends how long it took to the file that GUESTNET_LAB_TRACE names, if it names one: a line
 * with the time of day when it began, seconds, who did it and what, separated by tabs.
 *
 * @param who a machine or guest
 * @param what a command; line ends become blanks
 */
export async function traced<T>(who: string, what: string, work: () => Promise<T>): Promise<T> {
  const file = process.env["GUESTNET_LAB_TRACE"];
  if (file === undefined) return work();
  const begun = Date.now();
  try {
    return await work();
  } finally {
    const at = new Date(begun).toISOString().slice(11, 23);
    const seconds = ((Date.now() - begun) / 1000).toFixed(2);
    appendFileSync(file, [at, seconds, who, what.replaceAll(/\s+/g, " ").trim()].join("\t") + "\n");
  }
}
