import { asObject, asText } from "../facts/json.ts";
import type { Question } from "../facts/question.ts";
import type { AskedHost } from "./observe.ts";

/** The driver's own parameter: a host without VXLAN has no such file, and is asked nothing. */
const DRIVER = "/sys/module/vxlan/parameters/udp_port";

const VXLAN_DEVICES: Question = {
  ...{ tool: "ip", object: "link", verb: "show", dev: null, args: "type vxlan" },
};

const NONE: ReadonlySet<string> = new Set();

/** Returns the bridge that a VXLAN device is a port of, if it learns nothing there. */
const bridgeOf = (document: unknown): string | null => {
  const json = asObject(document);
  const info = asObject(json["linkinfo"]);
  const port = asObject(info["info_slave_data"]);
  return info["info_slave_kind"] === "bridge" && port["learning"] === false ? asText(json["master"]) : null;
};

/**
 * Returns the bridges for which a daemon finds the addresses behind other hosts (EVPN, RFC 8365): such a bridge has a VXLAN port, and
 * learns nothing there (bridge(8), "learning off"). With a list of hosts instead, the bridge has to learn.
 */
export const evpnBridges = async ({
  readFile,
  ask,
}: Pick<AskedHost, "readFile" | "ask">): Promise<ReadonlySet<string>> => {
  if (readFile(DRIVER) === null) return NONE;
  const [devices] = await ask("ip", [VXLAN_DEVICES]);
  return new Set((devices ?? []).flatMap((one) => bridgeOf(one) ?? []));
};
