// libvirtd hands its own PATH down; ip, bridge and nft are in the system's directories, and under AppArmor's libvirtd
// profile programs elsewhere may not be executed.
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment of child processes: without a locale, so that their output is untranslated. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: `${PATH}:${process.env["PATH"] ?? ""}`,
  LC_ALL: "C",
};
