import { expect } from "@jest/globals";
import type { Ran } from "../../lab/lab.ts";
import type { Host } from "../host.ts";

/** A script that puts the programs where `npm install --global` does, with what is in it (package.json, "files"). */
export const INSTALL_PROGRAMS = `into=/usr/local/lib/node_modules/guestnet
mkdir -p $into /usr/local/bin
cd /opt/project
cp -r dist templates schema package.json CHANGELOG.md SECURITY.md $into
for name in genxml guestnet; do ln -sf ../lib/node_modules/guestnet/dist/$name.js /usr/local/bin/$name; done`;

/** Runs the installed guestnet. On a loaded machine a host is many times slower than a lab. */
export const guestnet = (host: Host, ...args: readonly string[]): Promise<Ran> =>
  host.run(["guestnet", ...args], { timeoutMs: 300_000 });

/** Installs the built programs as npm does, and the hook as their user does. */
export const installGuestnet = async (host: Host): Promise<void> => {
  await host.sh(INSTALL_PROGRAMS);
  expect(await guestnet(host, "install")).toMatchObject({ code: 0 });
};
