import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** Runs a command with bash in a system, in a directory of it. @returns its exit code */
export function enterSystem(root: string, directory: string, command: string): Promise<number> {
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const argv = ["--pdeathsig", "KILL", "unshare", ...namespaces, "sh", resolve("test/fresh/enter.sh")];
  // Nothing of this machine's environment; GUESTNET_FRESH tells .ci/run that no system has to be made in this one.
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LANG: "C.UTF-8",
    TERM: "dumb",
    DEBIAN_FRONTEND: "noninteractive",
    CI: "true",
    GUESTNET_FRESH: "true",
  };
  const child = spawn("setpriv", [...argv, root, directory, command], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill("SIGKILL"));
  return new Promise((resolved, rejected) => {
    child.on("error", rejected);
    child.on("exit", (code) => {
      resolved(code ?? 1);
    });
  });
}
