import { Failure, isFailure } from "../../../values/failure.ts";

/**
 * Does work that changes a host. A host that is lost meanwhile cannot be asked what became of it: its failure says what can be true
 * of it now.
 *
 * @param now what can be true
 * @param look the command that shows it, when the host answers again
 */
export const whileChanging = async <T>(work: Promise<T>, now: string, look: string): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure(`${error.message}; ${now}`, look);
  }
};
