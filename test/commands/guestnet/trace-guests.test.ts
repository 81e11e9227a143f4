import { expect, test } from "@jest/globals";
import { readGuests } from "../../../src/commands/guestnet/trace/find-guests.ts";
import type { Ran } from "../../../src/kernel/host.ts";

const said = (stdout: string): Ran => ({ code: 0, stdout, stderr: "" });
const domain = (name: string): string => `<domain type='kvm'>\n  <name>${name}</name>\n</domain>\n\n`;

/** A libvirt that answers each command line with what virsh prints for it. */
const answering = (answers: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  const virsh = (...args: readonly string[]): Promise<Ran> => {
    const line = args.join(" ");
    asked.push(line);
    return Promise.resolve(said(answers[line] ?? ""));
  };
  return { asked, virsh };
};

test("guests are read by one process, and a name of none is none", async () => {
  const line =
    "dumpxml --domain web1; domstate --domain web1; dumpxml --domain example.org; domstate --domain example.org";
  const { asked, virsh } = answering({ [line]: `${domain("web1")}running\n\n` });
  const guests = await readGuests(virsh, ["web1", "example.org"]);
  expect(asked).toEqual([line]);
  expect([...guests].map(([name, { state }]) => [name, state])).toEqual([["web1", "running"]]);
});

test("two guests keep their states apart", async () => {
  const { virsh } = answering({
    "dumpxml --domain a; domstate --domain a; dumpxml --domain b; domstate --domain b": `${domain("a")}paused\n\n${domain("b")}shut off\n\n`,
  });
  const guests = await readGuests(virsh, ["a", "b"]);
  expect([...guests].map(([name, { state }]) => [name, state])).toEqual([
    ["a", "paused"],
    ["b", "shut off"],
  ]);
});

test("a name is one word to virsh, whatever is in it", async () => {
  const { asked, virsh } = answering({});
  await readGuests(virsh, ["my vm; destroy 'x'"]);
  expect(asked).toEqual([
    String.raw`dumpxml --domain my\ vm\;\ destroy\ \'x\'; domstate --domain my\ vm\;\ destroy\ \'x\'`,
  ]);
});

test("a name of digits is never another guest's ID", async () => {
  const uuid = "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10";
  const { asked, virsh } = answering({
    "list --all --uuid --name": `${uuid} 7\n0f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10 web1\n`,
    [`dumpxml --domain ${uuid}; domstate --domain ${uuid}`]: `${domain("7")}running\n\n`,
  });
  expect([...(await readGuests(virsh, ["7"])).keys()]).toEqual(["7"]);
  expect(asked).toHaveLength(2);
  // The guest with the ID 8 has another name.
  expect(await readGuests(virsh, ["8"])).toEqual(new Map());
});
