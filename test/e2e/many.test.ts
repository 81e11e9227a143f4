// @alone: measures how long the status of 500 guests takes
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { MANY_NEEDS, type ManyGuests, openMany } from "./stage/guest/many-guests.ts";
import { wrapPrograms } from "./stage/wrap-programs.ts";

const GUESTS = 500;

/** Stands before the programs that are asked, and counts. */
const COUNTER = `#!/bin/sh
echo \${0##*/} >>/run/called
exec /run/real/\${0##*/} "$@"
`;

describeInLab(`${String(GUESTS)} running guests`, MANY_NEEDS, () => {
  let many: ManyGuests;
  beforeAll(async () => {
    many = await openMany(GUESTS);
  });
  afterAll(async () => {
    await many.lab.close();
  });

  test("have their real taps, and status shows each of them as it should be", async () => {
    expect((await many.host.sh("ip -br link show group 76 | wc -l")).trim()).toBe(String(GUESTS));
    const { code, stdout } = await guestnetOn(many.host, "status", ...many.all);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => / ok +never seen /.test(line))).toHaveLength(GUESTS);
  });

  test("are asked for all at once: status runs as many programs as for one guest", async () => {
    await wrapPrograms(many.host, ["ip", "nft", "virsh"], COUNTER);
    const calledFor = async (library: readonly string[]): Promise<string> => {
      await many.host.sh(": >/run/called");
      await guestnetOn(many.host, "status", ...library);
      return many.host.sh("sort /run/called | uniq -c");
    };
    const forOne = await calledFor(many.one);
    expect(forOne).toMatch(/\d+ ip\n +\d+ nft\n +\d+ virsh\n$/);
    expect(await calledFor(many.all)).toBe(forOne);
  });

  test("one that is broken is found among them, and mended alone", async () => {
    await many.host.sh("ip route del 10.77.1.7/32 dev many263-0");
    const planned = await guestnetOn(many.host, "plan", ...many.all);
    expect(planned.code).toBe(2);
    expect(planned.stdout.replaceAll(/ +#/g, " #")).toBe(
      "# guest many263, NIC many263-0\n" +
        "ip route add 10.77.1.7/32 dev many263-0 proto 76 # missing: route 10.77.1.7/32 dev many263-0\n",
    );
    expect(await guestnetOn(many.host, "apply", "--yes", ...many.all)).toMatchObject({
      code: 0,
      stderr: "1 command run\n",
    });
    expect(await guestnetOn(many.host, "plan", ...many.all)).toMatchObject({ code: 0 });
  });
});
