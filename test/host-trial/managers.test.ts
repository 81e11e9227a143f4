import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commandsOf, type Line, lineText, programOf } from "../../src/host-trial/managers.ts";
import { runProgram } from "../support/run-program.ts";
import { described } from "./live-hosts.ts";

const FOLDER = "/etc/NetworkManager/system-connections";
const FILES = [
  { path: `${FOLDER}/eno1.nmconnection`, before: false, after: true },
  { path: `${FOLDER}/The office: 1.nmconnection`, before: true, after: false },
  { path: "/etc/NetworkManager/conf.d/50-guestnet.conf", before: false, after: true },
];

/** NetworkManager 1.42 has made up a connection for eno1, of the same name as the one of the file. */
const NMCLI = `#!/bin/sh
case "$*" in
"--escape no --get-values UUID,FILENAME connection show")
    echo '3de6cdaf-36ae-4b30-90fc-6929e53500b4:/run/NetworkManager/system-connections/eno1.nmconnection'
    echo '41ed9794-b952-3497-b048-f5c87984da6b:${FOLDER}/eno1.nmconnection'
    echo '1c1b6247-7997-3785-84fe-d15a91423991:${FOLDER}/The office: 1.nmconnection'
    ;;
*) echo "$*" ;;
esac
`;

describe("the commands for NetworkManager", () => {
  const { apply, back } = commandsOf("networkmanager", described("vlan-aware").network, FILES);
  const connectionsOf = (lines: readonly Line[]): readonly Line[] =>
    lines.filter((line) => lineText(line).startsWith("nmcli "));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "guestnet-nmcli-"));
    writeFileSync(join(folder, "nmcli"), NMCLI);
    chmodSync(join(folder, "nmcli"), 0o755);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = ([program, ...args]: Line) =>
    runProgram(program, args, { env: { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` } });

  test("activate the connections of the files that are there, each by its UUID", () => {
    const all = [...connectionsOf(apply), ...connectionsOf(back)].map(run);
    expect(all.map(({ stdout }) => stdout)).toEqual([
      "--wait 20 connection up uuid 41ed9794-b952-3497-b048-f5c87984da6b\n",
      "--wait 20 connection up uuid 1c1b6247-7997-3785-84fe-d15a91423991\n",
    ]);
  });

  test("fail for a file that NetworkManager has not read, as one with an error", () => {
    const files = [{ path: `${FOLDER}/eno9.nmconnection`, before: false, after: true }];
    const lines = connectionsOf(commandsOf("networkmanager", described("vlan-aware").network, files).apply);
    expect(lines.map(run)).toMatchObject([{ status: 1, stderr: "NetworkManager has not read it\n" }]);
  });

  test("are shown without their script, and need nmcli", () => {
    expect(connectionsOf(apply).map(lineText)).toEqual([`nmcli connection up ${FOLDER}/eno1.nmconnection`]);
    expect(connectionsOf(apply).map(programOf)).toEqual(["nmcli"]);
    expect(programOf(["systemctl", "restart", "NetworkManager"])).toBe("systemctl");
  });
});
