import { randomBytes } from "node:crypto";
import type { Agent } from "../environment/agent.ts";
import { commandAnswer, commandLine, helloAnswer, helloLine } from "./guest-lines.ts";
import type { Ran } from "../environment/protocol.ts";
import { createTail } from "../tail.ts";

/** The shell on the other end of a guest's serial port. One thing is asked of it at a time. */
export interface GuestConsole {
  isOpen(): boolean;
  /** Waits until the shell answers. */
  hello(timeoutMs: number): Promise<void>;
  /** Runs a command there; fails if the port closes, or if no answer comes in time. */
  exec(command: string, timeoutMs: number): Promise<Ran>;
  close(): Promise<void>;
}

/** What is sent before the shell is there waits in the guest's terminal or is lost: so it is sent again. */
const HELLO_AGAIN_MS = 300;

/**
 * Opens a pty of machine `ns` and keeps it open: QEMU looks only once a second whether anybody has opened its
 * pty, and throws away what the guest says meanwhile.
 */
export async function openGuestConsole(
  agent: Agent,
  ns: number | undefined,
  pty: string,
): Promise<GuestConsole> {
  const tail = createTail(15);
  let text = "";
  let open = true;
  let look: () => void = () => undefined;
  const listener = {
    output(data: string) {
      tail.add(data);
      text += data.replaceAll("\r", "");
      look();
    },
    end({ stderr }: Ran) {
      tail.add(stderr);
      open = false;
      look();
    },
  };
  const stream = await agent.stream({ argv: ["socat", "-", `${pty},raw,echo=0`], ns }, listener);

  const ask = <T>(
    line: string,
    read: (text: string) => T | undefined,
    timeoutMs: number,
    againMs?: number,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        clearInterval(again);
        look = () => undefined;
      };
      const fail = (why: string): void => {
        finish();
        reject(new Error(`the guest's console ${pty} ${why}: ${line.trim()}\n${tail.text()}`));
      };
      const send = (): void =>
        void stream.write(line).catch((error: unknown) => {
          fail(String(error));
        });
      const timer = setTimeout(() => {
        fail(`has not answered in ${timeoutMs / 1000} s`);
      }, timeoutMs);
      const again = againMs === undefined ? undefined : setInterval(send, againMs);
      look = () => {
        const answer = read(text);
        if (answer !== undefined) {
          text = "";
          finish();
          resolve(answer);
        } else if (!open) {
          fail("is closed");
        }
      };
      if (open) send();
      else fail("is closed");
    });

  return {
    isOpen: () => open,
    async hello(timeoutMs) {
      const tag = newTag();
      await ask(helloLine(tag), (said) => helloAnswer(tag, said), timeoutMs, HELLO_AGAIN_MS);
    },
    async exec(command, timeoutMs) {
      const tag = newTag();
      return ask(commandLine(tag, command, timeoutMs), (said) => commandAnswer(tag, said), timeoutMs);
    },
    async close() {
      await stream.stop();
    },
  };
}

function newTag(): string {
  return randomBytes(6).toString("hex");
}
