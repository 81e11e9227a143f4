import { renderIfupdown } from "./formats/ifupdown.ts";
import { renderIfupdown2 } from "./formats/ifupdown2.ts";
import { renderIproute2 } from "./formats/iproute2.ts";
import { renderNetplan } from "./formats/netplan.ts";
import { renderNetworkd } from "./formats/networkd.ts";
import { renderNetworkManager } from "./formats/networkmanager.ts";
import { renderNmstate } from "./formats/nmstate.ts";
import type { NetworkFile } from "./host-file.ts";
import type { HostFormat } from "./format-names.ts";
import type { HostNetwork } from "./host-network.ts";

const RENDERERS: Readonly<Record<HostFormat, (network: HostNetwork) => readonly NetworkFile[]>> = {
  networkd: renderNetworkd,
  ifupdown2: renderIfupdown2,
  ifupdown: renderIfupdown,
  netplan: renderNetplan,
  networkmanager: renderNetworkManager,
  nmstate: renderNmstate,
  iproute2: renderIproute2,
};

/** Returns the files with which a network manager makes a host's network, in their places below `/`. */
export const renderHost = (network: HostNetwork, format: HostFormat): readonly NetworkFile[] =>
  RENDERERS[format](network);
