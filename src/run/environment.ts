// libvirtd hands its own PATH down; ip, bridge and nft are in the system's directories, and under AppArmor's libvirtd
// profile programs elsewhere may not be executed.
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** What the programs that we run find in their environment: nothing of a language, so that they speak as their sources do. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: `${PATH}:${process.env["PATH"] ?? ""}`,
  LC_ALL: "C",
};
