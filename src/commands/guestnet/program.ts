import { DocumentedCommand } from "../shared/documented-command.ts";
import { addCompletion } from "../shared/completion-options.ts";
import { addDiagram } from "./diagram-options.ts";
import { addDoctor } from "./doctor-options.ts";
import { addHotplug } from "./hotplug-options.ts";
import { addInstall } from "./install-options.ts";
import { addSurvey } from "./survey-options.ts";

const EXAMPLES = `
Examples:
  guestnet install                  the hook in place, tried, and known to the daemon
  guestnet status                   is every guest where it belongs?
  guestnet plan                     what would mend what is not
  guestnet apply                    mends it
  guestnet diagram -o host.svg      a picture of it
  guestnet set web1 web1-0 vlan=30  another VLAN, while the guest runs
  guestnet doctor                   the host itself: what is wrong, why it matters, what mends it

Exit codes: 0 as wanted, 2 drift or something to do (status, plan, doctor), 1 it could not be found out, 64 usage error, 70 internal error.`;

/** The whole command line of guestnet: what it is parsed with, and what its manual page is made from. */
export const guestnet = (): DocumentedCommand => {
  const program = new DocumentedCommand("guestnet")
    .description(
      "Shows, checks and repairs the host's network of libvirt guests, and installs the hook that makes it.",
    )
    .version(VERSION)
    .endHelpWith(EXAMPLES)
    .showHelpAfterError("(guestnet --help shows what there is)")
    .exitOverride();
  addSurvey(program);
  addDoctor(program);
  addDiagram(program);
  addHotplug(program);
  addInstall(program);
  addCompletion(program);
  return program;
};
