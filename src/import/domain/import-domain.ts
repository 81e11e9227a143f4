import { byPosition, type Issue } from "../../values/issue.ts";
import { good, refused, type Result } from "../../values/result.ts";
import { Report } from "../report/report.ts";
import type { BridgeMap } from "../to-profile/bridge-map.ts";
import { DomainReader } from "./reader.ts";
import { readDocument } from "../../xml/read-document.ts";
import { attribute, child, textOf } from "../../xml/tree.ts";
import { importKvm } from "./kvm.ts";
import { summarise } from "../xen/import-xen.ts";
import { type Draft, finishImport, type ImportedGuest } from "../report/imported-guest.ts";
import { readDomain } from "./xen.ts";
import { toProfile } from "../to-profile/to-profile.ts";

const draftOf = (
  reader: DomainReader,
  map: BridgeMap,
  text: string,
  template: (name: string) => string,
): Draft | null => {
  const type = attribute(reader.root, "type") ?? "";
  if (type === "kvm" || type === "qemu") {
    const name = textOf(child(reader.root, "name")).trim();
    const made = importKvm(reader, map, template(name));
    return made === null ? null : { ...made, template: text, renamed: [], source: { type, name } };
  }
  if (type !== "xen") {
    reader.refuse(
      reader.root,
      `must be a domain of type xen, kvm or qemu, found ${type === "" ? "none" : type}`,
    );
    return null;
  }
  const guest = readDomain(reader);
  const made = guest === null ? null : toProfile(guest, map, reader.report);
  return guest === null || made === null ? null : { ...made, template: null, source: summarise(guest) };
};

/**
 * Imports a libvirt domain XML: of Xen as a guest to be made anew, of KVM as the template of a profile that moves its NICs.
 *
 * @param file its name, for the report
 * @param template where the profile of a KVM guest of this name will find the document
 */
export const importDomain = (
  file: string,
  text: string,
  { map }: { readonly map: BridgeMap },
  template: (name: string) => string,
): Result<ImportedGuest, Issue> => {
  const read = readDocument(text, "domain");
  if (!read.ok)
    return refused(
      ...read.problems.map((fault): Issue => ({ ...fault, severity: "error", code: "domain-xml", path: [] })),
    );
  const report = new Report();
  const draft = draftOf(new DomainReader(read.value.root, report), map, text, template);
  const done = draft === null || report.issues.length > 0 ? null : finishImport(file, draft, report);
  return done === null ? refused(...[...report.issues].sort(byPosition)) : good(done);
};
