import type { Row } from "../commands/shared/reference.ts";
import { ARRIVING_GROUPS, GUARD_GROUP, LEARNING_GROUPS } from "../kernel/facts/port/port-group.ts";
import { ROUTE_PROTOCOL, WITHDRAWN_PROTOCOL } from "../kernel/facts/route/route.ts";
import { tapGroup } from "../kernel/facts/tap/tap-group.ts";
import { page, references, roff, rowsOf, section, verbatim } from "./roff.ts";

const DESCRIPTION = [
  "libvirt runs this hook at each operation on a QEMU guest. The hook reads the domain XML on standard input and the element of the namespace urn:guestnet:1 in its metadata, as genxml(1) writes it. It compares the network that the metadata requires with the kernel's, runs the commands that make the difference, and looks again.",
  "The hook needs no configuration file, no database and no daemon. It calls no libvirt, and it writes nothing on standard output. For a guest without this metadata it does nothing.",
];

const OPERATIONS: readonly Row[] = [
  [
    "prepare",
    "Checks the host. For routed NICs, makes the tap with its addresses, routes and settings. If this fails, the guest does not start and nothing is left behind.",
  ],
  [
    "start",
    "For bridge NICs, checks the bridge and sets VLANs, port flags and forwarding entries before QEMU runs. If this fails, the guest does not start.",
  ],
  ["started", "Does nothing."],
  [
    "reconnect",
    "Asserts the whole state again after a restart of the daemon. A failure is logged; the exit status is always 0 and the guest keeps running.",
  ],
  [
    "stopped, release",
    "Removes what outlives the taps: routed taps, proxies, filter sets, VLANs that an uplink had for a guest. A failure is logged, and the rest is removed all the same.",
  ],
  ["migrate, restore", "Notes that the guest comes from another host. Writes nothing on standard output."],
];

const EXIT_STATUS: readonly Row[] = [
  ["0", "Success, or nothing to do. The exit status of reconnect is always 0."],
  ["1", "The guest is refused. One line on standard error has the NIC, the kernel's message and the state."],
];

const taps = (antispoof: boolean): string =>
  [tapGroup({ antispoof, reach: "any" }), tapGroup({ antispoof, reach: "uplink-only" })].join(", ");

const MARKS: readonly Row[] = [
  [`route protocol ${ROUTE_PROTOCOL}`, "Host routes of routed guests: ip route show proto 76 lists them."],
  [
    `route protocol ${WITHDRAWN_PROTOCOL}`,
    "IPv6 routes of guests whose anycast routes are withdrawn, for the source check.",
  ],
  [`interface groups ${taps(true)}`, "Routed taps whose source addresses are checked."],
  [`interface groups ${taps(false)}`, "Routed taps whose source addresses are not checked."],
  [`interface group ${GUARD_GROUP}`, "Bridge ports whose addresses are checked."],
  [
    `interface groups ${ARRIVING_GROUPS.plain}, ${ARRIVING_GROUPS.guarded}`,
    "Bridge ports of incoming guests, without and with a check of addresses.",
  ],
  [
    `interface groups ${LEARNING_GROUPS.plain}, ${LEARNING_GROUPS.guarded}`,
    "Bridge ports with the MAC address of a virtual router, or on a bridge with EVPN, without and with a check of addresses.",
  ],
  ["tables bridge guestnet, inet guestnet", "Rules of nft(8) for bridge ports and for routed taps."],
];

const FILES: readonly Row[] = [
  ["/etc/libvirt/hooks/qemu", "The hook, as guestnet install writes it."],
  ["/etc/libvirt/hooks/qemu.d/guestnet", "The hook, beside a third-party hook at /etc/libvirt/hooks/qemu."],
  ["/run/guestnet/incoming/", "A file for each guest that migrates to this host."],
];

const ENVIRONMENT: readonly Row[] = [
  [
    "GUESTNET_ENGINE",
    "The JavaScript engine for a call by hand. libvirt passes no such variable; the line engine= of the file has the engine.",
  ],
  ["PATH", "Directories of qjs or node, ip, bridge, nft and logger."],
];

/** Returns the manual page of the hook. */
export const hookPage = (name: string, version: string): string =>
  page({ name, section: 7, version, what: "libvirt hook for VLANs and routed taps of guests" }, [
    section(
      "SYNOPSIS",
      verbatim(["/etc/libvirt/hooks/qemu GUEST OPERATION SUB-OPERATION EXTRA < domain.xml"]),
    ),
    section("DESCRIPTION", DESCRIPTION.map(roff).join("\n.PP\n")),
    section("OPERATIONS", rowsOf(OPERATIONS)),
    section("MARKS IN THE KERNEL", rowsOf(MARKS)),
    section(
      "TIME LIMITS",
      roff(
        "The tools that the hook runs end after 8 seconds, and the hook after 10. If the engine hangs, a start is refused after 12 seconds.",
      ),
    ),
    section(
      "LOG",
      roff("The hook logs to the journal under the identifier guestnet:"),
      verbatim(["journalctl -t guestnet"]),
    ),
    section("EXIT STATUS", rowsOf(EXIT_STATUS)),
    section("FILES", rowsOf(FILES)),
    section("ENVIRONMENT", rowsOf(ENVIRONMENT)),
    section(
      "SEE ALSO",
      references(["guestnet(8)", "genxml(1)", "guest.json(5)", "bridge(8)", "ip-route(8)", "nft(8)"]),
    ),
  ]);
