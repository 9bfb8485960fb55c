// heapdiff/test, in each test runner once and by itself.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LeakError, expectNoLeak, matchers } from 'heapdiff/test';
import make from './code.cjs';
import { isSuspicious } from './node_modules/heapdiff/lib/test/probe.js';
import { tried } from './runners/runners.mjs';

for (const runner of ['node:test', 'vitest threads', 'jest', 'mocha']) {
  test(`${runner} passes what is fixed and fails what leaks`, async () => {
    const { passed, found, text } = await tried(runner);
    assert.ok(passed, text);
    assert.ok(found, text);
  });
}

/** The error of something that leaks, and what lies in the folder for temporary files. */
async function failure(fn, options) {
  const folder = mkdtempSync(join(tmpdir(), 'npm-test-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  let error;
  try {
    await expectNoLeak(fn, options);
  } catch (thrown) {
    error = thrown;
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  return { error, left: readdirSync(folder, { recursive: true }), end: () => rmSync(folder, { recursive: true }) };
}

test('a failure says what leaks, where, how it is held and which files are kept', async () => {
  const { error, left, end } = await failure(make().leaking, { calls: 200 });
  assert.ok(error instanceof LeakError, String(error));
  assert.match(error.message, /^LEAK LIKELY/);
  assert.match(error.message, /sessions  .* entries .* \+1\.00 per call/);
  assert.match(error.message, /WHY IT STAYS   Session × 200   code\.cjs:\d+/);
  assert.match(error.message, /WHAT TO DO\n  session-registry/);
  assert.doesNotMatch(error.message, /TOP GROWERS|next:/);
  assert.match(error.stack, /^LeakError: LEAK LIKELY/);
  assert.doesNotMatch(error.stack, /lib.test.leak\.js/);
  assert.equal(error.files.length, 3);
  for (const file of error.files) assert.ok(existsSync(file) && error.message.includes(file));
  assert.equal(left.filter((file) => file.endsWith('.heapsnapshot')).length, 3);
  end();
});

test('a limit decides alone, and nothing is left where nothing is to be kept', async () => {
  const wide = await failure(make().leaking, { calls: 200, maxBytesPerCall: 100_000 });
  assert.equal(wide.error, undefined);
  const tight = await failure(make().leaking, { calls: 200, maxBytesPerCall: 100, keep: 'never' });
  assert.match(tight.error.message, /per_call\(heap\.delta\) > 100B/);
  assert.deepEqual([tight.error.files, wide.left, tight.left], [[], [], []]);
  wide.end();
  tight.end();
});

test('classes are counted, and what is ignored counts as nothing', async () => {
  const counted = await failure(make().leaking, { calls: 100, maxBytesPerCall: 100_000, classes: { Session: 99 }, keep: 'never' });
  assert.match(counted.error.message, /delta\("Session"\) > 99 +\+100/);
  const ignored = await failure(make().leaking, { calls: 100, ignore: ['*sessions'], keep: 'never' });
  assert.equal(ignored.error, undefined);
  counted.end();
  ignored.end();
});

test('a heap is looked at more closely if it grows in each part, or in leaps of a table of numbers', () => {
  const sizes = (...grown) => grown.reduce((all, by) => [...all, all.at(-1) + by], [1e6]);
  const compiled = sizes(9000, 9000, 9000, 120, 9000, 0, 0, 400, 0, 9000);
  assert.equal(isSuspicious(compiled), false);
  const leaks = sizes(5600, -90_000, 5600, 30_000, 5600, 5600, -400, 5600, 5600, 5600);
  assert.equal(isSuspicious(leaks), true);
  assert.equal(isSuspicious(sizes(0, 0, 0, 0, 0, 0, 0, 40_000, 0, 0)), true);
  assert.deepEqual([40_000, 50_000].map((limit) => isSuspicious(compiled, limit)), [true, false]);
  // A collected cache hides growth in the whole.
  assert.deepEqual([50_000, 60_000].map((limit) => isSuspicious(leaks, limit)), [true, false]);
});

test('code that throws, and options that mean nothing, are told as they are', async () => {
  const broken = await failure(() => Promise.reject(new RangeError('broken')));
  assert.equal(broken.error.message, 'broken');
  broken.end();
  const wrong = { calls: 1, warmup: -1, maxBytesPerCall: -1, keep: 'sometimes', classes: { Session: -1 } };
  for (const [name, value] of Object.entries(wrong)) {
    await assert.rejects(expectNoLeak(make().fixed, { [name]: value }), { name: 'TypeError', message: new RegExp(name) });
  }
});

test('what is no option or no function is refused, and by whom', async () => {
  const told = { name: 'TypeError', message: /^expectNoLeak: there is no option callz; there are .*calls/ };
  await assert.rejects(expectNoLeak(make().fixed, { callz: 100 }), told);
  await assert.rejects(matchers.toLeak(make().fixed, { callz: 100 }), told);
  await assert.rejects(expectNoLeak(5), { name: 'TypeError', message: 'expectNoLeak: 5 is no function' });
});

test('a clock that stands still stops nothing', async (t) => {
  t.mock.timers.enable();
  await expectNoLeak(make().fixed, { calls: 20, classes: { Session: 0 } });
});

test('the matcher tells a leak from an error', async () => {
  const leaks = await matchers.toLeak(make().leaking, { calls: 200, keep: 'never' });
  assert.deepEqual([leaks.pass, /^LEAK LIKELY/.test(leaks.message())], [true, true]);
  const fixed = await matchers.toLeak(make().fixed, { calls: 200 });
  assert.equal(fixed.pass, false);
  await assert.rejects(matchers.toLeak(make().fixed, { calls: 0 }), TypeError);
});
