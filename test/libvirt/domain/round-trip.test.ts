import { expect, test } from "@jest/globals";
import fc from "../../support/fast-check.ts";
import { parseXml } from "../../../src/xml/parse.ts";
import { attribute, child, childrenOf, elementsIn } from "../../../src/xml/tree.ts";
import { guestOf } from "../../../src/libvirt/metadata/guest-element.ts";
import { isHooked } from "../../../src/guest/attachment.ts";
import { NATIVE_VLAN, PORTABLE } from "../../../src/values/libvirt-version.ts";
import { readAttachment } from "../../support/read-attachment.ts";
import { domainOf, hostSide, profileOf, xmlOf } from "../../support/profiles.ts";
import { writtenProfiles } from "../../support/written-profiles.ts";

const versions = fc.constantFrom(PORTABLE, NATIVE_VLAN);

test("every NIC of every profile reads back from the XML as it was meant, whoever sets its VLANs", () => {
  fc.assert(
    fc.property(writtenProfiles, versions, (written, libvirt) => {
      const profile = profileOf(written);
      const domain = domainOf(written, libvirt);
      expect([domain.name, domain.uuid]).toEqual([profile.name, profile.uuid]);
      expect(domain.nics).toEqual(hostSide(profile));
    }),
  );
});

test("every attachment that is libvirt's alone reads back from the XML as it was meant", () => {
  fc.assert(
    fc.property(writtenProfiles, versions, (written, libvirt) => {
      const devices = child(parseXml(xmlOf(written, libvirt)), "devices");
      const read = childrenOf(devices, "interface").map(readAttachment);
      const meant = profileOf(written).interfaces.map(({ attachment }) =>
        isHooked(attachment) ? null : attachment,
      );
      expect(read).toEqual(meant);
    }),
  );
});

test("a NIC's VLANs are written once: in the metadata, or in its <vlan>", () => {
  fc.assert(
    fc.property(writtenProfiles, versions, (written, libvirt) => {
      const domain = parseXml(xmlOf(written, libvirt));
      const metadata = elementsIn(domain === null ? null : guestOf(domain));
      for (const nic of childrenOf(child(domain, "devices"), "interface")) {
        const mac = attribute(child(nic, "mac"), "address");
        const said = metadata.find((one) => attribute(one, "mac") === mac);
        const inMetadata = said?.name === "access" || said?.name === "trunk";
        expect(inMetadata && child(nic, "vlan") !== null).toBe(false);
        expect(said?.name === "port").toBe(
          libvirt >= NATIVE_VLAN && said !== undefined && said.name !== "routed",
        );
        if (said?.name === "port") expect(child(nic, "vlan")).not.toBeNull();
      }
    }),
  );
});

test("the same input gives the same bytes", () => {
  fc.assert(
    fc.property(writtenProfiles, (written) => {
      expect(xmlOf(written)).toBe(xmlOf(structuredClone(written)));
    }),
    { numRuns: 30 },
  );
});

test("whatever text a title holds, it is data and not XML", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (title) => {
      fc.pre(title !== "" && !/\p{C}/u.test(title));
      const written = {
        name: "t",
        memory: "1 GiB",
        title,
        interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }],
      };
      expect(domainOf(written).nics).toHaveLength(1);
    }),
  );
});
