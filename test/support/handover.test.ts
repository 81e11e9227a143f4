// What test/e2e/handover.ts finds wrong with a move, without a lab.
import { expect, test } from "@jest/globals";
import { type Asked, expectHandover, type Heard } from "../e2e/stage/moves/handover.ts";
import { GUEST } from "../e2e/stage/moves/moved-ports.ts";

const BEYOND = "10.20.0.254";
const SOURCE = "10.20.0.101";
const OTHER_MAC = "02:00:00:00:00:01";

/** As tcpdump prints them with -tt -e. */
const request = (at: number, from: string, number: number): string =>
  `${String(at)} ${OTHER_MAC} > ${GUEST.mac}, ethertype IPv4 (0x0800), length 98: ${from} > ${GUEST.address}: ICMP echo request, id 4220, seq ${String(number)}, length 64`;
const reply = (at: number, to: string, number: number): string =>
  `${String(at)} ${GUEST.mac} > ${OTHER_MAC}, ethertype IPv4 (0x0800), length 98: ${GUEST.address} > ${to}: ICMP echo reply, id 4220, seq ${String(number)}, length 64`;
const announcement = `10 ${GUEST.mac} > ff:ff:ff:ff:ff:ff, ethertype Reverse ARP (0x8035), length 60: Reverse Request who-is ${GUEST.mac} tell ${GUEST.mac}, length 46`;

const asked = (address: string, ...answered: readonly number[]): Asked => ({
  address,
  answered: new Set(answered),
  last: Math.max(...answered),
});
/** The fourth came while the guest ran nowhere; the source's neighbour waited until its host let go of the tap. */
const BOTH = [asked(BEYOND, 1, 2, 3, 5, 6), asked(SOURCE, 1, 2, 7)];
const HEARD = {
  tap: [
    announcement,
    ...[request(10.1, BEYOND, 5), reply(10.2, BEYOND, 5), request(10.3, BEYOND, 6), reply(10.4, BEYOND, 6)],
    ...[request(10.5, SOURCE, 7), reply(10.6, SOURCE, 7)],
  ],
  sourceUplink: [request(9.9, BEYOND, 4), request(10.5, SOURCE, 7)],
};
const [, ofSource = asked(SOURCE)] = BOTH;

test("a guest that is handed over", () => {
  expectHandover(BOTH, HEARD, SOURCE);
});

test("one that does not answer at once, though what is sent to it arrives, is handed over all the same", () => {
  const slow = HEARD.tap.filter((line) => line !== reply(10.2, BEYOND, 5));
  expectHandover([asked(BEYOND, 1, 2, 3, 6), ofSource], { ...HEARD, tap: slow }, SOURCE);
});

test.each<[string, readonly Asked[], Heard]>([
  ["drawn to the destination early", BOTH, { ...HEARD, tap: [request(9, BEYOND, 4), ...HEARD.tap] }],
  [
    "still sent to the source",
    BOTH,
    { ...HEARD, sourceUplink: [request(11, BEYOND, 7), request(11.1, BEYOND, 8)] },
  ],
  ["said there and not heard", [asked(BEYOND, 1, 2, 3, 6), ofSource], HEARD],
  ["lost while it still ran on the source", [asked(BEYOND, 1, 3, 5, 6), ofSource], HEARD],
  ["answered without having been there", [asked(BEYOND, 1, 2, 3, 5, 6, 7), ofSource], HEARD],
  ["never announced", BOTH, { ...HEARD, tap: HEARD.tap.slice(1) }],
  ["never reached by one", BOTH, { ...HEARD, tap: HEARD.tap.slice(0, 5) }],
])("fails when it is %s", (_, all, heard) => {
  expect(() => {
    expectHandover(all, heard, SOURCE);
  }).toThrow();
});
