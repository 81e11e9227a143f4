/** The stream for progress: standard error, which has no `isTTY` if it is a pipe. */
export type LineStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

// Carriage return, and EL (console_codes(4)): the line is written over.
const ERASE = "\r\u001b[K";

/**
 * Runs something that takes long, and shows in one line how far it is. The line is gone at its end; without a terminal
 * there is none.
 */
export const whileShowing = async <T>(
  stream: LineStream,
  text: string,
  work: (show: (text: string) => void) => Promise<T>,
): Promise<T> => {
  if (stream.isTTY !== true) return work(() => undefined);
  const show = (now: string): void => {
    stream.write(`${ERASE}${now}`);
  };
  show(text);
  try {
    return await work(show);
  } finally {
    stream.write(ERASE);
  }
};
