import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { domainOf, hostSide, profileOf, xmlOf } from "../support/profiles.ts";
import { writtenProfiles } from "../support/written.ts";

test("every NIC of every profile reads back from the XML as it was meant", () => {
  fc.assert(
    fc.property(writtenProfiles, (written) => {
      const profile = profileOf(written);
      const domain = domainOf(written);
      expect([domain.name, domain.uuid]).toEqual([profile.name, profile.uuid]);
      expect(domain.nics).toEqual(hostSide(profile));
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
      fc.pre(!/\p{C}/u.test(title));
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
