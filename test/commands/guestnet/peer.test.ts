import { describe, expect, test } from "@jest/globals";
import { readHardware } from "../../../src/commands/guestnet/doctor/peer/read-hardware.ts";
import { readSide } from "../../../src/commands/guestnet/doctor/peer/read-side.ts";
import { filesHere } from "../../../src/commands/guestnet/system/files-here.ts";
import type { OpenHost } from "../../../src/commands/guestnet/hosts/open-host.ts";
import type { Ran, Run } from "../../../src/kernel/host.ts";
import { guestnet } from "../../support/guestnet.ts";

const said = (stdout: string, code = 0, stderr = ""): Ran => ({ code, stdout, stderr });

/** What the programs of a Debian 12 host print, shortened; libvirt 9.0, QEMU 7.2, iproute2 6.1. */
const ADDRESSES = JSON.stringify([
  { ifname: "br0", mtu: 1500, linkinfo: { info_kind: "bridge" }, addr_info: [] },
  {
    ...{
      ifname: "br0.20",
      link: "br0",
      mtu: 1500,
      linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 20 } },
    },
    addr_info: [
      { family: "inet", local: "192.0.2.1", prefixlen: 24, scope: "global" },
      { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" },
    ],
  },
]);
const VERSION = `Compiled against library: libvirt 9.0.0
Using library: libvirt 9.0.0
Using API: QEMU 9.0.0
Running hypervisor: QEMU 7.2.22
Running against daemon: 9.0.0
`;
const ANSWERS: readonly [RegExp, Ran][] = [
  [/^ip -json -details address show$/, said(ADDRESSES)],
  [/^ip -json -4 route show default$/, said('[{"dst":"default","gateway":"198.51.100.1","dev":"up0"}]')],
  [/^ip -json -6 route show default$/, said("[ ]\n")],
  [/^ps -e -o comm=$/, said("systemd\nzebra\nbgpd\nbird\nsshd\n")],
  [
    /^find -L \/etc\/libvirt\/hooks\/qemu /,
    said("/etc/libvirt/hooks/qemu.d/guestnet:# guestnet 0.1.0: what libvirt runs when\n", 1),
  ],
];
const answering =
  (answers: readonly [RegExp, Ran][]): Run =>
  (file, args) => {
    const line = [file, ...args].join(" ");
    const found = answers.find(([pattern]) => pattern.test(line));
    return found === undefined
      ? Promise.reject(new Error(`no answer to ${line}`))
      : Promise.resolve(found[1]);
  };

test("a host is read from what its programs print", async () => {
  expect(await readSide(answering(ANSWERS), () => Promise.resolve(said(VERSION)))).toEqual({
    hook: { file: "/etc/libvirt/hooks/qemu.d/guestnet", version: "0.1.0" },
    libvirt: { kind: "version", text: "9.0.0" },
    qemu: { kind: "version", text: "7.2.22" },
    defaults: new Set(["ipv4"]),
    daemons: ["bgpd", "bird"],
    mtus: new Map([
      ["br0", 1500],
      ["br0.20", 1500],
    ]),
    vlanAddresses: [{ bridge: "br0", vlan: 20, addresses: ["192.0.2.1/24"] }],
  });
});

describe("hardware", () => {
  const xml = (cpu: string, machine = "pc-q35-7.2"): string => `<domain type='kvm' id='1'>
  <name>x</name>
  <os>
    <type arch='x86_64' machine='${machine}'>hvm</type>
  </os>
${cpu}
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
  </devices>
</domain>`;
  const CUSTOM = "  <cpu mode='custom' match='exact'>\n    <model>Skylake-Server</model>\n  </cpu>";
  const PASSED = "  <cpu mode='host-passthrough' check='none' migratable='on'/>";
  const flags = (text: string): Run => answering([[/^grep .*cpuinfo$/, said(`flags\t\t: ${text}\n`)]]);

  const notUsed = (): never => {
    throw new Error("hardware does not need it");
  };
  const peer = (
    machine: Ran,
    cpu: (file: string) => Ran,
    run: Run = flags("fpu"),
    asked: string[] = [],
  ): OpenHost => ({
    ...{ run, chain: notUsed, files: filesHere, by: notUsed },
    look: () => Promise.reject(new Error("not here")),
    virsh: (...args) => {
      asked.push(args.join(" "));
      return Promise.resolve(machine);
    },
    uri: "qemu:///system",
    byUri: (...args) => {
      asked.push(args.filter((arg) => !arg.includes("/")).join(" "));
      return Promise.resolve(cpu(args[1] ?? ""));
    },
    close: () => Promise.resolve(),
  });
  const FITS = (file: string): Ran =>
    said(`The CPU provided by hypervisor on the host is a superset of CPU described in ${file}\n\n`);
  const guests = ["a", "b"].map((name) => ({ name, xml: xml(CUSTOM) }));

  test("each machine type and CPU is asked for once, however many guests have it", async () => {
    const asked: string[] = [];
    expect(await readHardware(guests, flags("fpu"), peer(said(""), FITS, undefined, asked))).toEqual([
      { guests: ["a", "b"], what: "machine pc-q35-7.2", verdict: { kind: "fits" } },
      { guests: ["a", "b"], what: "CPU", verdict: { kind: "fits" } },
    ]);
    expect(asked).toEqual([
      "domcapabilities --virttype kvm --arch x86_64 --machine pc-q35-7.2 --emulatorbin /usr/bin/qemu-system-x86_64",
      "hypervisor-cpu-compare --virttype kvm --arch x86_64 --machine pc-q35-7.2",
    ]);
  });

  test("what libvirt says is missing there is told in its words", async () => {
    const machine = said(
      "",
      1,
      "error: failed to get emulator capabilities\nerror: invalid argument: the machine 'pc-q35-7.2' is not supported by emulator '/usr/bin/qemu-system-x86_64'\n",
    );
    const cpu = (file: string): Ran =>
      said(`CPU described in ${file} is incompatible with the CPU provided by hypervisor on the host\n\n`, 1);
    const verdicts = (await readHardware(guests, flags(""), peer(machine, cpu))).map(
      ({ verdict }) => verdict,
    );
    expect(verdicts).toEqual([
      { kind: "lacks", why: expect.stringMatching(/the machine 'pc-q35-7.2' is not supported by emulator/) },
      {
        kind: "lacks",
        why: "CPU described in the guest is incompatible with the CPU provided by hypervisor on the host",
      },
    ]);
  });

  test("a comparison that libvirt does not make is not known, not good", async () => {
    const cpu = (): Ran => said("", 1, "error: this function is not supported by the connection driver\n");
    expect((await readHardware(guests, flags(""), peer(said(""), cpu)))[1]?.verdict).toMatchObject({
      kind: "unknown",
    });
  });

  test.each([
    ["fpu avx2", { kind: "fits" }],
    ["fpu avx2 amx", { kind: "fits" }],
    ["fpu", { kind: "lacks", why: expect.stringMatching(/^the CPU there has not avx2, /) }],
  ])("a guest with this host's own CPU needs all of its flags: %s", async (there, verdict) => {
    const own = [{ name: "a", xml: xml(PASSED) }];
    const found = await readHardware(own, flags("fpu avx2"), peer(said(""), FITS, flags(there)));
    expect(found[1]?.verdict).toEqual(verdict);
  });
});

test.each([
  [["doctor", "web1"], 64, /guests can be named with --peer only/],
  [["doctor", "--peer", "h2"], 64, /is not a supported libvirt URI/],
])("%j", (args, status, why) => {
  const ran = guestnet(args);
  expect([ran.status, ran.stderr]).toEqual([status, expect.stringMatching(why)]);
});
