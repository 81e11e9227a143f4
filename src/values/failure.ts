/**
 * An error that the operator can fix: no libvirt, no root, a missing guest. Its message is one line; the
 * program prints it and ends with status 1. Every other error is an internal error.
 */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Told by its name: each file that is bundled by itself has a class of its own. */
export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error && error.name === "Failure";
