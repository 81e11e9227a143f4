import { expect, test } from "@jest/globals";
import { importDomain } from "../../src/import/domain/import-domain.ts";

const sizes = (xml: string): unknown => {
  const text = `<domain type='kvm'><name>x</name>${xml}</domain>`;
  const result = importDomain("f", text, { map: [] }, () => "t.xml");
  return result.ok
    ? [result.value.profile.memory, result.value.profile.maxMemory ?? null]
    : result.problems[0]?.code;
};

test.each([
  ["<memory>1048576</memory>", ["1 GiB", null]],
  ["<memory unit='GiB'>4</memory><currentMemory unit='MiB'>512</currentMemory>", ["512 MiB", "4 GiB"]],
  ["<memory unit='b'>1073741824</memory>", ["1 GiB", null]],
  ["<memory unit='KB'>1048577</memory>", ["1024001 KiB", null]],
  // libvirt takes more than there is for all of it.
  ["<memory unit='MiB'>64</memory><currentMemory unit='MiB'>128</currentMemory>", ["64 MiB", null]],
  ["<memory unit='MiB'>64</memory><currentMemory unit='MiB'>64</currentMemory>", ["64 MiB", null]],
  ["<memory unit='ells'>64</memory>", "domain-xml"],
  ["<memory>1</memory>", "domain-xml"],
  ["<memory>-5</memory>", "domain-xml"],
  ["", "domain-xml"],
])("%s", (xml, expected) => {
  expect(sizes(xml)).toEqual(expected);
});
