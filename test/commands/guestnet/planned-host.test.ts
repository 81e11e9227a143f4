import { expect, test } from "@jest/globals";
import type { DescribedHost } from "../../../src/commands/genxml/input/host-network.ts";
import { type ReadableHost, planHost } from "../../../src/commands/guestnet/host/planned-host.ts";
import { filesHere } from "../../../src/commands/guestnet/system/files-here.ts";
import { renderHost } from "../../../src/host-network/render.ts";
import { toHostNetwork } from "../../../src/host-network/to-host-network.ts";
import { readSite } from "../../../src/site/site.ts";

const read = readSite('{ "bridges": { "br0": { "uplinks": ["eno1"], "vlans": { "mgmt": 10 } } } }');
if (!read.ok) throw new Error("the host.json has errors");
const HOST: DescribedHost = { ...read.value, file: "host.json", network: toHostNetwork(read.value.site) };
const WRITTEN = renderHost(HOST.network, "networkd").map(({ path, text, mode }) => ({
  path: `/${path}`,
  text,
  mode,
}));
const NETWORK = "/etc/systemd/network";

/** A host with these files, without devices. */
const hostWith = (files: Readonly<Record<string, string>>): ReadableHost => {
  const modes = new Map(WRITTEN.map(({ path, mode }) => [path, mode]));
  return {
    run: () => Promise.resolve({ code: 0, stdout: "[]", stderr: "" }),
    readSysctl: () => null,
    files: {
      ...filesHere,
      read: (path) => Promise.resolve(files[path] ?? null),
      names: (directory) =>
        Promise.resolve(
          Object.keys(files).flatMap((path) =>
            path.startsWith(`${directory}/`) ? [path.slice(directory.length + 1)] : [],
          ),
        ),
      state: (path) =>
        Promise.resolve(
          path in files ? { kind: "file", mode: modes.get(path) ?? 0o644, writtenAt: 0 } : null,
        ),
    },
  };
};
/** The network manager of a host with active units and files. */
const managerOf = async (active: readonly string[], files: Readonly<Record<string, string>>) => {
  const host = hostWith(files);
  const run: ReadableHost["run"] = (file, args, stdin) =>
    file === "systemctl"
      ? Promise.resolve({ code: active.includes(args.at(-1) ?? "") ? 0 : 3, stdout: "", stderr: "" })
      : host.run(file, args, stdin);
  return (await planHost(HOST, null, [], { ...host, run })).format;
};
const ALL = Object.fromEntries(WRITTEN.map(({ path, text }) => [path, text]));
const changesOf = async (files: Readonly<Record<string, string>>, ...removed: readonly string[]) =>
  (await planHost(HOST, "networkd", removed, hostWith(files))).files.map(({ path, before, next }) => [
    path,
    before === null ? "new" : next === null ? "removed" : "changed",
  ]);

test("files that are as they should be are no change, and all others are", async () => {
  expect(await changesOf(ALL)).toEqual([]);
  expect(await changesOf({})).toEqual(WRITTEN.map(({ path }) => [path, "new"]));
  expect(await changesOf({ ...ALL, [`${NETWORK}/20-br0.network`]: "other" })).toEqual([
    [`${NETWORK}/20-br0.network`, "changed"],
  ]);
});

test("a file of an earlier host.json goes, an administrator's only when it is named", async () => {
  const old = `${NETWORK}/20-eno9.network`;
  const own = `${NETWORK}/eno1.network`;
  const files = { ...ALL, [old]: "# Written by genxml host from host.json.\n", [own]: "[Match]\n" };
  expect(await changesOf(files)).toEqual([[old, "removed"]]);
  expect(await changesOf(files, own)).toEqual([
    [old, "removed"],
    [own, "removed"],
  ]);
});

test.each([
  [`${NETWORK}/typo.network`, "it does not exist"],
  [`${NETWORK}/20-br0.network`, "host.json writes it"],
])("--remove %s is refused: %s", async (path, why) => {
  await expect(changesOf(ALL, path)).rejects.toThrow(`cannot remove ${path}: ${why}`);
});

test.each<readonly [string, readonly string[], Readonly<Record<string, string>>, string]>([
  ["one", ["systemd-networkd"], {}, "networkd"],
  ["netplan, and what runs below it", ["systemd-networkd"], { "/etc/netplan/a.yaml": "" }, "netplan"],
  ["ifupdown, which does not run", [], { "/etc/network/interfaces": "" }, "ifupdown"],
])("without --format it is the host's own network manager: %s", async (_, active, files, format) => {
  expect(await managerOf(active, files)).toBe(format);
});

test("a host with several network managers has to be told which one is to have the devices, and one without any, too", async () => {
  await expect(managerOf(["NetworkManager", "systemd-networkd"], {})).rejects.toThrow(
    "cannot choose the host's network manager: it has networkmanager and networkd",
  );
  await expect(managerOf(["systemd-networkd"], { "/usr/local/sbin/guestnet-host": "" })).rejects.toThrow(
    "it has networkd and iproute2",
  );
  await expect(managerOf([], {})).rejects.toThrow("cannot find the host's network manager");
});
