import { handle, type Handled } from "../../src/hook/handle.ts";
import { isBridged, isRouted, type LiveDomain } from "../../src/guest/nic.ts";
import { FakeKernel } from "./fake-kernel.ts";

/** A host with the two bridges and the VRF that generated guests use. */
export const hostWith = (defaultPvid = 0): FakeKernel => {
  const kernel = new FakeKernel();
  kernel.bridge("br0", true, defaultPvid);
  kernel.bridge("br1", true, defaultPvid);
  kernel.vrf("red", 10);
  return kernel;
};

/** What libvirt does between `prepare` and `start`: it makes the taps of bridge NICs. */
export const plug = (domain: LiveDomain, kernel: FakeKernel): void => {
  for (const nic of domain.nics) if (isBridged(nic)) kernel.enslave(nic.tap, nic.attachment.bridge);
};

/** What happens when QEMU ends: the taps of bridge NICs are gone. */
export const unplug = (domain: LiveDomain, kernel: FakeKernel): void => {
  for (const nic of domain.nics) {
    if (isRouted(nic)) continue;
    kernel.devices.delete(nic.tap);
    for (const name of kernel.sysctls.keys()) {
      if (name.includes(`/conf/${nic.tap}/`)) kernel.sysctls.delete(name);
    }
  }
};

/** Starts a guest as libvirt would; fails with what the hook says. */
export const start = async (domain: LiveDomain, kernel: FakeKernel): Promise<void> => {
  const fail = ({ wrong }: Handled): void => {
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  };
  fail(await handle("prepare", domain, kernel));
  plug(domain, kernel);
  fail(await handle("start", domain, kernel));
};

/** All of the host but the rule set, which is static and stays for the next guest. */
export const stateOf = (kernel: FakeKernel): string => {
  const check = kernel.sourceCheck;
  kernel.sourceCheck = null;
  const text = kernel.print();
  kernel.sourceCheck = check;
  return text;
};
