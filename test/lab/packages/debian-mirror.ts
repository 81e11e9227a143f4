import { runProgram } from "../../support/run-program.ts";

/** Returns the mirror of Debian that this machine's apt uses; undefined without one. */
export const findDebianMirror = (): string | undefined =>
  runProgram("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
    .stdout.split("\n")
    .find((uri) => /\/debian\/?$/.test(uri));

/** {@link findDebianMirror}, which throws without one. */
export const debianMirror = (): string => {
  const mirror = findDebianMirror();
  if (mirror === undefined) throw new Error("no Debian among the sources of apt-get");
  return mirror;
};
