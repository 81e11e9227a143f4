import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type BridgeRule, parseBridgeRule } from "../../import/to-profile/bridge-map.ts";
import { type Reporting, reporting, toReport } from "./check-options.ts";
import type { ImportOptions } from "./import.ts";

const EXAMPLES = `
Examples:
  genxml import xen /etc/xen/dns1.cfg > dns1.json      the profile; the report is on standard error
  genxml import xen /etc/xen/*.cfg -o guests/          guests/NAME.json and guests/NAME.md for each
  genxml import xen web.cfg --bridge-map 'xenbr*=br0:*'     xenbr40 becomes VLAN 40 of br0
  genxml import domain db1.xml -o guests/ --bridge-map br40=br0:40`;

interface Written extends Reporting {
  readonly output?: string;
  readonly bridgeMap?: readonly BridgeRule[];
  readonly syntax?: "auto" | "xl" | "xm";
}

const toRules = (text: string, before: readonly BridgeRule[] = []): readonly BridgeRule[] => {
  const rule = parseBridgeRule(text);
  if (typeof rule === "string") throw new InvalidArgumentError(`It ${rule}.`);
  return [...before, rule];
};

const importing = (command: DocumentedCommand): DocumentedCommand =>
  reporting(command)
    .argument("<file...>", "files to import; - is standard input")
    .option("-o, --output <dir>", "write NAME.json and the report NAME.md for each guest into this folder")
    .addOption(
      new Option(
        "--bridge-map <old=new[:vid]>",
        "where the NICs of a bridge go; repeatable, * for any text",
      ).argParser(toRules),
    );

const toOptions = (command: DocumentedCommand): ImportOptions => {
  const written = command.optsWithGlobals<Written>();
  const { output = null, bridgeMap = [], syntax = "auto" } = written;
  return { ...toReport(written), output, map: bridgeMap, syntax: syntax === "auto" ? null : syntax };
};

/** Adds `genxml import xen` and `genxml import domain`. */
export const addImport = (program: DocumentedCommand): void => {
  const parent = program
    .command("import")
    .description("Turns guests that are already there into profiles, with a report of what has to be done.")
    .endHelpWith(EXAMPLES);
  const add = (name: "xen" | "domain", command: DocumentedCommand): void => {
    command
      .endHelpWith(EXAMPLES)
      .action(async (files: readonly string[], _: unknown, self: DocumentedCommand) => {
        const options = toOptions(self);
        if (options.output === null && files.length > 1)
          self.error("error: several guests need a folder to write to: add -o DIR");
        if (options.output === null && name === "domain" && files.includes("-"))
          self.error(
            "error: a document from standard input needs a folder, as the profile may complete it: add -o DIR",
          );
        const { importCommand } = await import("./import.ts");
        process.exitCode = await importCommand(name, files, options);
      });
  };
  const xen = importing(parent.command("xen").summary("configuration files of Xen's xl and xm"))
    .description(
      "Imports configuration files of Xen's xl and xm. Nothing in them is executed, and no path in them is opened.",
    )
    .addOption(
      new Option("--syntax <name>", "whose syntax the files are in")
        .choices(["auto", "xl", "xm"])
        .default("auto"),
    );
  add("xen", xen);
  const domain = importing(
    parent.command("domain").summary("libvirt domain XML, of Xen or of KVM"),
  ).description(
    "Imports libvirt domain XML. Of Xen it makes a profile; of KVM a profile that completes the same XML, with NICs moved by --bridge-map.",
  );
  add("domain", domain);
};
