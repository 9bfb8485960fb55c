// mark() in each test runner, under `heapdiff run --test`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, said } from './runners/runners.mjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const quoted = (word) => `'${word}'`;

for (const runner of ['node:test', 'vitest forks', 'jest', 'mocha']) {
  test(`${runner} marks the places for snapshots`, async () => {
    const soak = [process.execPath, ...call(runner, 'soak')].map(quoted).join(' ');
    const args = ['run', '--test', `cd runners && SOAKED={url} ${soak}`, '--calls', '200', '--fail-on', 'verdict == leak', '--', process.execPath, 'soaked.mjs'];
    const { NODE_TEST_CONTEXT, ...env } = process.env;
    const { code, text } = await said(process.execPath, [join(here, 'node_modules/heapdiff/bin/heapdiff.js'), ...args], { cwd: here, env });
    assert.equal(code, 1, text);
    assert.match(text, /LEAK LIKELY/);
    assert.match(text, /visits +100 → 200 → 300 entries/);
  });
}
