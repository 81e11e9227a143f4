// `npm run hundred-starts [STARTS]`: starts a guest that often under the storm of storm.ts, and counts the frames of VLAN 1 that reach its
// system. The lab's tests bring up as many ports in four starts, which takes a minute; this takes ten.
import { addNeighbour, framesHeard } from "./stage/traffic/storm.ts";
import { openTwoBridges } from "./stage/hosts/two-bridges.ts";

const starts = Number(process.argv[2] ?? 100);
const on = await openTwoBridges();
try {
  await addNeighbour(on.host);
  let frames = 0;
  for (let start = 1; start <= starts; start += 1) {
    frames += await framesHeard(on, "g", 1);
    if (start % 10 === 0)
      console.log(`${String(start)} starts: ${String(frames)} frames of VLAN 1 in the guest`);
  }
  process.exitCode = frames === 0 ? 0 : 1;
} finally {
  await on.lab.close();
}
