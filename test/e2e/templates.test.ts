import { describe, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHere } from "../lab/run-here.ts";
import { queriesOf } from "../support/dashboard.ts";

/** Runs something with a folder that is gone afterwards. */
const inFolder = (work: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-templates-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe("templates/systemd", () => {
  const units = readdirSync("templates/systemd").filter((name) => !name.endsWith(".rules"));

  test.each(units)("systemd-analyze has nothing to say about %s", (unit) => {
    inFolder((folder) => {
      // A unit refers to others, and its program has to be there.
      for (const name of units) {
        const text = readFileSync(join("templates/systemd", name), "utf8");
        writeFileSync(join(folder, name), text.replace("/usr/local/bin/guestnet ", "/bin/true "));
      }
      const { status, stdout, stderr } = runHere("systemd-analyze", [
        "verify",
        "--man=no",
        join(folder, unit),
      ]);
      const said = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("guestnet"));
      expect([status, said]).toEqual([0, []]);
    });
  });

  test("it does report a wrong unit", () => {
    inFolder((folder) => {
      const file = join(folder, "guestnet-wrong.timer");
      writeFileSync(file, "[Timer]\nOnCalendar=hourlyish\n");
      expect(runHere("systemd-analyze", ["verify", "--man=no", file]).stderr).toContain("hourlyish");
    });
  });
});

test("promtool accepts each query of the Grafana dashboard", () => {
  inFolder((folder) => {
    const rules = queriesOf(readFileSync("templates/grafana/guestnet.json", "utf8")).map((query, at) => ({
      record: `query_${String(at)}`,
      // What Grafana puts in for its variables.
      expr: query.replaceAll("$guest", ".*").replaceAll("$__rate_interval", "5m"),
    }));
    const file = join(folder, "rules.yml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
    const { status, stdout, stderr } = runHere("promtool", ["check", "rules", file]);
    expect([status, `${stdout}${stderr}`]).toEqual([
      0,
      expect.stringContaining(`${rules.length} rules found`),
    ]);
  });
});
