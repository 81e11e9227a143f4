// Installs the browser of test/browser: `npm run test:browser`. It is no part of `npm test`, because it is 220 MB.
import { installPackages, missingPackages } from "../lab/packages/install-packages.ts";
import { BROWSER_PACKAGES } from "../lab/packages/packages.ts";

const missing = missingPackages(BROWSER_PACKAGES);
if (missing.length > 0) {
  installPackages(missing, (line) => {
    console.error(`browser setup: ${line}`);
  });
}
