import { describe, expect, test } from "@jest/globals";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { testHook } from "../../../src/commands/guestnet/install/self-test.ts";
import { deadline } from "../../../src/run/deadline.ts";
import { runUntil } from "../../../src/run/run-child.ts";
import { describeOnEngines } from "../../lab/describe-on-engines.ts";
import { guestnet, guestnetAsUser, inFolder } from "../../support/guestnet.ts";
import { hookCopy } from "../../support/hook-copy.ts";

const FOREIGN = "#!/bin/sh\nexit 0\n";
const main = (root: string): string => join(root, "etc/libvirt/hooks/qemu");
const part = (root: string): string => join(root, "etc/libvirt/hooks/qemu.d/guestnet");
const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
};
const install = (root: string, ...more: readonly string[]) => guestnet(["install", "--root", root, ...more]);

test("installs into an image, all at once and executable, and again without a change", () => {
  inFolder((root) => {
    expect(install(root)).toMatchObject({ status: 0, stdout: "" });
    expect(readFileSync(main(root), "utf8")).toBe(readFileSync("dist/hooks/qemu", "utf8"));
    expect(statSync(main(root)).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(root, "etc/libvirt/hooks"))).toEqual(["qemu"]);
    const before = statSync(main(root)).ino;
    expect(install(root).stderr).toContain(`${main(root)} is already this version`);
    expect(statSync(main(root)).ino).toBe(before);
  });
});

test("an x bit that was lost comes back", () => {
  inFolder((root) => {
    install(root);
    chmodSync(main(root), 0o644);
    install(root);
    expect(statSync(main(root)).mode & 0o777).toBe(0o755);
  });
});

test("replaces an older version of ours", () => {
  inFolder((root) => {
    write(main(root), "#!/bin/sh\n':' /*\n# guestnet 0.0.1: what libvirt runs when a guest starts\n");
    expect(install(root).stderr).toContain(`installed ${main(root)}`);
    expect(readFileSync(main(root), "utf8")).toBe(readFileSync("dist/hooks/qemu", "utf8"));
  });
});

test("somebody else's hook stays, ours goes beside it, and uninstall takes only that", () => {
  inFolder((root) => {
    write(main(root), FOREIGN);
    expect(install(root).stderr).toContain("is a third-party hook and stays; libvirt runs both");
    expect(readFileSync(main(root), "utf8")).toBe(FOREIGN);
    expect(existsSync(part(root))).toBe(true);
    expect(guestnet(["uninstall", "--root", root])).toMatchObject({ status: 0 });
    expect(existsSync(part(root))).toBe(false);
    expect(readFileSync(main(root), "utf8")).toBe(FOREIGN);
    expect(guestnet(["uninstall", "--root", root]).stderr).toContain("the hook is not installed");
  });
});

test("of two of ours one goes: libvirt would run both", () => {
  inFolder((root) => {
    install(root);
    write(part(root), readFileSync(main(root), "utf8"));
    expect(install(root).stderr).toContain(`removed ${part(root)}: libvirt would have run the hook twice`);
    expect(existsSync(part(root))).toBe(false);
  });
});

describe("where the package guestnet-hook is installed", () => {
  const packaged = (root: string): string => join(root, "usr/sbin/guestnet-hook");
  const withPackage = (check: (root: string) => void): void => {
    inFolder((root) => {
      write(packaged(root), readFileSync("dist/hooks/qemu", "utf8"));
      check(root);
    });
  };

  test("its hook is linked, by the path that it has in the image, and again without a change", () => {
    withPackage((root) => {
      expect(install(root)).toMatchObject({
        status: 0,
        stderr: expect.stringContaining(`linked ${part(root)}`),
      });
      expect(readlinkSync(part(root))).toBe("/usr/sbin/guestnet-hook");
      expect(readdirSync(join(root, "etc/libvirt/hooks"))).toEqual(["qemu.d"]);
      expect(install(root).stderr).toContain(`there is already ${part(root)}`);
    });
  });

  test("it takes the place of the copies that install made before", () => {
    withPackage((root) => {
      for (const copy of [main(root), part(root)]) write(copy, readFileSync("dist/hooks/qemu", "utf8"));
      expect(install(root).stderr).toContain(`removed ${main(root)}: libvirt would have run the hook twice`);
      expect(existsSync(main(root))).toBe(false);
      expect(readlinkSync(part(root))).toBe("/usr/sbin/guestnet-hook");
    });
  });

  test("a hook of somebody else's that has its place stays, and that is said", () => {
    withPackage((root) => {
      write(part(root), FOREIGN);
      expect(install(root)).toMatchObject({
        status: 1,
        stderr: `guestnet: error: cannot install the hook of the package guestnet-hook: ${part(root)} is a third-party hook\nhint: mv ${part(root)} /root/\n`,
      });
      expect(readFileSync(part(root), "utf8")).toBe(FOREIGN);
    });
  });

  test("a package of another version is said", () => {
    withPackage((root) => {
      write(packaged(root), "#!/bin/sh\n':' /*\n# guestnet 0.0.1: what libvirt runs when a guest starts\n");
      expect(install(root)).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(
          /^warning: the package guestnet-hook is version 0\.0\.1, this program is /,
        ),
      });
    });
  });

  test("neither its engine nor its removal is ours", () => {
    withPackage((root) => {
      expect(install(root, "--engine", "/opt/node/bin/node").stderr).toContain("instead of --engine");
      expect(existsSync(join(root, "etc"))).toBe(false);
      install(root);
      expect(guestnet(["uninstall", "--root", root])).toMatchObject({
        status: 1,
        stderr: `guestnet: error: cannot remove ${packaged(root)}: it belongs to the package guestnet-hook\nhint: remove that package\n`,
      });
      expect(readlinkSync(part(root))).toBe("/usr/sbin/guestnet-hook");
    });
  });

  test("once it is removed, its link is replaced by a copy, or taken away", () => {
    withPackage((root) => {
      install(root);
      rmSync(packaged(root));
      install(root);
      expect(readFileSync(part(root), "utf8")).toBe(readFileSync("dist/hooks/qemu", "utf8"));
      expect(lstatSync(part(root)).isSymbolicLink()).toBe(false);
      expect(guestnet(["uninstall", "--root", root])).toMatchObject({ status: 0 });
      expect(existsSync(part(root))).toBe(false);
    });
  });
});

test.each(["--engine", "--node"])("%s is what runs the hook", (option) => {
  inFolder((root) => {
    install(root, option, "/opt/node/bin/node");
    expect(readFileSync(main(root), "utf8")).toContain("\nengine=/opt/node/bin/node\n");
  });
});

test("where it cannot write, it says so in one line", () => {
  inFolder((root) => {
    write(join(root, "etc/libvirt"), "a file");
    const { status, stderr } = install(root);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^guestnet: error: cannot create directory .*: a part of the path is not a directory\nhint: .+\n$/,
      ),
    });
  });
});

test.each(["install", "uninstall"])("%s without root is refused in one line", (command) => {
  const { status, stderr } = guestnetAsUser([command]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(
      `cannot run ${command}: it requires root\nhint: sudo guestnet ${command}\n`,
    ),
  });
});

const run = runUntil(deadline(Date.now() + 60_000));

/** The built hook, to be run by this engine. */
const hookOf = (folder: string, engine: string): string => {
  const file = join(folder, "qemu");
  write(file, readFileSync("dist/hooks/qemu", "utf8").replace(/^engine=.*$/m, `engine=${engine}`));
  return file;
};

describeOnEngines("the self-test", (engine) => {
  test("runs the hook as libvirt does, down to the engine and the tools, and says which engine it is", async () => {
    const hook = hookCopy(engine);
    for (const tool of ["ip", "bridge", "nft"]) hook.tool(tool, "exit 0");
    try {
      expect(await testHook(hook.file, null, run)).toMatchObject({
        ok: true,
        said: expect.stringMatching(new RegExp(`^guestnet \\S+ on ${engine.name}( \\S+)?: ready$`)),
      });
      hook.tool("nft", "exit 1");
      expect(await testHook(hook.file, null, run)).toMatchObject({ ok: false });
    } finally {
      hook.remove();
    }
  });
});

test.each([
  ["prints", "#!/bin/sh\necho hello\n", "it printed on standard output, which libvirt reads: hello"],
  ["fails", "#!/bin/sh\necho why >&2; exit 3\n", "it ended with status 3: why"],
  ["is somebody else's", "#!/bin/sh\nexit 0\n", "it said nothing: it is none of this version"],
])("the self-test finds a hook that %s", (_, text, why) =>
  inFolder(async (folder) => {
    write(join(folder, "qemu"), text);
    expect(await testHook(join(folder, "qemu"), null, run)).toEqual({ ok: false, why });
  }),
);

test("the self-test finds a hook without an engine", () =>
  inFolder(async (folder) => {
    const daemon = {
      name: "libvirtd",
      pid: 1,
      startedAt: 0,
      path: "/bin/none:/usr/share",
      profile: null,
    } as const;
    const file = hookOf(folder, "/no/engine");
    write(file, readFileSync(file, "utf8").replace("/usr/sbin:/usr/bin:/sbin:/bin:", ""));
    expect(await testHook(file, daemon, run)).toMatchObject({ ok: false });
  }));
