import type { Agent } from "../environment/agent.ts";
import { openGuestConsole, type GuestConsole } from "./guest-console.ts";
import type { Ran } from "../environment/protocol.ts";
import { traced } from "../trace.ts";

/** A running guest, reached over its serial port (`<serial type='pty'/>`), one command at a time. */
export interface Guest {
  /** Waits until the guest has run its boot script and its shell answers. */
  ready(timeoutMs?: number): Promise<void>;
  /** Runs a command of the guest's busybox shell. */
  sh(command: string, timeoutMs?: number): Promise<Ran>;
}

const READY_MS = 120_000;
const COMMAND_MS = 60_000;

/** The guest `name` of machine `ns`, or of the agent's own, whose libvirtd `virsh` asks. */
export function createGuest(
  agent: Agent,
  ns: number | undefined,
  name: string,
  virsh: (...args: readonly string[]) => Promise<Ran>,
): Guest {
  let port: GuestConsole | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const open = async (): Promise<GuestConsole> => {
    if (port?.isOpen() === true) return port;
    const { code, stdout, stderr } = await virsh("ttyconsole", name);
    if (code !== 0 || stdout.trim() === "") throw new Error(`guest ${name} has no console: ${stderr}`);
    return (port = await openGuestConsole(agent, ns, stdout.trim()));
  };

  return {
    ready: (timeoutMs = READY_MS) =>
      inTurn(async () => {
        await port?.close(); // it may be an earlier life's of the guest
        port = undefined;
        const shell = await open();
        try {
          await traced(`guest ${name}`, "(is ready)", () => shell.hello(timeoutMs));
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          throw new Error(`guest ${name} is not ready: ${why}`, { cause: error });
        }
      }),
    sh: (command, timeoutMs = COMMAND_MS) =>
      inTurn(() => traced(`guest ${name}`, command, async () => (await open()).exec(command, timeoutMs))),
  };
}
