import { plansOf } from "../../src/commands/guestnet/plan/plan.ts";
import { renderPlan } from "../../src/commands/guestnet/plan/render-plan.ts";
import type { HostStatus } from "../../src/commands/guestnet/status/host-status.ts";
import { renderTable } from "../../src/commands/guestnet/status/status-table.ts";
import { isRouted } from "../../src/guest/nic.ts";
import { toAsked } from "../../src/kernel/observe/observe.ts";
import { survey, toDomains } from "../../src/survey/survey.ts";
import { toCounters, toHeard } from "../../src/survey/traffic.ts";
import { hostWith, start } from "../support/life.ts";
import { domainOf, xmlOf } from "../support/profiles.ts";
import { Canvas, code, type Tone } from "./canvas.ts";

const DNS1 = { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] };
const guests = [
  { name: "dns1", interfaces: [DNS1], frames: [1_450_000, 2_100_000] },
  {
    name: "fw1",
    interfaces: [{ type: "bridge", bridge: "br0", trunk: [30, "100-199"], native: 10 }],
    frames: [3_300_000_000, 2_400_000_000],
  },
  { name: "web1", interfaces: [{ type: "bridge", bridge: "br0", vlan: 20 }], frames: [86_000, 12_300] },
].map((one) => ({ ...one, memory: "1 GiB" }));

/** Three guests on a host; a script has put web1's port into another VLAN, if told so. */
const statusOf = async (broken: boolean): Promise<HostStatus> => {
  const kernel = hostWith();
  const domains = guests.map(({ name, memory, interfaces }) => domainOf({ name, memory, interfaces }));
  for (const domain of domains) await start(domain, kernel);
  if (broken) {
    const port = kernel.devices.get("web1-0");
    port?.vlans.delete(20);
    port?.vlans.set(1, { pvid: true, untagged: true });
  }
  const nics = domains.flatMap((domain) => domain.nics);
  return {
    survey: await survey(
      toDomains(guests.map(({ name, memory, interfaces }) => xmlOf({ name, memory, interfaces }))),
      toAsked(kernel),
    ),
    traffic: {
      counters: toCounters(
        guests.map(({ name, frames: [sent, received] }) => ({
          ifname: `${name}-0`,
          stats64: { rx: { packets: 9, bytes: sent }, tx: { packets: 9, bytes: received, dropped: 0 } },
        })),
      ),
      heard: toHeard(
        nics
          .filter(isRouted)
          .map(({ tap, mac }) => ({ dst: "192.0.2.53", dev: tap, lladdr: mac, state: ["REACHABLE"] })),
        [],
      ),
    },
  };
};

/** What `guestnet status` prints for the three guests, as README shows it. */
export const statusText = async (): Promise<string> =>
  `# guestnet status\n${renderTable(await statusOf(false), { colour: false })}`;

const toneOf = (line: string): Tone => {
  if (line.startsWith("$")) return "blue";
  if (/^ {2}\S|\bdrift\b/.test(line)) return "bad";
  return /\bok\b/.test(line) ? "good" : "plain";
};

/** A terminal: drift, its repair, and the same guests afterwards. */
export const terminal = async (): Promise<string> => {
  const before = await statusOf(true);
  const plan = renderPlan(plansOf(before.survey).plans)
    .split("\n")
    .map((line) => line.replace(/ {2,}# .*/, ""));
  const lines = [
    "$ guestnet status",
    ...renderTable(before, { colour: false }).split("\n"),
    "$ guestnet apply --yes",
    ...plan,
    "$ guestnet status",
    ...renderTable(await statusOf(false), { colour: false })
      .trimEnd()
      .split("\n"),
  ];
  const canvas = new Canvas(760, 44 + lines.length * 19);
  lines.forEach((line, index) => {
    canvas.write([20, 36 + index * 19], code(line), "start", toneOf(line));
  });
  return canvas.render(
    "guestnet status shows that web1 has drifted out of VLAN 20. guestnet apply runs the commands that repair it. Afterwards every NIC is ok.",
  );
};
