import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Daemon, runningDaemons } from "../../../run/daemon.ts";
import { deadline } from "../../../run/deadline.ts";
import { runUntil } from "../../../run/run-child.ts";
import { Failure } from "../../../values/failure.ts";
import type { Run } from "../../../kernel/host.ts";
import { say, warn } from "../say.ts";
import { candidates, findNode } from "./find-node.ts";
import { HOOKS, look, removeHook, writeHook } from "./hook-file.ts";
import { choosePlace, MAIN, PART } from "./hook-place.ts";
import { label } from "./selinux.ts";
import { testHook } from "./self-test.ts";
import { tellDaemons } from "./tell-daemon.ts";

export interface InstallOptions {
  /** The system to install into: `/`, or an image that is mounted somewhere. */
  readonly root: string;
  /** The Node.js for the hook, or null to look for one. */
  readonly node: string | null;
  readonly reload: boolean;
}

/** A hook that takes longer than this before its first line would be felt at every start of a guest. */
const SLOW_MS = 100;
const ALL_ENDS_MS = 60_000;

const hookText = (node: string): string => {
  const built = join(dirname(realpathSync(process.argv[1] ?? "")), "hooks/qemu");
  return readFileSync(built, "utf8").replace("node=/usr/bin/node\n", `node=${node}\n`);
};

const pickNode = async (node: string | null, daemons: readonly Daemon[], run: Run): Promise<string> => {
  const paths = node === null ? candidates(process.env["PATH"] ?? "", process.execPath) : [node];
  const confined = daemons.some(({ profile }) => profile !== null);
  const found = await findNode(paths, confined, run);
  if (found.kind === "none") {
    throw new Failure(
      `no Node.js for the hook: ${found.tried.join("; ")}. Install the distribution's nodejs`,
    );
  }
  say(`Node.js ${found.version}: ${found.path}`);
  if (found.startMs > SLOW_MS) {
    warn(
      `${found.path} takes ${found.startMs.toFixed(0)} ms to start, and does so up to twice at each start of a guest`,
    );
  }
  return found.path;
};

/** Into an image: what its Node.js is called cannot be tried, only looked for where distributions put it. */
const imageNode = (node: string | null): string => node ?? "/usr/bin/node";

const place = (root: string, node: string): string => {
  const held = look(root);
  const { place: where, superfluous } = choosePlace(held[MAIN], held[PART]);
  const file = join(root, HOOKS, where);
  const changed = writeHook(root, where, hookText(node));
  if (held[MAIN] === "foreign")
    say(`${join(root, HOOKS, MAIN)} is somebody else's and stays; libvirt runs both`);
  say(changed ? `installed ${file}` : `${file} is already this version`);
  for (const other of superfluous) {
    removeHook(root, other);
    say(`removed ${join(root, HOOKS, other)}: libvirt would have run the hook twice`);
  }
  return file;
};

/** `guestnet install`. @returns the exit code: 0, or 1 when the hook is in place but would not be run */
export const installCommand = async ({ root, node, reload }: InstallOptions): Promise<0 | 1> => {
  const run = runUntil(deadline(Date.now() + ALL_ENDS_MS));
  if (resolve(root) !== "/") {
    place(resolve(root), imageNode(node));
    say("nothing runs in an image: its daemon looks for hooks when it starts");
    return 0;
  }
  if (process.geteuid?.() !== 0) throw new Failure("installing the hook needs root: sudo guestnet install");
  const daemons = runningDaemons();
  const file = place("/", await pickNode(node, daemons, run));
  for (const hint of await label(join("/", HOOKS), run)) warn(hint);
  const tested = await testHook(file, daemons[0] ?? null, run);
  if (!tested.ok) {
    warn(`self-test of ${file}: ${tested.why}`);
    return 1;
  }
  const within = tested.confinedBy === null ? "" : `, within AppArmor's profile ${tested.confinedBy}`;
  say(`self-test, as the daemon runs it${within}: ${tested.said}`);
  if (daemons.length === 0) say("no libvirt daemon runs: it looks for hooks when it starts");
  if (!reload) {
    for (const { name } of daemons) say(`to do: systemctl reload ${name}`);
    return 0;
  }
  const told = await tellDaemons(run);
  for (const { command, failed } of told) {
    if (failed === null) say(`told the daemon to look for hooks again: ${command}`);
    else warn(`the daemon could not be told to look for hooks again: ${command}: ${failed}`);
  }
  return told.some(({ failed }) => failed !== null) ? 1 : 0;
};
