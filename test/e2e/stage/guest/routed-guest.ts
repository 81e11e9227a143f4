import { expect } from "@jest/globals";
import type { Guest, Libvirt } from "../../../lab/lab.ts";
import { configured } from "./guest-side.ts";
import { launch } from "../host/host.ts";

/** Waits until a guest is there, and its ifup has been content with the file. */
export const expectConfigured = async (guest: Guest): Promise<void> => {
  await guest.ready();
  expect(await guest.sh("cat /ifup.log; exit $(cat /ifup.status)")).toMatchObject({ code: 0 });
};

/** Starts such a guest, and waits until it is configured. */
export const launchConfigured = async (
  libvirt: Libvirt,
  name: string,
  interfaces: readonly object[],
  more?: string,
): Promise<void> => {
  await launch(libvirt, name, configured(name, interfaces, more));
  await expectConfigured(libvirt.guest(name));
};
