import { programsFolder } from "./programs.ts";

/** The environment variables of everything in the lab: those of the test run must not matter there. */
export const labEnv = (): NodeJS.ProcessEnv => ({
  PATH: programsFolder(),
  HOME: "/root",
  LC_ALL: "C.UTF-8",
});
