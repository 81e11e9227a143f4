import { DocumentedCommand } from "../shared/documented-command.ts";
import { addCompletion } from "../shared/completion-options.ts";
import { addAddresses } from "./addresses-options.ts";
import { addAutostart } from "./autostart-options.ts";
import { addDiagram } from "./diagram-options.ts";
import { addDoctor } from "./doctor-options.ts";
import { addHost } from "./host-options.ts";
import { addHotplug } from "./hotplug-options.ts";
import { addInstall } from "./install-options.ts";
import { addPush } from "./push-options.ts";
import { addReport } from "./report-options.ts";
import { addRepair, addStatus } from "./survey-options.ts";
import { addTrace } from "./trace-options.ts";

/** The whole command line of guestnet: what it is parsed with, and what its manual page is made from. */
export const guestnet = (): DocumentedCommand => {
  const program = new DocumentedCommand("guestnet")
    .description("Show, check and repair the network of libvirt guests on a host, and install the hook.")
    .version(VERSION, "-V, --version", "show the version")
    .examples(
      ["guestnet install", "install and test the hook"],
      ["guestnet doctor", "check this host and suggest fixes"],
      ["guestnet trace web1 192.0.2.1", "show where a packet ends"],
      ["guestnet status", "show the state of every NIC"],
      ["guestnet plan", "show what apply would run"],
      ["guestnet apply", "repair running guests"],
      ["guestnet set web1 web1-0 vlan=30", "move a NIC to VLAN 30"],
      ["guestnet diagram -o host.svg", "draw the guests' networks"],
      ["guestnet report -o site/", "write a page of guests and problems"],
    )
    .exitCodes(
      ["0", "as wanted, or done"],
      ["1", "the state could not be read, or the work could not be done"],
      ["2", "drift, or something to do (status, plan, doctor)"],
      ["64", "usage error"],
      ["70", "internal error"],
    )
    .files(
      ["/etc/libvirt/hooks/qemu", "The hook, as guestnet install writes it, see guestnet-hook(7)."],
      [
        "/etc/libvirt/hooks/qemu.d/guestnet",
        "The hook, where a third-party hook is at /etc/libvirt/hooks/qemu.",
      ],
      ["/etc/guestnet-trial", "The trial of guestnet host try, with the files to put back."],
      ["/run/guestnet", "State of guests on their way to this host, and how each start fared."],
    )
    .environment(
      ["NO_COLOR", "Output has no colours if this variable is set and not empty."],
      ["PATH", "Directories in which guestnet looks for ip, bridge, nft, virsh, ssh and the hook's engine."],
    )
    .seeAlso(
      ...["genxml(1)", "guest.json(5)", "host.json(5)", "guestnet-hook(7)"],
      ...["virsh(1)", "bridge(8)", "ip(8)", "nft(8)"],
    )
    .helpCommand("help [command]", "show help for a command")
    .exitOverride();
  program.commandsGroup("Inspect:");
  addStatus(program);
  addTrace(program);
  addDoctor(program);
  addDiagram(program);
  addReport(program);
  addAddresses(program);
  program.commandsGroup("Repair:");
  addRepair(program);
  program.commandsGroup("Running guests:");
  addHotplug(program);
  addAutostart(program);
  addPush(program);
  program.commandsGroup("Setup:");
  addInstall(program);
  addHost(program);
  addCompletion(program);
  return program;
};
