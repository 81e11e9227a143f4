import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Suite } from "../fresh/bootstrap.ts";
import { outputOf } from "../support/run-program.ts";
import type { Ability } from "../lab/abilities.ts";
import { guestImage } from "../lab/guest/guest-image.ts";
import { labEnv } from "../lab/lab-env.ts";
import { umlKernel } from "../lab/kernels/uml-kernel.ts";
import { type Host, startHost } from "./host.ts";
import { systemOf } from "./system.ts";

/** The whole hosts of a test: Debian systems with systemd as process 1, each in a User Mode Linux of its own. */
export interface Hosts {
  /**
   * Boots a host. Its name is its host name, too. Returns when systemd has started all that it starts.
   *
   * @param image a script that changes its root directory, $1, before its first boot, as who builds an image does
   */
  host(name: string, image?: string): Promise<Host>;
  /** Ends everything. */
  readonly close: () => Promise<void>;
}

/** What hosts are made of. */
export interface Release {
  readonly suite: Suite;
  /** The directory where the logs of their consoles are kept. */
  readonly logs: string;
}

/** What guestnet needs of a kernel. */
const NEEDS: readonly Ability[] = ["vlan-filtering", "nft-inet"];

/** Opens a place for hosts of a release. Its system has to be made already: see `setup.ts`. */
export const openHosts = ({ suite, logs }: Release, needs = NEEDS): Promise<Hosts> =>
  openHostsOf({ directory: systemOf(suite), changes: false }, logs, needs);

/** A host that is alone in its test. */
export interface OneHost extends Host {
  readonly close: Hosts["close"];
}

/** Boots the only host of a test. */
export const openHost = async (release: Release, name = "kvm1"): Promise<OneHost> => {
  const hosts = await openHosts(release);
  try {
    return { ...(await hosts.host(name)), close: hosts.close };
  } catch (error) {
    await hosts.close();
    throw error;
  }
};

/** The directory that hosts start with, and whether what they write changes it. */
export interface System {
  readonly directory: string;
  readonly changes: boolean;
}

/** Opens a place for hosts that start with what a directory has. */
export async function openHostsOf(system: System, logs: string, needs: readonly Ability[]): Promise<Hosts> {
  const kernel = umlKernel(needs);
  if (kernel === undefined) throw new Error("there is no User Mode Linux: npm run lab-setup");
  const directory = mkdtempSync(join(tmpdir(), "guestnet-hosts-"));
  const { pid, end } = await startNamespaces(directory);
  const inside = ["nsenter", "-t", `${pid}`, "--mount", "--net", "--"];
  const hosts: Host[] = [];
  return {
    async host(name, image) {
      const script = fileURLToPath(new URL("host-root.sh", import.meta.url));
      const guests = dirname(guestImage().kernel);
      const seen = [process.cwd(), guests, ...(kernel.modules().length > 0 ? [MODULES] : [])];
      const disk = system.changes ? "keeps" : "forgets";
      run([...inside, "sh", script, disk, directory, name, system.directory, ...seen]);
      const [root, log] = [join(directory, name, "root"), join(logs, `${name}.log`)];
      // An image builder has all programs of its machine.
      if (image !== undefined) outputOf("nsenter", [...inside.slice(1), "sh", "-ec", image, "sh", root]);
      const host = await startHost({ name, kernel, inside, root, log });
      hosts.push(host);
      return host;
    },
    async close() {
      await Promise.all(hosts.map((host) => host.powerOff()));
      await end();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Those of Debian's kernel, in the directory that a kernel's own program looks in. */
const MODULES = "/usr/lib/uml/modules";

interface Namespaces {
  readonly pid: number;
  readonly end: () => Promise<void>;
}

/** Mount and net namespaces for all hosts of a test, which end with this process, whatever ends it. */
async function startNamespaces(directory: string): Promise<Namespaces> {
  const script = fileURLToPath(new URL("hosts-init.sh", import.meta.url));
  const unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"];
  const child: ChildProcess = spawn("setpriv", ["--pdeathsig", "KILL", ...unshare, "sh", script, directory], {
    env: labEnv(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  const { pid } = child;
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => {
      resolve();
    });
    child.once("error", reject);
    void gone.then(() => {
      reject(new Error("no namespaces for hosts: see above"));
    });
  });
  if (pid === undefined) throw new Error("no process");
  // A test run that forgets to close its hosts may end all the same.
  child.unref();
  return {
    pid,
    end() {
      child.ref();
      child.kill("SIGKILL");
      return gone;
    },
  };
}

function run([command = "", ...args]: readonly string[]): void {
  outputOf(command, args, { env: labEnv() });
}
