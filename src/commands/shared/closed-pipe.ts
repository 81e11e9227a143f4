/** Exits with 0 on EPIPE, which is not an error: the reader may exit early (`genxml schema guest | head`). */
export const endWithReader = (): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
};
