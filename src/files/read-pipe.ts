import { closeSync, constants, openSync, readSync } from "node:fs";
import { Failure } from "../values/failure.ts";

/** How long a pipe may be without a writer: one that was started at the same time may open it a little later. */
const WRITER_MS = 500;
const PAUSE_MS = 10;
const CHUNK_BYTES = 64 * 1024;

const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
};

/** Reads once. @returns the bytes, or null where there is a writer that has written nothing new */
const readOnce = (descriptor: number): Uint8Array | null => {
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(descriptor, chunk));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return null;
    throw error;
  }
};

/**
 * Reads a pipe that has a path to its end: `/dev/stdin`, bash's `<(...)`, or a FIFO. To open a FIFO waits for a writer, without end
 * if there is none; so it is opened without waiting, and a read that finds no writer returns nothing (fifo(7)). Throws a Failure.
 */
export const readPipe = (file: string): Uint8Array => {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const chunks: Uint8Array[] = [];
    let patience = WRITER_MS / PAUSE_MS;
    for (;;) {
      const chunk = readOnce(descriptor);
      if (chunk !== null && chunk.length > 0) {
        chunks.push(chunk);
        continue;
      }
      if (chunk?.length === 0) {
        if (chunks.length > 0) return Buffer.concat(chunks);
        if (patience === 0)
          throw new Failure(
            `cannot read ${file}: it is a pipe that no program writes to`,
            "name a file, or - for standard input",
          );
        patience -= 1;
      }
      pause();
    }
  } finally {
    closeSync(descriptor);
  }
};
