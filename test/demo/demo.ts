// The whole job in the lab, for a newcomer: `npm run demo`. Everything printed is really run.
import { bridgeAct } from "./bridge.ts";
import { routedAct } from "./routed.ts";
import { heading } from "./stage.ts";

const began = Date.now();
heading(
  "Hosts, guests and a switch on this machine. The lab gives each guest a tiny kernel to boot, and emulates where there is no KVM.",
);
try {
  await routedAct();
  await bridgeAct();
  heading(`That was all of it, in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
