import { expect, test } from "@jest/globals";
import { FakeKernel } from "./fake-kernel.ts";

const batch = (kernel: FakeKernel, tool: string, ...lines: readonly string[]) =>
  kernel.run(tool, ["-batch", "-"], `${lines.join("\n")}\n`);

test.each([
  ["ip", "link add br0 type bridge"],
  ["ip", "neigh add 192.0.2.1 dev t-0"],
  ["ip", "rule add from all"],
  ["bridge", "link change dev t-0 isolated on"],
  ["bridge", "mdb add dev br0"],
])("fails a test on a line that the program does not write: %s %s", (tool, line) => {
  expect(() => batch(new FakeKernel(), tool, line)).toThrow(`the fake kernel does not know: ${tool} ${line}`);
});

test("fails a test on another program", () => {
  expect(() => new FakeKernel().run("virsh", ["list"])).toThrow("the fake kernel has no virsh");
});

test.each([
  ["making a tap twice", ["tuntap add dev t-0 mode tap", "tuntap add dev t-0 mode tap"], "File exists"],
  ["removing a tap that is not there", ["link delete dev t-0"], 'Cannot find device "t-0"'],
  [
    "a route to a device that is down",
    ["tuntap add dev t-0 mode tap", "route add 192.0.2.1/32 dev t-0 proto 76"],
    "Network is down",
  ],
  [
    "removing a route that is not there",
    ["tuntap add dev t-0 mode tap", "route del 192.0.2.1/32 dev t-0 proto 76"],
    "No such process",
  ],
])("refuses %s, names the line, and goes no further", async (_, lines, says) => {
  const kernel = new FakeKernel();
  const ran = await batch(kernel, "ip", ...lines, "tuntap add dev t-9 mode tap");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(says);
  expect(ran.stderr).toContain(`Command failed -:${lines.length}`);
  expect(kernel.devices.has("t-9")).toBe(false);
});

test("refuses to remove a VLAN that a port does not have", async () => {
  const kernel = new FakeKernel();
  kernel.bridge("br0", true, 1);
  kernel.enslave("t-0", "br0");
  expect((await batch(kernel, "bridge", "vlan del dev t-0 vid 20")).stderr).toContain("No such file");
  expect((await batch(kernel, "bridge", "vlan del dev t-0 vid 1")).code).toBe(0);
});

test("two hosts print the same only when they are the same", async () => {
  const [a, b] = [new FakeKernel(), new FakeKernel()];
  for (const kernel of [a, b]) {
    kernel.bridge("br0", true, 0);
    kernel.enslave("t-0", "br0");
  }
  await batch(a, "bridge", "vlan add dev t-0 vid 20 pvid untagged");
  await batch(b, "bridge", "vlan add dev t-0 vid 20");
  expect(a.print()).not.toBe(b.print());
  await batch(b, "bridge", "vlan add dev t-0 vid 20 pvid untagged");
  expect(a.print()).toBe(b.print());
});

test("a fault hits one line, once", async () => {
  const kernel = new FakeKernel();
  kernel.fault = { line: /t-0/, says: "Out of luck" };
  expect((await batch(kernel, "ip", "tuntap add dev t-0 mode tap")).stderr).toContain("Out of luck");
  expect((await batch(kernel, "ip", "tuntap add dev t-0 mode tap")).code).toBe(0);
});
