import { parseOvsBridge, parseVifVlans } from "./syntax/vif-vlan.ts";
import type { Given, Origin } from "../report/account.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceAttachment } from "../source-guest.ts";

/** What the script does with the interface: Xen's own ones are known by their names. */
export const attachmentOf = (item: Words, keys: KeyReader): SourceAttachment => {
  const [script, bridge, ip, vlan] = [
    item.word("script"),
    item.word("bridge"),
    item.word("ip"),
    item.word("vlan"),
  ];
  const name = script?.value.trim().replace(/^.*\//, "") ?? "vif-bridge";
  const on = bridge?.value.trim() ?? DEFAULT_BRIDGE;
  const vlans = vlan === null ? null : parseVifVlans(vlan.value);
  if (vlan !== null && vlans === null)
    keys.account.refuse("xen-vif", vlan, `must be VLANs such as 10p/20/100-199, found ${vlan.found}`);
  const ports =
    vlans === null ? null : { native: vlans.pvid, tagged: vlans.vids.filter((vid) => vid !== vlans.pvid) };
  if (vlan !== null && vlans !== null && vlans.pvid === null)
    keys.account.taken(
      vlan,
      "tagged only, as none of them has a p: what the guest sends without a tag goes nowhere",
      "step",
    );
  const extra = vlans?.untagged.filter((vid) => vid !== vlans.pvid) ?? [];
  if (vlan !== null && extra.length > 0)
    keys.account.changed(
      vlan,
      `VLANs ${extra.join(", ")} left untagged and did not come in untagged; here they are tagged`,
      "person",
    );
  switch (name) {
    case "vif-bridge":
    case "":
      return { kind: "bridge", bridge: on, vlans: ports };
    case "vif-route":
      return { kind: "routed", addresses: ip?.value.split(/\s+/).filter((address) => address !== "") ?? [] };
    case "vif-nat":
      return { kind: "nat" };
    case "vif-openvswitch": {
      const port = parseOvsBridge(on);
      if (port === null) {
        keys.account.refuse(
          "xen-vif",
          bridge ?? item.origin,
          `vif-openvswitch takes NAME[.TAG][:TRUNK…] with VLAN IDs from 1 to 4094, found ${on}`,
        );
        return { kind: "ovs", bridge: on, vlans: null };
      }
      const own =
        port.tag === null && port.trunks.length === 0 ? null : { native: port.tag, tagged: port.trunks };
      return { kind: "ovs", bridge: port.bridge, vlans: ports ?? own };
    }
    default:
      return { kind: "other", what: name, bridge: on };
  }
};

/** The words of one vif. */
export interface Words {
  readonly origin: Origin;
  readonly word: (name: string) => Given<string> | null;
}

/** xl's bridge when none is named (xl.conf can say another). */
const DEFAULT_BRIDGE = "xenbr0";
