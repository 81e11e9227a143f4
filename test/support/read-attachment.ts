import { readVlan } from "../../src/libvirt/network/vlan.ts";
import { attribute, child, type XmlElement } from "../../src/xml/tree.ts";

/** What an `<interface>` says of an attachment that is libvirt's alone; null for one that the hook has to do with. */
export const readAttachment = (element: XmlElement): object | null => {
  const source = child(element, "source");
  const say = (name: string) => attribute(source, name);
  const isolated = attribute(child(element, "port"), "isolated") === "yes";
  const vlan = readVlan(child(element, "vlan"));
  const vlans = vlan.kind === "vlans" ? vlan.vlans : null;
  const port = child(element, "virtualport");
  switch (attribute(element, "type")) {
    case "network":
      return { kind: "network", network: say("network"), portgroup: say("portgroup"), isolated };
    case "direct":
      return {
        ...{ kind: "macvtap", source: say("dev"), mode: say("mode") },
        vlan: vlans?.kind === "access" ? vlans.vlan : null,
      };
    case "hostdev": {
      const address = child(source, "address")?.attributes ?? {};
      const part = (name: string) => address[name]?.replace(/^0x/, "");
      return {
        kind: "hostdev",
        source: { domain: part("domain"), bus: part("bus"), slot: part("slot"), function: part("function") },
        vlan: vlans?.kind === "access" ? vlans.vlan : null,
        managed: attribute(element, "managed") === "yes",
      };
    }
    case "bridge": {
      const interfaceId = attribute(child(port, "parameters"), "interfaceid");
      if (port !== null) return { kind: "ovs", bridge: say("bridge"), vlans, interfaceId };
      return say("bridge")?.startsWith("plain") === true
        ? { kind: "unfiltered", bridge: say("bridge"), isolated }
        : null;
    }
    default:
      return null;
  }
};
