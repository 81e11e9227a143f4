import { error, type Finding, good, warning } from "./finding.ts";
import type { HostReadings, DaemonReading, HookReading } from "./host-readings.ts";

const INSTALL = "guestnet install";
const WITHOUT =
  "routed guests do not start, and bridge guests get the bridge's default VLAN instead of their own";

const checkOwn = (hook: HookReading, { version, selfTest }: HostReadings): readonly Finding[] => {
  const found: Finding[] = [];
  if (!hook.executable) {
    return [error("hook", `${hook.file} is not executable`, `libvirt passes over it: ${WITHOUT}`, INSTALL)];
  }
  if (!hook.text.includes(`# guestnet ${version}: `)) {
    found.push(
      warning(
        "hook",
        `${hook.file} is of another version than this program`,
        "the two may think differently",
        INSTALL,
      ),
    );
  }
  if (selfTest !== null && !selfTest.ok) {
    found.push(
      error("hook", `${hook.file}: ${selfTest.said}`, `it fails when libvirt runs it: ${WITHOUT}`, INSTALL),
    );
  }
  return found.length > 0 ? found : [good("hook", `${hook.file}: ${selfTest?.said ?? "installed"}`)];
};

const sawIt = ({ startedAt, toldAt }: DaemonReading, { writtenAt }: HookReading): boolean =>
  startedAt >= writtenAt || (toldAt !== null && toldAt >= writtenAt);

const checkDaemon = (daemon: DaemonReading, hook: HookReading): Finding => {
  const check = `${daemon.name} sees the hook`;
  return sawIt(daemon, hook)
    ? good(check, "it has looked for hooks since")
    : warning(
        check,
        "the hook was written after the daemon last looked for hooks, as far as is known",
        `a daemon that found no hook then never calls one: ${WITHOUT}`,
        `systemctl reload ${daemon.name}`,
      );
};

/** What of a foreign hook says that it changes the network, too. */
const MEDDLES =
  /\b(bridge\s+(vlan|link|fdb)|ip\s+(-\S+\s+)*(link|route|addr)|brctl|vconfig|nft|iptables|ebtables)\b/;

const checkForeign = (hook: HookReading): Finding =>
  hook.executable && MEDDLES.test(hook.text)
    ? warning(
        "other hooks",
        `${hook.file} changes the network as well`,
        "libvirt runs it at the same moments, and what it does to the same taps the hook takes back, or the other way round",
        `see to it that ${hook.file} leaves guests with metadata of guestnet alone (urn:guestnet:1 is in their XML)`,
      )
    : good("other hooks", `${hook.file}${hook.executable ? "" : ", not executable: libvirt passes over it"}`);

/** Whether the hook is in place, works, and is known to the daemon; and who else has one. */
export const checkHook = (seen: HostReadings): readonly Finding[] => {
  const [own, twice] = seen.hooks.filter(({ whose }) => whose === "ours");
  const foreign = seen.hooks.filter(({ whose }) => whose === "foreign").map(checkForeign);
  if (own === undefined) return [error("hook", "it is not installed", WITHOUT, INSTALL), ...foreign];
  return [
    ...checkOwn(own, seen),
    ...(twice === undefined
      ? []
      : [warning("hook", `it is there twice: ${own.file}, ${twice.file}`, "libvirt runs both", INSTALL)]),
    ...seen.daemons.map((daemon) => checkDaemon(daemon, own)),
    ...foreign,
  ];
};
