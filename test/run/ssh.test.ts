import { expect, test } from "@jest/globals";
import { runOver } from "../../src/run/ssh.ts";
import type { Ran, Run } from "../../src/kernel/host.ts";
import { runProgram } from "../support/run-program.ts";

const WAY = { kind: "ssh", host: "h2", user: "root", port: 2222, keyfile: null, verify: true } as const;

/** Another host whose login shell is this machine's. @param die what ends its sessions early */
const there = (seen: (readonly string[])[] = [], die: (session: number) => Ran | null = () => null) => {
  const run: Run = (file, args, stdin) => {
    seen.push([file, ...args]);
    const dead = die(seen.length);
    if (dead !== null) return Promise.resolve(dead);
    const { status, stdout, stderr } = runProgram("sh", ["-c", args.at(-1) ?? ""], { input: stdin ?? "" });
    return Promise.resolve({ code: status ?? 1, stdout, stderr });
  };
  return runOver(WAY, "/run/x/s", 5000, run, (args) => ({
    run: (script) => run("ssh", args, script),
    close: () => Promise.resolve(),
  }));
};

test("the command is the same for all programs, and the host is where no option can be", async () => {
  const seen: (readonly string[])[] = [];
  const { stdout } = await there(seen).run("echo", ["x; reboot"]);
  expect(stdout).toBe("x; reboot\n");
  const [line = []] = seen;
  expect(line.slice(0, 2)).toEqual(["ssh", "-T"]);
  expect(line).toEqual(expect.arrayContaining(["BatchMode=yes", "ConnectTimeout=5", "2222"]));
  expect(line).toEqual(expect.arrayContaining(["ControlMaster=auto", "ControlPath=/run/x/s"]));
  expect(line.slice(line.indexOf("--"))).toEqual(["--", "h2", "exec sh"]);
});

test("programs that are asked for at the same time, or while others run, share a session", async () => {
  const seen: (readonly string[])[] = [];
  const { run } = there(seen);
  const echo = async (word: string): Promise<string> => (await run("echo", [word])).stdout;
  const first = ["a", "b", "c"].map(echo);
  const later = first.map(async (one) => echo(await one));
  expect(await Promise.all([...first, ...later])).toEqual([
    ...["a\n", "b\n", "c\n"],
    ...["a\n\n", "b\n\n", "c\n\n"],
  ]);
  expect(seen).toHaveLength(2);
});

test("what the program itself says and how it ends comes back", async () => {
  const ran = await there().run("sh", ["-c", "echo out; echo err >&2; exit 255"]);
  expect(ran).toEqual({ code: 255, stdout: "out\n", stderr: "err\n" });
});

test("a program that is not installed there is said so", async () => {
  await expect(there().run("no-such-program", [])).rejects.toThrow(
    "cannot run no-such-program on h2: it is not installed",
  );
});

const dead = (code: number, stderr: string): Ran => ({ code, stdout: "", stderr });

test.each([
  [
    dead(255, "Warning: old\nssh: connect to host h2 port 22: No route to host\n"),
    /^cannot connect to h2: ssh: connect .* No route to host$/,
  ],
  [dead(255, ""), /without a message/],
  [dead(124, ""), /^cannot connect to h2: no answer within 5 s$/],
  [dead(1, "This account is not available.\n"), /^cannot run programs on h2: This account/],
])("a first session that ends as %j is told as what it is", async (how, why) => {
  await expect(there([], () => how).run("true", [])).rejects.toThrow(why);
});

test.each([
  [dead(255, "Connection closed\n"), "Connection closed"],
  [dead(124, ""), "no answer within 5 s"],
])("a connection that dies later as %j is lost, and everything that waits is told so", async (how, why) => {
  const { run } = there([], (session) => (session > 1 ? how : null));
  await run("true", []);
  const ended = await Promise.allSettled([run("true", []), run("false", [])]);
  expect(ended).toEqual(
    ended.map(() => ({
      status: "rejected",
      reason: expect.objectContaining({ message: `lost the connection to h2: ${why}` }),
    })),
  );
});

test("a host of which a program has answered is connected, though another hangs in the first session", async () => {
  const { run } = runOver(
    WAY,
    "/run/x/s",
    5000,
    () => Promise.reject(new Error("no chain")),
    () => ({
      run: (script) => {
        const mark = /guestnet-[0-9a-f]+/.exec(script)?.[0] ?? "";
        return Promise.resolve({ code: 124, stdout: `0\n\n${mark} 0\n\n${mark}\n`, stderr: "" });
      },
      close: () => Promise.resolve(),
    }),
  );
  const ended = await Promise.allSettled([run("id", ["-u"]), run("virsh", ["list"])]);
  expect(ended[1]).toMatchObject({ reason: { message: "lost the connection to h2: no answer within 5 s" } });
});

test("a shell that has ended is replaced for the next programs, and its own are not repeated", async () => {
  const shells: number[] = [];
  const { run } = runOver(
    ...([WAY, "/run/x/s", 5000, () => Promise.reject(new Error("no chain"))] as const),
    () => {
      const shell = shells.push(0) - 1;
      return {
        run: (script) => {
          shells[shell] = (shells[shell] ?? 0) + 1;
          if (shell === 0 && shells[0] === 2) return Promise.resolve(dead(255, "Connection closed\n"));
          const { stdout, stderr } = runProgram("sh", [], { input: script });
          return Promise.resolve({ code: 0, stdout, stderr });
        },
        close: () => Promise.resolve(),
      };
    },
  );
  await run("true", []);
  await expect(run("echo", ["lost"])).rejects.toThrow("lost the connection to h2: Connection closed");
  expect((await run("echo", ["again"])).stdout).toBe("again\n");
  expect(shells).toEqual([2, 1]);
});

test("a chain ends with the first program that fails, and that is no lost connection", async () => {
  const chain = ["true", "false", "true"].map((file) => ({ file, args: [], stdin: "" }));
  expect((await there().chain(chain)).map(({ code }) => code)).toEqual([0, 1]);
});
