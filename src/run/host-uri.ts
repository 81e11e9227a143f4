import { isIPv6 } from "node:net";
import { good, refused, type Result } from "../values/result.ts";

/** How the kernel of a libvirt host is reached: locally, or by ssh(1). */
export type Way =
  | { readonly kind: "here" }
  | {
      readonly kind: "ssh";
      /** Name or address; an IPv6 address without its brackets. */
      readonly host: string;
      readonly user: string | null;
      readonly port: number | null;
      readonly keyfile: string | null;
      /** Whether an unknown host key is refused. */
      readonly verify: boolean;
    };

/** A libvirt host, and the way to its kernel. */
export interface HostUri {
  /** As virsh is to get it here. */
  readonly text: string;
  readonly way: Way;
  /** The URI of its libvirt on that host. */
  readonly there: string;
}

const FORMS = "qemu:///system, qemu+unix:///system?socket=PATH or qemu+ssh://[USER@]HOST[:PORT]/system";

/** No first dash: ssh(1) would take it for an option. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_$-])?$/;

/** Parameters (libvirt, uri.html) for the connection that do not run anything; `command` and `netcat` name programs. */
const PARAMETERS = {
  here: ["socket", "mode"],
  ssh: ["socket", "mode", "keyfile", "no_verify", "no_tty", "proxy"],
} as const;

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

const toWay = ({ protocol, hostname, username, port, searchParams }: URL): Way | string => {
  if (protocol !== "qemu+ssh:") {
    return hostname === ""
      ? { kind: "here" }
      : `${protocol}// with a host does not name this machine: use ${FORMS}`;
  }
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (!NAME.test(host) && !isIPv6(host)) {
    return host === ""
      ? "the host is missing: use qemu+ssh://HOST/system"
      : `"${host}" is not a name or address of a host: use letters, digits, dots, dashes and underscores, or [an IPv6 address]`;
  }
  const user = decoded(username);
  if (user === null || (user !== "" && !NAME.test(user))) {
    return `"${username}" is not a user name: use letters, digits, dots, dashes and underscores`;
  }
  return {
    kind: "ssh",
    ...{ host, user: user === "" ? null : user, port: port === "" ? null : Number(port) },
    keyfile: searchParams.get("keyfile"),
    verify: (searchParams.get("no_verify") ?? "0") === "0",
  };
};

const toUrl = (text: string): URL | null => {
  try {
    return new URL(text);
  } catch {
    return null;
  }
};

/** ssh would ask for a password on the terminal, where several hosts are asked at the same time. */
const quiet = (text: string, url: URL): string =>
  url.searchParams.has("no_tty") ? text : `${text}${url.search === "" ? "?" : "&"}no_tty=1`;

/** Returns a URI as people write it. */
export const writtenUri = ({ text }: Pick<HostUri, "text">): string => text.replace(/[?&]no_tty=1$/, "");

/**
 * Reads a libvirt URI of a host whose kernel can be asked, too. One from a file is as good as one from the command line:
 * none makes libvirt or ssh run a program.
 *
 * @returns the host, or what is wrong, what was found and what is allowed
 */
export const parseHostUri = (text: string): Result<HostUri, string> => {
  const url = toUrl(text);
  if (url === null || !/^qemu(\+unix|\+ssh)?:$/.test(url.protocol)) {
    return refused(`"${text}" is not a supported libvirt URI: use ${FORMS}`);
  }
  if (url.pathname !== "/system") {
    return refused(`"${text}" ends in ${url.pathname === "" ? "no path" : url.pathname}: use /system`);
  }
  if (url.password !== "" || url.hash !== "") {
    return refused(`"${text}" contains a password or "#": use ssh-agent or keyfile=`);
  }
  const way = toWay(url);
  if (typeof way === "string") return refused(`"${text}": ${way}`);
  const allowed: readonly string[] = PARAMETERS[way.kind];
  const strange = [...url.searchParams.keys()].find((name) => !allowed.includes(name));
  if (strange !== undefined) {
    return refused(`"${text}" has the unsupported parameter ${strange}: use ${allowed.join(", ")}`);
  }
  const socket = url.searchParams.get("socket");
  return good({
    ...{ text: way.kind === "ssh" ? quiet(text, url) : text, way },
    there: socket === null ? "qemu:///system" : `qemu+unix:///system?socket=${encodeURIComponent(socket)}`,
  });
};
