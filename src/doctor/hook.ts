import { error, type Finding, ok, warning } from "./finding.ts";
import type { HostReadings, DaemonReading, HookReading } from "./host-readings.ts";

const INSTALL = "guestnet install";
const WITHOUT =
  "routed guests do not start, and bridge guests join the bridge's default VLAN instead of their own";

/** The command that restores the hook of this version. */
const renew = ({ whose }: HookReading): string =>
  whose === "package" ? "install the package guestnet-hook of this version again" : INSTALL;

const checkOwn = (hook: HookReading, seen: HostReadings): readonly Finding[] => {
  const { version, hookDigest, selfTest } = seen;
  const found: Finding[] = [];
  if (!hook.executable) {
    const why = `libvirt ignores it: ${WITHOUT}`;
    return [error("hook", `${hook.file} is not executable`, why, renew(hook))];
  }
  if (hook.version !== version) {
    const what = `${hook.file} is not of the version of this program`;
    found.push(warning("hook", what, "their behaviour may differ", renew(hook)));
  } else if (hook.digest !== hookDigest) {
    const what = `${hook.file} is not the hook of guestnet ${version}: its SHA-256 is ${hook.digest}, not ${hookDigest}`;
    found.push(error("hook", what, "its text was changed, and root runs it", renew(hook)));
  }
  if (selfTest !== null && !selfTest.ok) {
    const why = `the hook fails when libvirt runs it: ${WITHOUT}`;
    found.push(error("hook", `${hook.file}: ${selfTest.said}`, why, renew(hook)));
  }
  return found.length > 0 ? found : [ok("hook", `${hook.file}: ${selfTest?.said ?? "installed"}`)];
};

const sawIt = ({ startedAt, toldAt }: DaemonReading, { writtenAt }: HookReading): boolean =>
  startedAt >= writtenAt || (toldAt !== null && toldAt >= writtenAt);

const checkDaemon = (daemon: DaemonReading, hook: HookReading): Finding => {
  const check = `hook in ${daemon.name}`;
  return sawIt(daemon, hook)
    ? ok(check, "the daemon has looked for hooks since the installation")
    : warning(
        check,
        "the hook is newer than the daemon's last known look for hooks",
        `a daemon that found no hook then does not run it: ${WITHOUT}`,
        `systemctl reload ${daemon.name}`,
      );
};

/** Commands in a third-party hook that change the network. */
const CHANGES_NETWORK =
  /\b(bridge\s+(vlan|link|fdb)|ip\s+(-\S+\s+)*(link|route|addr)|brctl|vconfig|nft|iptables|ebtables)\b/;

const checkThirdParty = (hook: HookReading): Finding =>
  hook.executable && CHANGES_NETWORK.test(hook.text)
    ? warning(
        "third-party hooks",
        `${hook.file} changes the network as well`,
        "libvirt runs both at the same operations, and each may undo what the other does to a tap",
        `change ${hook.file} so that it skips guests with urn:guestnet:1 in their XML`,
      )
    : ok("third-party hooks", `${hook.file}${hook.executable ? "" : ", not executable: libvirt ignores it"}`);

/** Checks whether the hook is installed, works and is known to the daemon, and which third-party hooks there are. */
export const checkHook = (seen: HostReadings): readonly Finding[] => {
  const [own, twice] = seen.hooks.filter(({ whose }) => whose !== "foreign");
  const foreign = seen.hooks.filter(({ whose }) => whose === "foreign").map(checkThirdParty);
  if (own === undefined) return [error("hook", "it is not installed", WITHOUT, INSTALL), ...foreign];
  return [
    ...checkOwn(own, seen),
    ...(twice === undefined
      ? []
      : [warning("hook", `it is installed twice: ${own.file}, ${twice.file}`, "libvirt runs both", INSTALL)]),
    ...seen.daemons.map((daemon) => checkDaemon(daemon, own)),
    ...foreign,
  ];
};
