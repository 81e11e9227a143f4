import type { Host } from "../host.ts";

const FILES: Readonly<Record<string, string>> = {
  "10-br0.netdev": `[NetDev]
Name=br0
Kind=bridge
MACAddress=02:00:5e:00:00:10
[Bridge]
VLANFiltering=yes
DefaultPVID=none
STP=no
`,
  "10-up0.netdev": "[NetDev]\nName=up0\nKind=dummy\n",
  "20-br0.network": `[Match]
Name=br0
[Network]
LinkLocalAddressing=no
ConfigureWithoutCarrier=yes
`,
  "20-up0.network": `[Match]
Name=up0
[Network]
Bridge=br0
LinkLocalAddressing=no
[BridgeVLAN]
VLAN=20-29
`,
};

/** Gives a host a bridge that filters VLANs, with an uplink, by systemd-networkd: at once and at each boot. It forwards packets of routed guests. */
export const bridgeByNetworkd = async (host: Host): Promise<void> => {
  for (const [name, text] of Object.entries(FILES))
    await host.writeFile(`/etc/systemd/network/${name}`, text);
  await host.writeFile(
    "/etc/sysctl.d/50-forwarding.conf",
    "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n",
  );
  await host.sh(`systemctl enable --now systemd-networkd
    sysctl -q --load=/etc/sysctl.d/50-forwarding.conf
    timeout 60 sh -c 'until bridge vlan show dev up0 | grep -q 20; do sleep 0.2; done'`);
};
