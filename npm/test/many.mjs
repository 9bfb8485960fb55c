// Tests that pass and fail as they should, many times: node many.mjs N [RUNNER]
import { runners, tried } from './runners/runners.mjs';

const [times = '5', runner] = process.argv.slice(2);
for (const one of runner ? [runner] : runners) {
  const begun = Date.now();
  const counts = { alarms: 0, found: 0 };
  for (let made = 1; made <= Number(times); made++) {
    const { passed, found, text } = await tried(one, 'server');
    counts.alarms += passed ? 0 : 1;
    counts.found += found ? 1 : 0;
    if (!passed || !found) console.log(text);
    const each = Math.round((Date.now() - begun) / made);
    console.log(`${one}: the fixed server failed ${counts.alarms} of ${made}, the leak was found in ${counts.found} of ${made}, ${each} ms each`);
  }
}
