import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the corpus says of an input: its README has the meaning of each part. */
export interface Expectation {
  readonly xl?: {
    readonly parse_ok: boolean;
    readonly guest?: ExpectedGuest;
    readonly assignments?: readonly { readonly line: number; readonly key: string }[];
  };
  readonly lenient?: { readonly guest?: ExpectedGuest };
  readonly python?: { readonly guest?: ExpectedGuest };
  readonly must_fail?: {
    readonly lines: readonly [number, number] | null;
    readonly columns: readonly [number, number] | null;
    readonly lenient: boolean;
  };
  readonly semantic?: { readonly line: number | null; readonly reason: string };
}

export interface ExpectedGuest {
  readonly name: string | null;
  readonly uuid: string | null;
  readonly memory_mib: number | null;
  readonly maxmem_mib: number | null;
  readonly vcpus: number | null;
  readonly maxvcpus: number | null;
  readonly nics?: readonly {
    readonly mac?: string | null;
    readonly bridge?: string;
    readonly model?: string;
    readonly unrecognised?: readonly string[];
  }[];
  readonly disks?: readonly {
    readonly target?: string;
    readonly vdev?: string;
    readonly format?: string;
    readonly access?: string;
    readonly devtype?: string;
    readonly error?: string;
  }[];
}

export interface Input {
  /** `real/web.cfg`. */
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  readonly expect: Expectation;
  /** libvirt's own answer, where the corpus has one. */
  readonly twin: string | null;
}

/** Where the corpus is: named by GUESTNET_XEN_CORPUS, or beside the checkout; null where it is not. */
export const findCorpus = (): string | null =>
  [process.env["GUESTNET_XEN_CORPUS"] ?? "", "../shared/corpora/xen"].find(
    (path) => path !== "" && existsSync(path),
  ) ?? null;

const FOLDERS = ["lexical", "real", "libvirt-xl", "libvirt-xm", "xm-python"];

const readIn = (path: string): string | null => (existsSync(path) ? readFileSync(path, "utf8") : null);

/** All configuration files of the corpus. */
export const readCorpus = (root: string): readonly Input[] =>
  FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith(".cfg"))
      .sort()
      .map((file) => {
        const base = join(root, folder, file.replace(/\.cfg$/, ""));
        return {
          name: `${folder}/${file}`,
          folder,
          text: readFileSync(`${base}.cfg`, "utf8"),
          expect: JSON.parse(readIn(`${base}.expect.json`) ?? "{}") as Expectation,
          twin: folder.startsWith("libvirt-")
            ? (readIn(`${base}.libvirt.xml`) ?? readIn(`${base}.xml`))
            : null,
        };
      }),
  );
