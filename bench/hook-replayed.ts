import { detect, openLab } from "../test/lab/lab.ts";
import { installHook } from "../test/e2e/install-hook.ts";
import { type Contender, calls, FLOORS, HOOK, measureOn, printBound, printTime } from "./in-lab.ts";
import { plainGuest } from "./bridge-guest.ts";

const BRIDGE = 'bridge=$(readlink -f "$(command -v bridge)"); cp "$bridge" /run/bridge';
const PORT = `ip link set br0 up; ip tuntap add dev vm-0 mode tap; ip link set vm-0 master br0 up`;

/** What `bridge` answers the hook where the kernel filters VLANs. */
const record = async (): Promise<string> => {
  const lab = await openLab(["vlan-filtering", "nft-bridge"]);
  try {
    const host = await lab.machine("host");
    await host.sh(`ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ${PORT}; ${BRIDGE}`);
    await host.writeFile("/run/recorder", `#!/bin/sh\n/run/bridge "$@" | tee /run/answer\n`, 0o755);
    await installHook(host);
    await host.sh('mount --bind /run/recorder "$(readlink -f "$(command -v bridge)")"');
    await host.writeFile("/run/vm.xml", plainGuest);
    await host.sh(`${HOOK} vm start begin - </run/vm.xml`);
    return await host.sh("cat /run/answer");
  } finally {
    await lab.close();
  }
};

/** The real `bridge` does what this kernel lets it do of each line, and then the recorded answer is given: more work than without. */
const REPLAYER = `#!/bin/sh
/run/bridge -force "$@" >/dev/null 2>&1
while IFS= read -r line; do printf '%s\\n' "$line"; done </run/answer
`;

/** The files of /sys that the hook reads, those of a kernel that filters VLANs among them. */
const FILES = `
for dev in vm-0 br0; do
  mkdir -p /run/net/$dev
  for file in netdev_group ifindex tx_queue_len address mtu flags ifalias; do cp /sys/class/net/$dev/$file /run/net/$dev/; done
done
mkdir -p /run/net/br0/bridge /run/net/br0/brif/vm-0
echo 1 >/run/net/br0/bridge/vlan_filtering
echo 0 >/run/net/br0/bridge/default_pvid
echo 0x1 >/run/net/br0/brif/vm-0/port_no
mount --bind /run/net /sys/class/net`;

const before = "echo 0 >/sys/class/net/vm-0/netdev_group";
const contenders: readonly Contender[] = [
  ...FLOORS,
  { name: "start", before, calls: calls(HOOK, ["start"], plainGuest) },
  {
    name: "all calls of one virsh start",
    before,
    calls: calls(HOOK, ["prepare", "start", "started"], plainGuest),
  },
];

/** A bridge guest on this machine's own kernel, which filters no VLANs: what one that does has answered is replayed. */
export const benchReplayed = async (rounds: number): Promise<void> => {
  const found = detect(["vlan-filtering"]);
  if ("mode" in found && found.mode === "native") return; // then it was measured itself
  const answer = await record();
  const lab = await openLab(["nft-inet"]);
  try {
    const host = await lab.machine("host");
    await host.sh(`ip link add br0 type bridge; ${PORT}; ${BRIDGE}`);
    await installHook(host);
    await host.writeFile("/run/answer", answer);
    await host.writeFile("/run/replayer", REPLAYER, 0o755);
    await host.sh(`mount --bind /run/replayer "$(readlink -f "$(command -v bridge)")"; ${FILES}`);
    const times = await measureOn(host, contenders, rounds);
    console.log("\nA bridge guest, a kernel's answers about VLANs replayed\n");
    for (const [name, ms] of times) printTime(name, ms);
    const time = (name: string): number => times.get(name) ?? NaN;
    const node = time("node -e 0");
    console.log("");
    printBound("start - node -e 0", time("start") - node, 12);
    printBound("all calls / node -e 0", time("all calls of one virsh start") / node, 1.8);
  } finally {
    await lab.close();
  }
};
