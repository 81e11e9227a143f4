/** The stream for progress: standard error, which has no `isTTY` if it is a pipe. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Fewer are done before a bar could be read. */
const MANY = 50;

/**
 * Runs something that says when it has done one of many; shows how far it is, on a terminal only: a pipe or a log gets
 * nothing.
 */
export const withProgress = async <T>(
  stream: ProgressStream,
  total: number,
  { quiet }: { readonly quiet: boolean },
  work: (each: () => void) => Promise<T>,
): Promise<T> => {
  if (stream.isTTY !== true || quiet || total < MANY) return work(() => undefined);
  const { default: progress } = await import("cli-progress");
  const bar = new progress.SingleBar({
    stream,
    format: "{bar} {value}/{total}",
    barCompleteChar: "#",
    barIncompleteChar: ".",
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  try {
    return await work(() => {
      bar.increment();
    });
  } finally {
    bar.stop();
  }
};
