import { setTimeout as sleep } from "node:timers/promises";

// ED and CUP (console_codes(4)) redraw the screen without flicker.
const CLEAR = "\u001b[H\u001b[2J";

/** Shows a text every few seconds, on a terminal in place, until a signal ends the process. */
export const keepShowing = async (seconds: number, text: () => Promise<string>): Promise<never> => {
  for (;;) {
    const shown = await text();
    process.stdout.write(process.stdout.isTTY ? `${CLEAR}${shown}` : shown);
    await sleep(seconds * 1000);
  }
};
