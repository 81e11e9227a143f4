import { expect, test } from "@jest/globals";
import { parseHosts } from "../../../src/commands/guestnet/hosts/hosts-file.ts";
import { labelsOf } from "../../../src/commands/guestnet/hosts/open-host.ts";
import { guestnet, inFolder } from "../../support/guestnet.ts";
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

const TEXT = `# the two in the cellar
qemu+ssh://root@h1/system

  qemu+ssh://root@h2:2222/system   # the old one\r
qemu:///system
`;

test("a host on each line, in their order; comments and empty lines are for people", () => {
  const hosts = parseHosts("hosts", TEXT);
  const uris = hosts.ok ? hosts.value : [];
  expect(uris.map(({ text }) => text)).toEqual([
    "qemu+ssh://root@h1/system?no_tty=1",
    "qemu+ssh://root@h2:2222/system?no_tty=1",
    "qemu:///system",
  ]);
  expect(labelsOf(uris)).toEqual(["h1", "h2", hostname()]);
});

test("everything that is wrong is told at once, each with its line and column", () => {
  const hosts = parseHosts(
    "hosts",
    "qemu+ssh://h1/system\n  h2 # a name\nqemu+ssh://h1/system\nqemu+ext:///system?command=x\n",
  );
  expect(hosts.ok ? [] : hosts.problems).toEqual([
    expect.stringMatching(/^hosts:2:3: error: "h2" is not a supported libvirt URI: use qemu:\/\/\/system, /),
    "hosts:3:1: error: qemu+ssh://h1/system is already on line 1; name each host once",
    expect.stringMatching(/^hosts:4:1: error: "qemu\+ext:/),
  ]);
});

test.each(["", "# nobody\n"])("a file without a host says what to write: %j", (text) => {
  expect(parseHosts("hosts", text)).toMatchObject({
    ok: false,
    problems: [expect.stringMatching(/^hosts: error: .*qemu\+ssh/)],
  });
});

test("hosts of one name are told apart by their URIs", () => {
  const hosts = parseHosts("hosts", "qemu+ssh://h1:22/system\nqemu+ssh://h1:23/system\n");
  expect(labelsOf(hosts.ok ? hosts.value : [])).toEqual([
    "qemu+ssh://h1:22/system",
    "qemu+ssh://h1:23/system",
  ]);
});

test("a bad file ends status with 1 before anybody is asked, a bad URI with 64", () => {
  inFolder((folder) => {
    const file = join(folder, "hosts");
    writeFileSync(file, "h2\n");
    const { status, stdout, stderr } = guestnet(["status", "--hosts", file]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^\S+\/hosts:1:1: error: /);
    expect(guestnet(["status", "--hosts", join(folder, "none")])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^guestnet: error: cannot read .*none: no such file or directory\nhint: .+\n$/,
      ),
    });
  });
  const wrong = [
    ["--host", "h2"],
    ["--host", "qemu:///system", "--host", "qemu:///system"],
    ["--host", "qemu:///system", "--hosts", "x"],
    ["--host", "qemu:///system", "-c", "qemu:///system"],
    ["--timeout", "0"],
  ];
  for (const args of wrong) expect([args, guestnet(["status", ...args]).status]).toEqual([args, 64]);
});
