// Runs the rest of the hook's file, from what V8 compiled of it at an earlier call of this kind: most functions run once, and to compile
// them is a seventh of a call. The head of the file holds this text and hands it to Node by a pipe, so Node itself need not
// compile the file, either.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";

process.argv.splice(1, 1); // this loader
const [, hook = ""] = process.argv;
const { GUESTNET_COMPILED: kept = "" } = process.env;
delete process.env["GUESTNET_COMPILED"];

const { ino, size, mtimeMs, ctimeMs } = statSync(hook);
/** V8 looks at its own version and at the length of the source, and trusts the rest. */
const origin = Buffer.from(`${[process.version, ino, size, mtimeMs, ctimeMs].join(" ")}\n`);

const readKept = (): Buffer | undefined => {
  try {
    const bytes = readFileSync(kept);
    return bytes.subarray(0, origin.length).equals(origin) ? bytes.subarray(origin.length) : undefined;
  } catch {
    return undefined;
  }
};

// Which is ASCII. The end of the head's comment is not to be written here, within it.
const source = readFileSync(hook, "latin1");
const head = source.indexOf(["\n*", "\n"].join("/")) + 3;
const cachedData = readKept();
const script = new Script(`(function (require, process) {${source.slice(head)}})`, {
  filename: hook,
  lineOffset: source.slice(0, head).split("\n").length - 1,
  ...(cachedData === undefined ? {} : { cachedData }),
});

if (kept !== "" && (cachedData === undefined || script.cachedDataRejected === true)) {
  process.on("exit", (status) => {
    if (status !== 0) return;
    try {
      const folder = kept.slice(0, kept.lastIndexOf("/"));
      for (const each of [folder.slice(0, folder.lastIndexOf("/")), folder])
        if (!existsSync(each)) mkdirSync(each, { mode: 0o755 });
      const whole = `${kept}.${String(process.pid)}`;
      writeFileSync(whole, Buffer.concat([origin, script.createCachedData()]), { mode: 0o644 });
      renameSync(whole, kept);
    } catch {
      // It costs time the next time, too, and nothing else.
    }
  });
}
const run = script.runInThisContext() as (require: NodeJS.Require, process: NodeJS.Process) => void;
run(require, process);
