import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderNetwork } from "../../libvirt/network/network.ts";
import { renderIssue } from "../../values/issue.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { deriveNetworkUuid } from "../../profile/normalize/derive.ts";
import { readHostFile } from "./host-file.ts";

/**
 * `genxml network HOST`: a host.json in, the XML of one libvirt network for each of its bridges out.
 *
 * @param out folder for one `NAME.xml` each, or null for standard output, which has room for one
 * @returns the exit code: 0, 1 when the file has errors, or 64 when there is no folder for several networks
 */
export const networkCommand = async (
  file: string,
  out: string | null,
  libvirt: LibvirtVersion,
): Promise<0 | 1 | 64> => {
  const host = await readHostFile(file);
  const fail = (...problems: readonly string[]): 1 => {
    process.stderr.write(`${problems.join("\n")}\n`);
    return 1;
  };
  if (host.kind === "wrong")
    return fail(...host.issues.map(({ file: name, issue }) => renderIssue(name, issue)));
  const bridges = host.kind === "site" ? [...host.site.bridges.values()] : [];
  const where = `${file === "-" ? "<stdin>" : file}:1:1: error: bridges:`;
  if (bridges.length === 0) return fail(`${where} there is none to make a network of [missing-key]`);
  if (out === null && bridges.length > 1) {
    const names = bridges.map((bridge) => bridge.name).join(", ");
    process.stderr.write(`error: several networks (${names}) need a folder to write to: add -o DIR\n`);
    return 64;
  }
  const documents = bridges.map((bridge) => ({
    name: bridge.name,
    xml: renderNetwork(bridge, deriveNetworkUuid(bridge.name), libvirt),
  }));
  if (out === null) {
    for (const { xml } of documents) process.stdout.write(xml);
    return 0;
  }
  await mkdir(out, { recursive: true });
  for (const { name, xml } of documents) await writeFile(join(out, `${name}.xml`), xml);
  return 0;
};
