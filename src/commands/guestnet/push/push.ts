import { domainDifferences, type DomainDifference } from "../../../libvirt/domain/compare-domains.ts";
import { type HostUri, writtenUri } from "../../../run/host-uri.ts";
import { saidBy, uuidsByName } from "../../../run/virsh.ts";
import { Failure } from "../../../values/failure.ts";
import { parseXml } from "../../../xml/parse.ts";
import { child, textOf, type XmlElement } from "../../../xml/tree.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { type HostAnswer, type HostCode, onEachHost, worstOf } from "../hosts/each-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import { labelsOf, type OpenHost } from "../hosts/open-host.ts";
import { type HostResult, renderResults } from "../hosts/results-table.ts";
import { whileChanging } from "../hosts/while-changing.ts";
import { confirm } from "../plan/confirm.ts";
import { counted } from "../../shared/counted.ts";
import { type Domain, generate } from "./generate.ts";
import { placeGuests } from "./place-guests.ts";

/** A guest that is to be defined: as new, or because its domain there differs. */
interface Change {
  readonly domain: Domain;
  /** Null for a guest that the host does not have. */
  readonly differences: readonly DomainDifference[] | null;
  readonly runs: boolean;
}

/** A host's guests: those that are to be defined, and how many are as they should be. */
interface Pushing {
  readonly changes: readonly Change[];
  readonly same: number;
}

/** The definitions of these guests, by name. By UUID: a name may hold what virsh's own command line reads as more than a letter. */
const readDefinitions = async (
  uuids: readonly string[],
  { virsh }: OpenHost,
): Promise<ReadonlyMap<string, XmlElement>> => {
  if (uuids.length === 0) return new Map();
  const commands = uuids.map((uuid) => `dumpxml --inactive --security-info ${uuid}`);
  const { stdout } = await virsh(commands.join("; "));
  const roots = (stdout.match(/^<domain [^]*?^<\/domain>$/gm) ?? []).flatMap((xml) => parseXml(xml) ?? []);
  return new Map(roots.map((root) => [textOf(child(root, "name")), root]));
};

const compare = async (domains: readonly Domain[], open: OpenHost): Promise<Pushing> => {
  const [all, running] = await Promise.all([
    open.virsh("list", "--all", "--uuid", "--name"),
    open.virsh("list", "--uuid", "--name"),
  ]);
  if (all.code !== 0) throw new Failure(`cannot list guests: ${saidBy(all)}`, "virsh list --all");
  const [known, runs] = [uuidsByName(all.stdout), uuidsByName(running.stdout)];
  const definitions = await readDefinitions(
    domains.flatMap(({ name }) => known.get(name) ?? []),
    open,
  );
  const compared = domains.map((domain): Change => {
    const found = definitions.get(domain.name);
    const differences = found === undefined ? null : domainDifferences(domain.root, found);
    return { domain, differences, runs: runs.has(domain.name) };
  });
  const changes = compared.filter(({ differences }) => differences?.length !== 0);
  return { changes, same: compared.length - changes.length };
};

const changeLines = ({ domain: { name }, differences, runs }: Change): readonly string[] =>
  differences === null
    ? [`+ guest ${name}: new`]
    : [
        `~ guest ${name}${runs ? ": it runs, and changes at its next start" : ""}`,
        ...differences.flatMap(({ path, found, wanted }) => [
          ...(found === null ? [] : [`  - ${path}: ${found}`]),
          ...(wanted === null ? [] : [`  + ${path}: ${wanted}`]),
        ]),
      ];

const plannedResult = ({ changes, same }: Pushing): HostResult =>
  changes.length === 0
    ? { text: `nothing to do, ${counted(same, "guest")} as defined`, state: "good", below: [] }
    : {
        text: `${counted(changes.length, "guest")} to define, ${String(same)} as defined`,
        state: "todo",
        below: changes.flatMap(changeLines),
      };

/** What became of a host's guests. */
interface Pushed extends Pushing {
  readonly defined: number;
  readonly wrong: readonly string[];
}

/** Standard input may be a socket, which cannot be opened by its name; cat makes it a pipe. */
const DEFINE = 'cat | virsh -q -c "$1" define --validate /dev/stdin';

/** Defines the guests that differ. Each is defined whole or not at all, and one that is refused keeps no other from it. */
const defineAll = async (domains: readonly Domain[], uri: HostUri, open: OpenHost): Promise<Pushed> => {
  const pushing = await compare(domains, open);
  const ran = await whileChanging(
    Promise.all(
      pushing.changes.map(({ domain: { xml } }) => open.run("sh", ["-c", DEFINE, "sh", uri.there], xml)),
    ),
    "each of its guests is defined as before or as in its profile",
    `guestnet push PATH... --dry-run --host ${writtenUri(uri)}`,
  );
  const wrong = ran.flatMap((one, at) =>
    one.code === 0 ? [] : [`guest ${pushing.changes[at]?.domain.name ?? ""}: ${saidBy(one)}`],
  );
  return { ...pushing, defined: ran.length - wrong.length, wrong };
};

const pushedResult = ({ changes, defined, wrong, same }: Pushed): HostResult => ({
  text:
    changes.length === 0
      ? `nothing to do, ${counted(same, "guest")} as defined`
      : `${counted(defined, "guest")} defined`,
  state: wrong.length === 0 ? "good" : "bad",
  below: [...changes.flatMap(changeLines), ...wrong],
});

export interface PushOptions extends ManyHosts {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly color: ColourWhen;
  /** Options of genxml. */
  readonly genxml: readonly string[];
}

/** `guestnet push`. @returns 0 if all is defined, 1 for an error, 2 if something is to be defined and was not */
export const pushCommand = async (
  paths: readonly string[],
  { yes, dryRun, color, genxml, ...hosts }: PushOptions,
): Promise<HostCode> => {
  const labels = labelsOf(hosts.uris);
  const made = await generate(paths, placeGuests(paths, labels), genxml);
  process.stderr.write(made.report);
  if (made.kind === "wrong") return 1;
  const of = (host: string): readonly Domain[] => made.domains[labels.indexOf(host)] ?? [];
  const show = <T>(answers: readonly HostAnswer<T>[], resultOf: (value: T) => HostResult): void => {
    process.stdout.write(renderResults(answers, resultOf, { colour: coloursStdout(color) }));
  };
  if (dryRun || !yes) {
    const planned = await onEachHost("push", hosts, (open, host) => compare(of(host), open));
    show(planned, plannedResult);
    const code = worstOf(planned, ({ changes }) => (changes.length === 0 ? 0 : 2));
    const many = planned.reduce((sum, one) => sum + (one.kind === "seen" ? one.value.changes.length : 0), 0);
    if (dryRun || many === 0) return code;
    if (!(await confirm(`Define ${counted(many, "guest")}?`))) {
      process.stderr.write("nothing was changed\n");
      return 2;
    }
  }
  const pushed = await onEachHost("push", hosts, (open, host, uri) => defineAll(of(host), uri, open));
  show(pushed, pushedResult);
  return worstOf(pushed, ({ wrong }) => (wrong.length === 0 ? 0 : 1));
};
