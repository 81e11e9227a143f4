import type { Daemon } from "../system/daemons.ts";
import type { Run } from "../../../kernel/host.ts";

/** A guest that the hook has to start Node.js for, and nothing to do with. */
const XML =
  "<domain type='kvm'><name>guestnet-self-test</name><metadata><g:guest xmlns:g='urn:guestnet:1'/></metadata></domain>";

/** The PATH of a daemon that systemd starts (systemd.exec(5), DefaultPath). */
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

export type Tested =
  | { readonly ok: true; readonly said: string; readonly confinedBy: string | null }
  | { readonly ok: false; readonly why: string };

/**
 * Runs the installed hook as the daemon does: with the environment that libvirt leaves of it, and in its AppArmor profile.
 *
 * @param daemon the one that runs, or null
 */
export const testHook = async (file: string, daemon: Daemon | null, run: Run): Promise<Tested> => {
  const confinedBy = daemon?.profile ?? null;
  const hook = [file, "guestnet-self-test", "self-test", "begin", "-"];
  // It is env that enters the profile, and starts the hook from there: a hook of the package then leaves it again, as with libvirt.
  const confined = confinedBy === null ? hook : ["aa-exec", "-p", confinedBy, "--", "env", ...hook];
  const environment = [`PATH=${daemon?.path ?? SYSTEM_PATH}`, "LC_ALL=C"];
  const { code, stdout, stderr } = await run("env", ["-i", ...environment, ...confined], XML);
  const said = stderr.trim().split("\n").join("; ");
  if (stdout !== "")
    return { ok: false, why: `it printed on standard output, which libvirt reads: ${stdout.trim()}` };
  if (code !== 0) return { ok: false, why: `it ended with status ${String(code)}: ${said}` };
  return said.startsWith("guestnet ")
    ? { ok: true, said, confinedBy }
    : { ok: false, why: `it said nothing: it is none of this version${said === "" ? "" : ` (${said})`}` };
};
