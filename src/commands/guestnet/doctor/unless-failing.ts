import { isFailure } from "../../../values/failure.ts";

/** Turns a failed reading into a finding. */
export const unlessFailing = async <T>(ask: () => Promise<T>, none: (why: string) => T): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (!isFailure(error)) throw error;
    return none(error.message);
  }
};
