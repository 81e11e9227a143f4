/**
 * Calls a function in a job of its own, so that any exception, before its first `await` too, rejects a promise that the caller
 * already waits for: Bellard's QuickJS exits at a rejection for which nothing waits yet (js_std_promise_rejection_tracker).
 */
export const inJob = <T>(act: () => Promise<T> | T): Promise<T> => Promise.resolve().then(act);

/**
 * For the beginning of an async function that may throw: what is thrown behind the first `await` rejects a promise that the caller has
 * got, and waits for.
 */
export const nextJob = (): Promise<void> => Promise.resolve();
