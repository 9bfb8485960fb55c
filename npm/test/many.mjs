// Tests that pass and fail as they should, many times: node many.mjs N [RUNNER]
import { runners, tried } from './runners/runners.mjs';

const [times = '5', runner] = process.argv.slice(2);
for (const one of runner ? [runner] : runners) {
  const begun = Date.now();
  const counts = { alarms: 0, found: 0 };
  for (let i = 0; i < Number(times); i++) {
    const { passed, found, text } = await tried(one, 'server');
    counts.alarms += passed ? 0 : 1;
    counts.found += found ? 1 : 0;
    if (!passed || !found) console.log(text);
  }
  const each = Math.round((Date.now() - begun) / Number(times));
  console.log(`${one}: the fixed server failed ${counts.alarms} of ${times}, the leak was found in ${counts.found} of ${times}, ${each} ms each`);
}
