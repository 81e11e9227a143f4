import { quoted } from "../quoted.ts";
import type { Ran } from "../environment/protocol.ts";

// What is typed into the guest's shell, and how the answer is found among whatever else a serial port shows.
// A tag is typed in two pieces that the shell joins, so an echo of the line is never taken for the answer.

/** The guest's terminal takes lines of at most 4095 bytes, and silently cuts longer ones. */
const LINE_BYTES = 4095;

/** Asks whether the shell is there; the newline ends whatever the terminal has of an earlier line. */
export function helloLine(tag: string): string {
  return `\necho ${tag}'!'\n`;
}

/** Whether it has answered. */
export function helloAnswer(tag: string, text: string): true | undefined {
  return text.includes(`${tag}!\n`) || undefined;
}

/**
 * Runs a command. A shell of its own keeps a syntax error or an `exit` from the shell that waits for the next
 * command; the time limit, later than the lab's own, gets that shell back from a command that hangs.
 */
export function commandLine(tag: string, command: string, timeoutMs: number): string {
  const limit = Math.ceil(timeoutMs / 1000) + 1;
  const run = `timeout -s KILL ${limit} sh -c ${quoted(command)} </dev/null 2>/tmp/err`;
  const line = `\necho ${tag}'<'; ${run}; echo ${tag}'=' $?; cat /tmp/err; echo ${tag}'>'\n`;
  if (line.split("\n").every((part) => Buffer.byteLength(part) < LINE_BYTES)) return line;
  throw new Error(`a guest command has a line of more than ${LINE_BYTES} bytes: ${command}`);
}

/** What the command gave back, once all of it is there. */
export function commandAnswer(tag: string, text: string): Ran | undefined {
  if (!text.includes(`${tag}>\n`)) return undefined;
  const found = new RegExp(`${tag}<\\n([^]*)${tag}= (\\d+)\\n([^]*)${tag}>\\n`).exec(text);
  if (found === null) return undefined;
  const [, stdout = "", code = "", stderr = ""] = found;
  return { code: Number(code), stdout, stderr };
}
