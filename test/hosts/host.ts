import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Agent, Listener, Stream } from "../lab/environment/agent.ts";
import { type Environment, startEnvironment } from "../lab/environment/environment.ts";
import { createLibvirt, type Daemon, type Libvirt } from "../lab/machine/libvirt.ts";
import { type Commands, commandsIn, type Machine } from "../lab/machine/machine.ts";
import { traced } from "../lab/trace.ts";
import type { UmlKernel } from "../lab/kernels/uml-kernel.ts";
import { memoryFolder, takeCpu, umlCommand } from "../lab/environment/uml.ts";

/** A whole host: a Debian system that systemd has booted. A machine of the lab, and more than that. */
export interface Host extends Machine {
  /** `systemctl reboot`; returns when the host is up again, as `Hosts.host` does. What it wrote to its disk is there. */
  reboot(): Promise<void>;
  /** Takes its power and gives it back. What it has not synchronized may be lost. */
  cutPower(): Promise<void>;
  /** `systemctl poweroff`; returns when it is off, with all that it wrote on its disk. */
  shutDown(): Promise<void>;
  /** Takes its power for good. */
  powerOff(): Promise<void>;
  /** Starts a process that is talked to while it runs. It ends with this boot of the host. */
  stream(argv: readonly string[], listener: Listener): Promise<Stream>;
}

/** What a host is started from. */
export interface HostStart {
  readonly name: string;
  readonly kernel: UmlKernel;
  /** The command that runs another one where its root is. */
  readonly inside: readonly string[];
  readonly root: string;
  /** The file that its console is written to. */
  readonly log: string;
}

/** A host on a loaded machine; on a quiet one it is there after 20 s. */
const START_MS = 300_000;
const SHUTDOWN_MS = 180_000;
/** systemd.unit(5) and libvirt's own waiting have an end below that. */
const LIBVIRT_MS = 120_000;

/** From its power on to its power off. */
interface Boot {
  readonly commands: Commands;
  readonly agent: Agent;
  readonly close: Environment["close"];
  readonly off: Promise<void>;
  libvirt?: Promise<Libvirt>;
}

/** Boots a host. */
export async function startHost(start: HostStart): Promise<Host> {
  mkdirSync(dirname(start.log), { recursive: true });
  writeFileSync(start.log, "");
  const bootIt = (): Promise<Boot> => traced(start.name, "(boots)", () => boot(start));
  let now = await bootIt();
  const again = async (): Promise<void> => {
    now = await bootIt();
  };
  const end = async (verb: "reboot" | "poweroff"): Promise<void> => {
    // It may be down before its agent has said that the command has ended.
    void now.commands.run(["systemctl", verb]).catch(() => undefined);
    await traced(start.name, `(${verb})`, () => within(SHUTDOWN_MS, now.off, "has not shut down"));
  };
  return {
    name: start.name,
    run: (argv, options) => now.commands.run(argv, options),
    sh: (script) => now.commands.sh(script),
    background: (argv) => now.commands.background(argv),
    writeFile: (path, text, mode) => now.commands.writeFile(path, text, mode),
    libvirt: () => (now.libvirt ??= openLibvirt(now)),
    async reboot() {
      await end("reboot");
      await again();
    },
    shutDown: () => end("poweroff"),
    async cutPower() {
      await now.close();
      await again();
    },
    powerOff: () => now.close(),
    stream: (argv, listener) => now.agent.stream({ argv }, listener),
  };
}

async function boot({ name, kernel, inside, root, log }: HostStart): Promise<Boot> {
  const run = mkdtempSync(join(tmpdir(), "guestnet-host-"));
  // User Mode Linux reboots by starting the program of this name again. It is gone by then, so that a reboot ends the process.
  const binary = join(run, "linux");
  symlinkSync(kernel.binary, binary);
  let isOff: () => void = () => undefined;
  const off = new Promise<void>((resolve) => (isOff = resolve));
  const cpu = takeCpu();
  const parameters = [
    ...[`rootflags=${root}`, "init=/lib/systemd/systemd", ...kernel.parameters],
    ...["systemd.setenv=SYSTEMD_COLORS=0", "systemd.journald.forward_to_console=1"],
  ];
  const { agent, close } = await startEnvironment({
    argv: [...inside, ...umlCommand(binary, cpu.cpu, run, parameters)],
    env: { TMPDIR: memoryFolder() },
    started: () => {
      rmSync(run, { recursive: true, force: true });
    },
    ended: () => {
      cpu.free();
      isOff();
    },
    log: (piece) => {
      appendFileSync(log, piece);
    },
    startMs: START_MS,
  });
  const commands = commandsIn(agent, name);
  const up = ["systemctl", "is-system-running", "--wait"];
  const { stdout } = await commands.run(up, { timeoutMs: START_MS });
  if (stdout.trim() === "running") return { commands, agent, close, off };
  const failed = await commands.run(["systemctl", "--failed", "--no-legend", "--plain"]);
  await close();
  throw new Error(`host ${name} is ${stdout.trim()}: ${failed.stdout}\nits console: ${log}`);
}

/** libvirtd as systemd runs it. */
async function openLibvirt({ commands, agent }: Boot): Promise<Libvirt> {
  const systemctl = async (verb: string, ...units: readonly string[]): Promise<void> => {
    const { code, stderr } = await commands.run(["systemctl", verb, ...units], { timeoutMs: LIBVIRT_MS });
    if (code !== 0) throw new Error(`host ${commands.name}: systemctl ${verb} ${units.join(" ")}: ${stderr}`);
  };
  const daemon: Daemon = {
    start: () => systemctl("start", "libvirtd.service"),
    // Its sockets would start it again.
    stop: () => systemctl("stop", "libvirtd.service", "libvirtd.socket", "libvirtd-ro.socket"),
    restart: () => systemctl("restart", "libvirtd.service"),
  };
  await daemon.start();
  return createLibvirt(agent, commands, daemon);
}

async function within(ms: number, promise: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the host ${what} in ${ms / 1000} s`));
    }, ms);
  });
  await Promise.race([promise, late]).finally(() => {
    clearTimeout(timer);
  });
}
