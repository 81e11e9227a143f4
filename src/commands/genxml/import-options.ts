import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type BridgeRule, parseBridgeRule } from "../../import/to-profile/bridge-map.ts";
import { type Reporting, reporting, toReport } from "./check-options.ts";
import { toDestination } from "../../files/destination.ts";
import type { ImportOptions } from "./import/import.ts";

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
    .option("-o, --output <path>", "file for one profile, or directory for profiles and reports")
    .addOption(
      new Option(
        "--bridge-map <old=new[:vid]>",
        "move NICs to another bridge; repeatable, * matches any text",
      ).argParser(toRules),
    );

const toOptions = (command: DocumentedCommand, several: boolean): ImportOptions => {
  const written = command.optsWithGlobals<Written>();
  const { output = null, bridgeMap = [], syntax = "auto" } = written;
  const to = toDestination(output, several);
  return { ...toReport(written), to, map: bridgeMap, syntax: syntax === "auto" ? null : syntax };
};

/** Adds `genxml import xen` and `genxml import domain`. */
export const addImport = (program: DocumentedCommand): void => {
  const parent = program
    .command("import")
    .summary("convert existing guests to profiles")
    .description("Convert existing guests to profiles, with a report of what remains to be done.")
    .examples(
      ["genxml import xen /etc/xen/*.cfg -o guests/", "Xen configuration files"],
      ["genxml import domain db1.xml -o guests/", "libvirt domain XML"],
    );
  const add = (name: "xen" | "domain", command: DocumentedCommand): void => {
    command.action(async (files: readonly string[], _: unknown, self: DocumentedCommand) => {
      const options = toOptions(self, files.length > 1);
      if (options.to.kind === "stdout" && files.length > 1) self.error("multiple files require -o DIR");
      if (options.to.kind !== "directory" && name === "domain" && files.includes("-"))
        self.error("domain XML from standard input requires -o DIR/: the profile may complete a copy of it");
      const { importCommand } = await import("./import/import.ts");
      process.exitCode = await importCommand(name, files, options);
    });
  };
  const xen = importing(parent.command("xen").summary("import configuration files of Xen's xl and xm"))
    .description(
      "Import configuration files of Xen's xl and xm. Nothing in them is executed, and no path in them is opened.",
    )
    .addOption(
      new Option("--syntax <name>", "syntax of the files").choices(["auto", "xl", "xm"]).default("auto"),
    )
    .examples(
      ["genxml import xen /etc/xen/dns1.cfg > dns1.json", "report on stderr"],
      ["genxml import xen /etc/xen/*.cfg -o guests/", "JSON and reports"],
      ["genxml import xen web.cfg --bridge-map 'xenbr*=br0:*'", "VLAN by name"],
    );
  add("xen", xen);
  const domain = importing(parent.command("domain").summary("import libvirt domain XML of Xen or KVM"))
    .description(
      "Import libvirt domain XML. XML of Xen becomes a profile. XML of KVM becomes a profile that completes the same XML, with NICs moved by --bridge-map.",
    )
    .examples(
      ["genxml import domain db1.xml -o guests/"],
      ["genxml import domain db1.xml -o guests/ --bridge-map br40=br0:40"],
    );
  add("domain", domain);
};
