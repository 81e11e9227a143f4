import type { Host } from "../host.ts";

const TEMPLATES = "/opt/project/templates";

/** The files that start a repair after changes of a network manager, and where docs/how-to/repair.md puts them. */
const FILES = {
  networkd: ["systemd/guestnet-apply.path", "/etc/systemd/system/guestnet-apply.path"],
  networkmanager: [
    "network-managers/networkmanager-dispatcher",
    "/etc/NetworkManager/dispatcher.d/50-guestnet",
  ],
  ifupdown2: ["network-managers/ifupdown", "/etc/network/if-up.d/50-guestnet"],
  ifupdown: ["network-managers/ifupdown", "/etc/network/if-up.d/50-guestnet"],
} as const;

/** Installs the unit that repairs guests' network, and what starts it after changes of a network manager. */
export const installRepair = async (host: Host, manager: keyof typeof FILES): Promise<void> => {
  const [from, to] = FILES[manager];
  await host.sh(`install -m 644 ${TEMPLATES}/systemd/guestnet-apply.service /etc/systemd/system/
    install -D ${TEMPLATES}/${from} ${to}
    case ${to} in *.path) chmod 644 ${to} ;; esac
    systemctl daemon-reload
    case ${to} in *.path) systemctl enable --now guestnet-apply.path ;; esac`);
};
