import type { Agent } from "../environment/agent.ts";
import { here } from "../here.ts";
import { createLibvirt, type Libvirt, prepareDaemon } from "./libvirt.ts";
import type { Ran } from "../environment/protocol.ts";
import { createTail } from "../tail.ts";
import { traced } from "../trace.ts";

/** A process that runs on until it is stopped. */
export interface Background {
  /** Sends SIGINT (later TERM, then KILL), waits for the end and gives all of the output. */
  stop(): Promise<Ran>;
}

/** Where commands run and files are. */
export interface Commands {
  readonly name: string;
  /** The process whose namespaces are the machine's; undefined where they are the agent's own. */
  readonly ns: number | undefined;
  /** Runs a command. It fails only if the command cannot be run to its end in time: see the code. */
  run(
    argv: readonly string[],
    options?: { readonly stdin?: string; readonly timeoutMs?: number },
  ): Promise<Ran>;
  /** Runs a script with `sh -e` and gives its standard output; fails if the script does. */
  sh(script: string): Promise<string>;
  background(argv: readonly string[]): Promise<Background>;
  /** Writes a file as the machine sees it, and the folders it needs. */
  writeFile(path: string, text: string, mode?: number): Promise<void>;
}

/** Something like a host: net, mount, uts and pid namespaces with its own /etc, /var, /run and host name. */
export interface Machine extends Omit<Commands, "ns"> {
  /** Starts libvirtd, unless that has been done, and waits until it answers. */
  libvirt(): Promise<Libvirt>;
}

/** A machine as the lab itself needs it. */
export interface OwnMachine extends Machine {
  readonly ns: number;
}

const START_MS = 30_000;
const namespaces = ["--mount", "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
const write = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';

/** Starts a machine; `capabilities` is where libvirtd's knowledge about QEMU is kept. */
export async function startMachine(agent: Agent, name: string, capabilities: string): Promise<OwnMachine> {
  const ns = await traced(name, "(starts)", () => startNamespaces(agent, name));
  const commands = commandsIn(agent, name, ns);
  let libvirt: Promise<Libvirt> | undefined;
  const startLibvirt = async (): Promise<Libvirt> => {
    const daemon = await prepareDaemon(commands, capabilities);
    await daemon.start();
    return createLibvirt(agent, commands, daemon);
  };
  return { ...commands, ns, libvirt: () => (libvirt ??= startLibvirt()) };
}

/** Commands by an agent, in the namespaces of process `ns` or, without one, in its own. */
export function commandsIn(agent: Agent, name: string, ns?: number): Commands {
  const run: Machine["run"] = (argv, options) =>
    traced(name, argv.join(" "), () => agent.run({ argv, ns }, options));
  return {
    name,
    ns,
    run,
    async sh(script) {
      const { code, stdout, stderr } = await run(["sh", "-ec", script]);
      if (code === 0) return stdout;
      throw new Error(`machine ${name}, status ${code}: ${script}\nstdout: ${stdout}\nstderr: ${stderr}`);
    },
    background: (argv) => agent.start({ argv, ns }),
    async writeFile(path, text, mode = 0o644) {
      const { code, stderr } = await run(["sh", "-c", write, "sh", path, mode.toString(8)], { stdin: text });
      if (code !== 0) throw new Error(`machine ${name}: cannot write ${path}: ${stderr}`);
    },
  };
}

function startNamespaces(agent: Agent, name: string): Promise<number> {
  const argv = ["unshare", ...namespaces, "sh", here("machine/machine-init.sh"), name];
  const said = createTail(20);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`machine ${name} ${why}\n${said.text()}`));
    };
    const timer = setTimeout(() => {
      fail(`is not ready after ${START_MS / 1000} s`);
    }, START_MS);
    const listener = {
      output(data: string) {
        said.add(data);
        if (/^ready$/m.test(data))
          stream
            .then(({ pid }) => {
              resolve(pid);
            }, reject)
            .finally(() => {
              clearTimeout(timer);
            });
      },
      end({ code, stderr }: Ran) {
        said.add(stderr);
        fail(`ended with status ${code}`);
      },
    };
    const stream = agent.stream({ argv }, listener);
    stream.catch(reject);
  });
}
