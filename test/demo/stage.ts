import { type Libvirt, type Machine, type Ran } from "../lab/lab.ts";

const BOLD = "\u001b[1m";
const PLAIN = "\u001b[0m";
const colours = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;

/** A heading of the demonstration. */
export const heading = (text: string): void => {
  process.stdout.write(`\n${colours ? BOLD : ""}${text}${colours ? PLAIN : ""}\n\n`);
};

const show = (prompt: string, command: string, { stdout, stderr }: Ran): void => {
  const output = `${stdout}${stderr}`.trim();
  process.stdout.write(`${prompt} ${command}\n${output === "" ? "" : `${output.replaceAll(/^/gm, "  ")}\n`}`);
};

/** Types a command on a machine, before everybody's eyes. */
export const on = async (machine: Machine, command: string): Promise<void> => {
  show(`${machine.name}#`, command, await machine.run(["sh", "-c", command]));
};

/** Types a virsh command on a host. */
export const virsh = async (libvirt: Libvirt, ...words: readonly string[]): Promise<void> => {
  const ran = await libvirt.virsh(...words);
  show("host#", `virsh ${words.join(" ")}`, ran);
  if (ran.code !== 0) throw new Error(`the demonstration ends here: virsh ${words.join(" ")} failed`);
};

/** Types a command inside a guest. */
export const inGuest = async (libvirt: Libvirt, guest: string, command: string): Promise<Ran> => {
  const ran = await libvirt.guest(guest).sh(command);
  show(`${guest}#`, command, ran);
  return ran;
};
