import type { Ran } from "../kernel/host.ts";

/** When a program that is started now is ended, in milliseconds since the epoch. */
export type Deadline = () => number;

/**
 * @param worksUntil milliseconds since the epoch
 * @param clearsUntil the same for programs that are started after the first one: they clear away
 */
export const deadline =
  (worksUntil: number, clearsUntil = worksUntil): Deadline =>
  () =>
    Date.now() < worksUntil ? worksUntil : clearsUntil;

/** Returns the result of a program that was ended at its deadline. */
export const ended = (file: string, stdout: string, stderr: string): Ran => ({
  code: 124,
  stdout,
  stderr: `${file} had not ended when the time was up${stderr === "" ? "" : `: ${stderr}`}`,
});
