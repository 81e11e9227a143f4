import { inJob } from "../../src/values/in-job.ts";
import { type Deadline, ended } from "../../src/run/deadline.ts";
import type { Ran, Run } from "../../src/kernel/host.ts";
import type { Engine } from "./engine.ts";
import { decode, encode } from "./utf8.ts";

// errno(3), as on every Linux that runs QEMU guests.
const EEXIST = 17;
const EINVAL = 22;
const MISSING: ReadonlySet<number> = new Set([2, 19, 20]); // ENOENT, ENODEV, ENOTDIR
const SIGKILL = 9;

const readFile = (name: string): string | null => {
  const error: { errno?: number } = {};
  const file = std.open(name, "r", error);
  if (file === null) {
    if (MISSING.has(error.errno ?? 0)) return null;
    throw new Error(`${name}: ${std.strerror(error.errno ?? 0)}`);
  }
  const text = file.readAsString();
  const failed = file.error();
  file.close();
  if (failed) throw new Error(`${name} cannot be read`);
  return text.trim();
};

/** What is there and is no link has no target (readlink(2), EINVAL). For stat(2) QuickJS makes an object with 15 members: 2 µs more. */
const exists = (name: string): boolean => {
  const [, errno] = os.readlink(name);
  return errno === 0 || errno === EINVAL;
};

/** Without the C library's buffer, which would hide the kernel's error. */
const writeFile = (name: string, text: string): void => {
  const bytes = encode(text);
  const fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666);
  const written = fd < 0 ? fd : os.write(fd, bytes.buffer, 0, bytes.length);
  if (fd >= 0) os.close(fd);
  if (written < 0) throw new Error(`${name}: ${std.strerror(-written)}`);
};

/** Returns the path of a program, as execvp(3) looks for it. */
const find = (file: string): string => {
  const folders = file.includes("/") ? [""] : (std.getenv("PATH") ?? "").split(":");
  let failure = "ENOENT";
  for (const folder of folders) {
    const place = folder === "" ? file : `${folder}/${file}`;
    const [stat] = os.stat(place);
    if (stat === null || (stat.mode & os.S_IFMT) !== os.S_IFREG) continue;
    if ((stat.mode & 0o111) !== 0) return place;
    failure = "EACCES";
  }
  throw new Error(`cannot run ${file}: ${failure}`);
};

const pipe = (): readonly [number, number] => {
  const ends = os.pipe();
  if (ends === null) throw new Error("cannot create a pipe");
  return ends;
};

// What a pipe takes without waiting once it takes anything (pipe(7), PIPE_BUF), and little enough for the arguments of one call.
const PIECE = 4096;

/** Takes a fifth of the time of spreading the bytes. */
const toCharacters = (bytes: ArrayLike<number>): string => String.fromCharCode.apply(null, bytes as number[]);

/** Reads a pipe to its end, byte by byte as a character. @returns a function that stops reading and returns the received bytes */
const collect = (fd: number, then: () => void): (() => string) => {
  const buffer = new Uint8Array(PIECE);
  let text = "";
  let open = true;
  const stop = (): string => {
    if (open) {
      os.setReadHandler(fd, null);
      os.close(fd);
    }
    open = false;
    return text;
  };
  os.setReadHandler(fd, () => {
    const count = os.read(fd, buffer.buffer, 0, PIECE);
    if (count > 0) text += toCharacters(buffer.subarray(0, count));
    else {
      stop();
      then();
    }
  });
  return stop;
};

/** Writes all of it into a pipe, and closes that. @returns stops writing */
const feed = (fd: number, bytes: Uint8Array<ArrayBuffer>): (() => void) => {
  let done = 0;
  let open = true;
  const stop = (): void => {
    if (open) {
      os.setWriteHandler(fd, null);
      os.close(fd);
    }
    open = false;
  };
  const writeMore = (): void => {
    const count = os.write(fd, bytes.buffer, done, Math.min(PIECE, bytes.length - done));
    done += count;
    // A program that does not read its input to the end (EPIPE) is judged by how it ends.
    if (count <= 0 || done === bytes.length) stop();
  };
  if (bytes.length === 0) stop();
  else os.setWriteHandler(fd, writeMore);
  return stop;
};

/** Starts a program with the default action of SIGPIPE, which the hook ignores. */
const exec = (words: readonly string[], options: object): number => {
  os.signal(os.SIGPIPE, null);
  const pid = os.exec(words, { ...options, block: false, file: find(words[0] ?? ""), usePath: false });
  // It waits for its parent's processor until that waits: a millisecond less for all calls of a start.
  os.sleep(0);
  os.signal(os.SIGPIPE, undefined);
  return pid;
};

/** A started program, and the hook's ends of its pipes. */
interface Child {
  readonly pid: number;
  readonly input: number;
  readonly output: number;
  readonly errors: number;
}

const start = (file: string, args: readonly string[]): Child => {
  const [[stdin, input], [output, stdout], [errors, stderr]] = [pipe(), pipe(), pipe()];
  try {
    return { pid: exec([file, ...args], { stdin, stdout, stderr }), input, output, errors };
  } catch (error) {
    for (const end of [input, output, errors]) os.close(end);
    throw error;
  } finally {
    for (const end of [stdin, stdout, stderr]) os.close(end);
  }
};

/** Waits until the process ends and closes its pipes. At the deadline it is ended, even if another process holds them. */
const follow = ({ pid, input, output, errors }: Child, file: string, until: number, stdin: string) =>
  new Promise<Ran>((resolve) => {
    let open = 2;
    const close = (): readonly [stdout: string, stderr: string] => {
      os.clearTimeout(timer);
      stopInput();
      return [decode(stopOutput()), decode(stopErrors())];
    };
    const oneIsClosed = (): void => {
      open -= 1;
      if (open > 0) return;
      const [stdout, stderr] = close();
      const [, status] = os.waitpid(pid, 0);
      // wait(2): the signal, and else what it exited with.
      resolve({ code: (status & 127) === 0 ? status >> 8 : 128, stdout, stderr });
    };
    const stopInput = feed(input, encode(stdin));
    const stopOutput = collect(output, oneIsClosed);
    const stopErrors = collect(errors, oneIsClosed);
    const kill = (): void => {
      os.kill(pid, SIGKILL);
      resolve(ended(file, ...close()));
    };
    const timer = os.setTimeout(kill, Math.max(1, until - Date.now()));
  });

const runUntil =
  (deadline: Deadline): Run =>
  (file, args, stdin = "") =>
    inJob(() => follow(start(file, args), file, deadline(), stdin));

const leaveNow = (file: string, args: readonly string[]): number => {
  const nothing = os.open("/dev/null", os.O_RDWR);
  try {
    // It has no setsid(2), and setsid(1) becomes the program.
    return exec(["setsid", file, ...args], { stdin: nothing, stdout: nothing, stderr: nothing, cwd: "/" });
  } finally {
    os.close(nothing);
  }
};

const makeFolder = (name: string): void => {
  const parents = name.split("/").slice(1);
  for (const [index] of parents.entries()) {
    const folder = `/${parents.slice(0, index + 1).join("/")}`;
    const made = os.mkdir(folder, 0o777);
    if (made < 0 && made !== -EEXIST) throw new Error(`${folder}: ${std.strerror(-made)}`);
  }
};

/** QuickJS, Bellard's or quickjs-ng, started with --std. */
export const quickjs = (): Engine => ({
  name: "QuickJS",
  hook: scriptArgs[0] ?? "",
  args: scriptArgs.slice(1),
  takeVariable: (name) => {
    const value = std.getenv(name) ?? "";
    std.unsetenv(name);
    return value;
  },
  isRoot: () => os.stat("/proc/self")[0]?.uid === 0,
  readInput: () => std.in.readAsString(),
  writeError: (text) => {
    std.err.puts(text);
    std.err.flush();
  },
  exit: (status) => std.exit(status),
  after: (ms, act) => {
    const timer = os.setTimeout(act, ms);
    return () => {
      os.clearTimeout(timer);
    };
  },
  readFile,
  writeFile,
  exists,
  makeFolder,
  removeFile: (name) => {
    os.remove(name);
  },
  runUntil,
  leave: (file, args) => inJob(() => leaveNow(file, args)),
});
