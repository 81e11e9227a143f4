import { describe, expect, test } from "@jest/globals";
import { parseHostUri } from "../../src/run/host-uri.ts";

const SSH = { kind: "ssh", user: null, port: null, keyfile: null, verify: true };

test.each([
  ["qemu:///system", { kind: "here" }],
  ["qemu+unix:///system?socket=/run/other/libvirt-sock", { kind: "here" }],
  ["qemu+ssh://h2/system", { ...SSH, host: "h2" }],
  [
    "qemu+ssh://root@h2.example.com:2222/system",
    { ...SSH, host: "h2.example.com", user: "root", port: 2222 },
  ],
  ["qemu+ssh://root@[2001:db8::2]/system", { ...SSH, host: "2001:db8::2", user: "root" }],
  [
    "qemu+ssh://h2/system?keyfile=/root/.ssh/lab&no_verify=1",
    { ...SSH, host: "h2", keyfile: "/root/.ssh/lab", verify: false },
  ],
])("%s", (text, way) => {
  expect(parseHostUri(text)).toMatchObject({ ok: true, value: { way } });
});

test.each([
  ["qemu+ssh://h2/system", "qemu+ssh://h2/system?no_tty=1"],
  ["qemu+ssh://h2/system?keyfile=/k", "qemu+ssh://h2/system?keyfile=/k&no_tty=1"],
  ["qemu+ssh://h2/system?no_tty=0", "qemu+ssh://h2/system?no_tty=0"],
  ["qemu:///system", "qemu:///system"],
])("virsh never asks for a password in the middle of many hosts: %s", (text, given) => {
  expect(parseHostUri(text)).toMatchObject({ ok: true, value: { text: given } });
});

test.each([
  ["qemu+ssh://h2/system", "qemu:///system"],
  ["qemu+ssh://h2/system?socket=/run/a b", "qemu+unix:///system?socket=%2Frun%2Fa%20b"],
])("what libvirt is called on the other host: %s", (text, there) => {
  expect(parseHostUri(text)).toMatchObject({ ok: true, value: { there } });
});

describe("nothing in a URI runs a program, or is taken for an option", () => {
  test.each([
    ["qemu+ssh://h2/system?command=/tmp/evil", /unsupported parameter command/],
    ["qemu+ssh://h2/system?netcat=/tmp/evil", /unsupported parameter netcat/],
    ["qemu+ext:///system?command=/tmp/evil", /is not a supported libvirt URI/],
    ["qemu+ssh://-oProxyCommand=evil/system", /is not a name or address of a host/],
    ["qemu+ssh://-v/system", /is not a name or address of a host/],
    ["qemu+ssh://-l@h2/system", /is not a user name/],
    ["qemu+ssh://%2DoProxyCommand@h2/system", /is not a user name/],
    ["qemu+ssh://$(evil)/system", /is no/],
    ["qemu+ssh://a%20b/system", /is no/],
    ["qemu+ssh://root:secret@h2/system", /contains a password/],
  ])("%s", (text, why) => {
    const read = parseHostUri(text);
    expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(why)]);
  });
});

test.each([
  ["h2", /use qemu:\/\/\/system, /],
  ["xen:///system", /is not a supported libvirt URI/],
  ["qemu+tcp://h2/system", /is not a supported libvirt URI/],
  ["qemu:///session", /ends in \/session: use \/system/],
  ["qemu+ssh://h2", /ends in no path: use/],
  ["qemu+ssh:///system", /the host is missing/],
  ["qemu+unix://h2/system", /does not name this machine/],
  ["qemu:///system?keyfile=/k", /unsupported parameter keyfile: use socket, mode/],
])("%s is refused, with what is allowed", (text, why) => {
  const read = parseHostUri(text);
  expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(why)]);
});
