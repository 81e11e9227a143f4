import { describe, expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import {
  expandRange,
  MAX_VID,
  MIN_VID,
  parseRange,
  parseVidSet,
  renderRange,
  renderVidSet,
  toRanges,
  toVid,
  vidSet,
} from "../../src/values/vid.ts";
import { vids } from "../support/arbitrary.ts";

test.each([
  ["takes the first", 1, true],
  ["takes the last", 4094, true],
  ["refuses 0, which means no VLAN", 0, false],
  ["refuses 4095, which is reserved", 4095, false],
  ["refuses a negative number", -20, false],
  ["refuses a fraction", 20.5, false],
  ["refuses what is no number", NaN, false],
  ["refuses infinity", Infinity, false],
])("toVid %s", (_, value, taken) => {
  expect(toVid(value)).toBe(taken ? value : null);
});

test.each([
  ["reads a single VLAN as a range of one", "20", "20-20"],
  ["reads a range", "100-199", "100-199"],
  ["reads the whole range", "1-4094", "1-4094"],
  ["reads a range of one", "20-20", "20-20"],
  ["refuses a range that goes down", "199-100", null],
  ["refuses VLAN 0 at the beginning", "0-20", null],
  ["refuses VLAN 4095 at the end", "20-4095", null],
  ["refuses an open end", "20-", null],
  ["refuses three numbers", "1-2-3", null],
  ["refuses blanks", "20 - 30", null],
  ["refuses letters", "20x", null],
  ["refuses hexadecimal", "0x14", null],
  ["refuses a sign", "+20", null],
  ["refuses a line break behind it", "20\n", null],
  ["refuses nothing", "", null],
])("parseRange %s", (_, text, expected) => {
  const range = parseRange(text);
  expect(range === null ? null : `${range.first}-${range.last}`).toBe(expected);
});

test.each([
  ["sorts and merges neighbours", "31,30,100-110,111", "30-31,100-111"],
  ["names each VLAN once", "20,20,10-30", "10-30"],
  ["keeps a hole", "10,12", "10,12"],
])("parseVidSet %s", (_, text, expected) => {
  const set = parseVidSet(text);
  expect(set === null ? null : renderVidSet(set)).toBe(expected);
});

test.each(["", ",", "20,", "20,,30", "20, 30", "0", "4095", "20;30", "native"])(
  "parseVidSet refuses %j as a whole",
  (text) => {
    expect(parseVidSet(text)).toBeNull();
  },
);

describe("for every set of VLAN IDs", () => {
  test("what is rendered reads back as the same set", () => {
    fc.assert(
      fc.property(vids({ minLength: 1 }), (set) => {
        expect(parseVidSet(renderVidSet(set))).toEqual(set);
      }),
    );
  });

  test("the ranges cover it exactly, in order", () => {
    fc.assert(
      fc.property(vids(), (set) => {
        expect(toRanges(set).flatMap(expandRange)).toEqual([...set]);
      }),
    );
  });

  test("no two ranges could be one", () => {
    fc.assert(
      fc.property(vids(), (set) => {
        const ranges = toRanges(set);
        for (const [index, { first }] of ranges.entries()) {
          const before = ranges[index - 1];
          if (before !== undefined) expect(first - before.last).toBeGreaterThan(1);
        }
      }),
    );
  });

  test("each range reads back", () => {
    fc.assert(
      fc.property(vids(), (set) => {
        for (const range of toRanges(set)) expect(parseRange(renderRange(range))).toEqual(range);
      }),
    );
  });

  test("the order and the repetitions in which it was written do not matter", () => {
    fc.assert(
      fc.property(vids(), (set) => {
        expect(vidSet([...set].reverse().concat(set))).toEqual(set);
      }),
    );
  });
});

test("all VLANs are one range", () => {
  const all = expandRange(parseRange(`${MIN_VID}-${MAX_VID}`) ?? { first: 0 as never, last: 0 as never });
  expect(all).toHaveLength(4094);
  expect(renderVidSet(vidSet(all))).toBe("1-4094");
});
