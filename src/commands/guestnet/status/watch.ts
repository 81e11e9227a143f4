import { setTimeout as sleep } from "node:timers/promises";

// ED and CUP (console_codes(4)): the screen is written over, without a flicker between.
const CLEAR = "\u001b[H\u001b[2J";

/** Shows a text again and again, on a terminal always at the same place, until somebody ends it. @param seconds between two looks */
export const keepShowing = async (seconds: number, text: () => Promise<string>): Promise<never> => {
  for (;;) {
    const shown = await text();
    process.stdout.write(process.stdout.isTTY ? `${CLEAR}${shown}` : shown);
    await sleep(seconds * 1000);
  }
};
