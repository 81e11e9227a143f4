import fc from "fast-check";

// Whoever works on the code looks further each time; where nobody looks, in CI, a run is what the last one was.
if (process.env["CI"] === "true") fc.configureGlobal({ seed: 20_261_123 });

/** fast-check, with the same examples at each run where CI=true. A law that fails says with which seed and path. */
export default fc;
