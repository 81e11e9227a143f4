import { InvalidArgumentError, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type BridgeRule, parseBridgeRule } from "../../import/to-profile/bridge-map.ts";
import { type CheckFormat, reporting, toReport } from "./check-options.ts";
import { toDestination } from "../../files/destination.ts";
import type { ImportOptions } from "./import/import.ts";

interface ImportCommandLine extends CheckFormat {
  readonly output?: string;
  readonly bridgeMap?: readonly BridgeRule[];
  readonly syntax?: "auto" | "xl" | "xm";
}

const toRules = (text: string, before: readonly BridgeRule[] = []): readonly BridgeRule[] => {
  const rule = parseBridgeRule(text);
  if (typeof rule === "string") throw new InvalidArgumentError(`It ${rule}.`);
  return [...before, rule];
};

const bridgeMapOption = (description: string): Option =>
  new Option("--bridge-map <old=new[:vid]>", description).argParser(toRules);

const importing = (command: DocumentedCommand): DocumentedCommand =>
  reporting(command)
    .argument("<file...>", "files to import; - is standard input")
    .option("-o, --output <path>", "file for one profile, or directory for profiles and reports")
    .addOption(bridgeMapOption("move NICs to another bridge; repeatable, * matches any text"));

/** Adds `genxml import host`. */
const addImportHost = (parent: DocumentedCommand): void => {
  reporting(parent.command("host").summary("describe this host's network as host.json"))
    .description(
      "Describe the network of the running host as host.json, with a report of what host.json has no key for. Nothing is changed. With a directory, describe another host from its saved readings.",
    )
    .argument("[directory]", "saved readings of another host: see the manual")
    .option("-o, --output <file>", "file for host.json")
    .addOption(bridgeMapOption("make per-VLAN bridges VLANs; repeatable, * is any text"))
    .examples(
      ["genxml import host > host.json", "this host; report on stderr"],
      ["genxml import host --bridge-map 'br*=br0:*' -o host.json"],
      ["genxml import host kvm7/ -o kvm7.json", "from saved readings"],
    )
    .action(async (directory: string | undefined, _: unknown, self: DocumentedCommand) => {
      const written = self.optsWithGlobals<ImportCommandLine>();
      const { output = null, bridgeMap = [] } = written;
      const { importHostCommand } = await import("./import-host/import-host.ts");
      process.exitCode = await importHostCommand(directory ?? null, {
        ...toReport(written),
        output: output === "-" ? null : output,
        map: bridgeMap,
      });
    });
};

const toOptions = (command: DocumentedCommand, several: boolean): ImportOptions => {
  const written = command.optsWithGlobals<ImportCommandLine>();
  const { output = null, bridgeMap = [], syntax = "auto" } = written;
  const to = toDestination(output, several);
  return { ...toReport(written), to, map: bridgeMap, syntax: syntax === "auto" ? null : syntax };
};

/** Adds `genxml import xen`, `genxml import domain` and `genxml import host`. */
export const addImport = (program: DocumentedCommand): void => {
  const parent = program
    .command("import")
    .summary("convert existing guests and hosts to JSON")
    .description(
      "Convert existing guests to profiles and a running host to host.json, with a report of what remains to be done.",
    )
    .examples(
      ["genxml import xen /etc/xen/*.cfg -o guests/", "Xen configuration files"],
      ["genxml import domain db1.xml -o guests/", "libvirt domain XML"],
      ["genxml import host -o host.json", "this host's network"],
    );
  const add = (name: "xen" | "domain", command: DocumentedCommand): void => {
    command.action(async (files: readonly string[], _: unknown, self: DocumentedCommand) => {
      const options = toOptions(self, files.length > 1);
      if (options.to.kind === "stdout" && files.length > 1) self.error("multiple files require -o DIR");
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
  addImportHost(parent);
};
