import { expect, test } from "@jest/globals";
import { describeInLab } from "../describe-in-lab.ts";
import { tryKernel } from "./kernel-trial.ts";
import { umlKernels } from "./uml-kernel.ts";

// Macvtaps are tested in User Mode Linux only.
describeInLab("User Mode Linux on this machine", ["macvtap"], () => {
  test.each(umlKernels().map((kernel) => [kernel.binary, kernel] as const))(
    "%s has every ability it is said to have",
    async (_, kernel) => {
      await expect(tryKernel(kernel)).resolves.toBeUndefined();
    },
  );
});
