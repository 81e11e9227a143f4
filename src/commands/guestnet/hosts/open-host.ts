import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { deadline } from "../../../run/deadline.ts";
import { holdShell } from "../../../run/held-shell.ts";
import { runUntil } from "../../../run/run-child.ts";
import { runPrefetching } from "../../../run/prefetch.ts";
import { runOver, SSH_ENVIRONMENT } from "../../../run/ssh.ts";
import { type Virsh, virshOn } from "../../../run/virsh.ts";
import { Failure } from "../../../values/failure.ts";
import type { Program, Ran, Run, RunChain } from "../../../kernel/host.ts";
import type { AskedHost } from "../../../kernel/observe/observe.ts";
import { type HostUri, writtenUri } from "../../../run/host-uri.ts";
import { lookAtRemote } from "../../../survey/remote-host.ts";
import { shareAnswers } from "../../../survey/shared-answers.ts";
import type { Files } from "../system/files.ts";
import { filesHere } from "../system/files-here.ts";
import { filesThere } from "../system/files-there.ts";
import { openThisHost, failingIfMissing } from "../this-host.ts";

/** A host that answers: its kernel, its libvirt and its files. */
export interface OpenHost {
  /** Runs a program there. */
  readonly run: Run;
  /** Runs programs there to their end, or to the first that fails, even if the connection dies meanwhile. */
  readonly chain: RunChain;
  /** Does work that looks at its kernel. The work may be done several times: see {@link lookAtRemote}. */
  readonly look: <T>(work: (host: AskedHost) => Promise<T>) => Promise<T>;
  readonly virsh: Virsh;
  readonly files: Files;
  /** Returns libvirt and files by another run, such as that of {@link look}, which runs each program once. */
  readonly by: (run: Run) => { readonly virsh: Virsh; readonly files: Files };
  /** The URI of its libvirt, as a program on the host itself names it. */
  readonly uri: string;
  /** The same libvirt as other libvirts reach it: by its URI, from here. */
  readonly byUri: Virsh;
  readonly close: () => Promise<void>;
}

/** Programs for another host to run in the session that opens the connection. @param uri of its libvirt there */
export type Prefetch = (uri: string) => readonly Program[];

const chainHere =
  (run: Run): RunChain =>
  async (programs) => {
    const ran: Ran[] = [];
    for (const { file, args, stdin } of programs) {
      const one = await run(file, args, stdin);
      ran.push(one);
      if (one.code !== 0) break;
    }
    return ran;
  };

const here = (what: string, { text }: HostUri, ms: number): OpenHost => {
  const { host, virsh } = openThisHost(what, text, ms);
  return {
    ...{ run: host.run, chain: chainHere(host.run), virsh, uri: text, byUri: virsh, files: filesHere },
    by: (run) => ({ virsh: virshOn(text, run), files: filesHere }),
    look: (work) => work(shareAnswers(host)),
    close: () => Promise.resolve(),
  };
};

const overSsh = async (
  { way, text, there }: HostUri & { readonly way: Extract<HostUri["way"], { readonly kind: "ssh" }> },
  ms: number,
  connectMs: number,
  prefetch: Prefetch,
): Promise<OpenHost> => {
  const until = deadline(Date.now() + ms);
  const local = failingIfMissing(runUntil(until, SSH_ENVIRONMENT));
  const folder = mkdtempSync(join(tmpdir(), "guestnet-ssh-"));
  const socket = join(folder, "s");
  const start = `on ${way.host}: systemctl start virtqemud || systemctl start libvirtd`;
  const over = runOver(way, socket, connectMs, local, (args) => {
    const shell = holdShell("ssh", args, until, SSH_ENVIRONMENT);
    return {
      run: (script, end) => failingIfMissing(() => shell.run(script, end))("ssh", args),
      close: shell.close,
    };
  });
  const { chain } = over;
  const by: OpenHost["by"] = (other) => ({
    virsh: virshOn(there, other, start),
    files: filesThere(other, way.host),
  });
  const close = async (): Promise<void> => {
    try {
      await over.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  // The first session opens the connection that all others use: it comes alone, with what is asked for in this job.
  const identity = over.run("id", ["-u"]);
  const run = runPrefetching(over.run, prefetch(there));
  try {
    const user = (await identity).stdout.trim();
    if (user !== "0") {
      throw new Failure(
        `cannot query ${way.host}: ssh logs in as user ${user}, and only root may read the rules of nftables`,
        `use qemu+ssh://root@${way.host}/system`,
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ run, chain, by, close, uri: there, ...by(run) },
    look: (work) => lookAtRemote(run, work),
    byUri: virshOn(text, local, start),
  };
};

/**
 * Connects to a host. Rejects with a Failure, whose message gives the reason.
 *
 * @param what the command, for the message
 * @param ms how long all of its programs may take, connecting included
 * @param connectMs how long connecting may take
 * @param prefetch programs that are asked for anyway
 */
export const openHost = async (
  what: string,
  uri: HostUri,
  ms: number,
  connectMs = ms,
  prefetch: Prefetch = () => [],
): Promise<OpenHost> => {
  const { way } = uri;
  return way.kind === "here" ? here(what, uri, ms) : overSsh({ ...uri, way }, ms, connectMs, prefetch);
};

/** Returns names of hosts for reports: from the URI, or this machine's own; the whole URI if two would be equal. */
export const labelsOf = (uris: readonly HostUri[]): readonly string[] => {
  const names = uris.map(({ way }) => (way.kind === "ssh" ? way.host : hostname()));
  return uris.map((uri, at) => {
    const name = names[at] ?? uri.text;
    return names.filter((other) => other === name).length > 1 ? writtenUri(uri) : name;
  });
};
