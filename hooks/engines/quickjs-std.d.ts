// What the hook uses of QuickJS's libraries, which --std makes global: https://bellard.org/quickjs/quickjs.html, "Standard library".

interface StdFile {
  readonly readAsString: () => string;
  readonly puts: (text: string) => void;
  readonly flush: () => void;
  readonly error: () => boolean;
  readonly close: () => number;
}
declare const std: {
  readonly in: StdFile;
  readonly err: StdFile;
  readonly open: (name: string, flags: string, error: { errno?: number }) => StdFile | null;
  readonly getenv: (name: string) => string | undefined;
  readonly unsetenv: (name: string) => void;
  readonly strerror: (errno: number) => string;
  readonly exit: (status: number) => never;
};
declare const os: {
  readonly O_RDONLY: number;
  readonly O_WRONLY: number;
  readonly O_RDWR: number;
  readonly O_CREAT: number;
  readonly O_TRUNC: number;
  readonly S_IFMT: number;
  readonly S_IFREG: number;
  readonly SIGPIPE: number;
  /** A number below 0 is an error, here and below: `-errno`. */
  readonly open: (name: string, flags: number, mode?: number) => number;
  readonly close: (fd: number) => number;
  readonly read: (fd: number, buffer: ArrayBuffer, offset: number, length: number) => number;
  readonly write: (fd: number, buffer: ArrayBuffer, offset: number, length: number) => number;
  readonly pipe: () => readonly [number, number] | null;
  readonly stat: (name: string) => readonly [{ readonly mode: number; readonly uid: number } | null, number];
  readonly readlink: (name: string) => readonly [string, number];
  readonly mkdir: (name: string, mode: number) => number;
  readonly remove: (name: string) => number;
  readonly exec: (words: readonly string[], options: object) => number;
  readonly waitpid: (pid: number, options: number) => readonly [number, number];
  readonly kill: (pid: number, signal: number) => number;
  readonly signal: (signal: number, handler: (() => void) | null | undefined) => void;
  readonly setReadHandler: (fd: number, handler: (() => void) | null) => void;
  readonly setWriteHandler: (fd: number, handler: (() => void) | null) => void;
  /** Waits, in milliseconds: no event is handled meanwhile. */
  readonly sleep: (ms: number) => void;
  readonly setTimeout: (act: () => void, ms: number) => object;
  readonly clearTimeout: (timer: object) => void;
};
declare const scriptArgs: readonly string[];
