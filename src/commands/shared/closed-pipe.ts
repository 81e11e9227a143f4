/** Whoever reads us may have seen enough: `genxml schema guest | head`. That is the end, and no error. */
export const endWithReader = (): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
};
