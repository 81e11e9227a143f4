import type { Line } from "../managers.ts";

/** Returns a command of iproute2. @param words without quotes or blanks in them: names of devices and addresses have none */
const toLine =
  (program: "ip" | "bridge") =>
  (...words: readonly (string | number)[]): Line => [program, ...words.map(String)];

export const ip = toLine("ip");
export const bridge = toLine("bridge");
