/** Returns `2026-11-27 05:51 UTC`. */
export const dateText = (date: Date): string => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
