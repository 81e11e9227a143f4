// The agent: the lab's hand inside the environment. It reads requests and writes answers, one JSON
// object a line, on its standard input and output, and runs what the requests ask for.
// Plain JavaScript and nothing but node's builtins: User Mode Linux starts processes ten times more
// slowly than the machine below it, and a transpiler would cost a second at each lab.
// The messages are described, as types, in protocol.ts.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/** @typedef {{ code: number, stdout: string, stderr: string }} Ran */
/** @typedef {{ child: ChildProcess, ended: Promise<Ran> }} Job */

/** @type {Map<number, Job>} background processes by pid */
const jobs = new Map();

/** @param {object} message */
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/**
 * The command that runs `argv` in machine `ns`: the pid of the unshare(1) that made it. That process is in
 * the machine's namespaces itself, except for the pid namespace, which only its children are in.
 * @param {number | undefined} ns
 * @param {string[]} argv
 */
const inside = (ns, argv) =>
  ns === undefined
    ? argv
    : ["nsenter", "-t", `${ns}`, "-m", "-n", "-u", `--pid=/proc/${ns}/ns/pid_for_children`, "--", ...argv];

/**
 * Starts a process, as leader of a process group of its own so that all of it can be ended.
 * @param {{ ns?: number, argv: string[], stdin?: string, stream?: number }} request
 * @returns {Job}
 */
function start({ ns, argv, stdin, stream }) {
  const [command = "false", ...rest] = inside(ns, argv);
  const input = stdin === undefined && stream === undefined ? "ignore" : "pipe";
  const child = spawn(command, rest, { stdio: [input, "pipe", "pipe"], detached: true, cwd: "/" });
  /** @type {Buffer[]} */ const out = [];
  /** @type {Buffer[]} */ const err = [];
  if (stream !== undefined) child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (data) =>
    stream === undefined ? out.push(data) : send({ event: "output", stream, data }),
  );
  child.stderr?.on("data", (data) => err.push(data));
  child.stdin?.on("error", () => undefined); // EPIPE: it ended without reading everything, which is its right
  if (stdin !== undefined) child.stdin?.end(stdin);
  /** @type {Promise<Ran>} */
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, stdout: "", stderr: `${error.message}\n` }));
    // A daemon it left behind may hold the pipes open for ever: "close" is not waited for very long.
    child.on("exit", () => setTimeout(() => (child.stdout?.destroy(), child.stderr?.destroy()), 500).unref());
    child.on("close", (code, signal) =>
      resolve({
        code: signal === null ? (code ?? 1) : 128 + constants.signals[signal],
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
  });
  return { child, ended };
}

/**
 * The other processes of a group. A signal goes to them and not to the leader: nsenter would die of it at
 * once, and the exit status of the command below it would be lost.
 * @param {number} leader
 */
const followers = (leader) =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === `${leader}`) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2] === `${leader}`;
    } catch {
      return false; // it has ended since the directory was read
    }
  });

/**
 * @param {number} leader
 * @param {NodeJS.Signals} signal
 */
function signalGroup(leader, signal) {
  const pids = signal === "SIGKILL" ? [] : followers(leader).map(Number);
  for (const pid of pids.length > 0 ? pids : [-leader]) {
    try {
      process.kill(pid, signal);
    } catch {
      // it has ended already
    }
  }
}

/** @type {Record<string, (request: any) => Promise<object>>} */
const operations = {
  async run(request) {
    const { child, ended } = start(request);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    }, request.timeoutMs);
    const ran = await ended;
    clearTimeout(timer);
    return { ...ran, late };
  },
  async start(request) {
    const job = start(request);
    const { pid } = job.child;
    if (pid === undefined) throw new Error((await job.ended).stderr);
    jobs.set(pid, job);
    const { stream } = request;
    if (stream !== undefined) void job.ended.then((ran) => send({ event: "end", stream, ...ran }));
    return { pid };
  },
  async write({ pid, data }) {
    jobs.get(pid)?.child.stdin?.write(data);
    return {};
  },
  async stop({ pid }) {
    const job = jobs.get(pid);
    if (job === undefined) throw new Error(`no background process ${pid}`);
    jobs.delete(pid);
    signalGroup(pid, "SIGINT");
    const harder = [
      setTimeout(signalGroup, 3000, pid, "SIGTERM"),
      setTimeout(signalGroup, 6000, pid, "SIGKILL"),
    ];
    const ran = await job.ended;
    harder.forEach(clearTimeout);
    return ran;
  },
};

/** @param {string} line */
async function answer(line) {
  const { id, op, ...request } = JSON.parse(line);
  try {
    send({ id, ...(await operations[op]?.(request)) });
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : `${error}` });
  }
}

let rest = "";
let received = 0;
process.stdin.setEncoding("utf8");
process.stdin.on("data", (/** @type {string} */ chunk) => {
  received += Buffer.byteLength(chunk);
  if (received > 1000) {
    send({ event: "received", bytes: received }); // the lab waits for this, see channel.ts
    received = 0;
  }
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) if (line !== "") void answer(line);
});
process.stdin.on("end", () => process.exit()); // nobody is left to work for
send({ event: "ready" });
