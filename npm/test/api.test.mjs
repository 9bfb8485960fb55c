// The typed API, by `import` and by `require`, and its types.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import * as api from 'heapdiff';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const require = createRequire(join(here, 'api.test.mjs'));
const [before, after] = ['before', 'after'].map((name) => join(process.env.FIXTURES, 'plain', `${name}.heapsnapshot`));
const { diff, compare, summary, HeapdiffError } = api;

test('import and require give the same', () => {
  const required = require('heapdiff');
  for (const name of Object.keys(required)) assert.equal(api[name], required[name], name);
  assert.deepEqual(Object.keys(require('heapdiff/test')).sort(), ['LeakError', 'expectNoLeak', 'expectNoMcpLeak', 'mark', 'matchers']);
});

test('diff gives the report, and gates are no errors', async () => {
  const report = await diff([before, after], { calls: 96 });
  assert.deepEqual([report.verdict.kind, report.calls, report.exitCode], ['leak_likely', 96, 0]);
  assert.equal(report.containers[0].path, 'sessionManager.sessions');
  const broken = await diff([before, after], { failOn: ['verdict == leak', 'heap.delta > 1GB'] });
  assert.deepEqual([broken.exitCode, broken.gates.map(({ outcome }) => outcome)], [1, ['broken', 'kept']]);
  const unjudged = await diff([before, before], { failOn: 'verdict == leak' });
  assert.deepEqual([unjudged.exitCode, unjudged.gates[0].outcome], [2, 'unjudged']);
});

test('compare gives the classes, summary what one snapshot is made of', async () => {
  const classes = await compare([before, after], { cwd: '/' });
  assert.equal(classes.find(({ name }) => name === 'ToolSession').delta, 96);
  const reply = await summary(after);
  assert.ok(reply.summary.classes !== undefined && reply.snapshot.path === after, JSON.stringify(reply).slice(0, 300));
});

test('what gives no report is an error with its exit code and what was said', async () => {
  await assert.rejects(diff(['nowhere', after]), (error) => {
    assert.ok(error instanceof HeapdiffError);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /^nowhere: cannot open the file/);
    assert.match(error.stderr, /^error: nowhere/);
    return true;
  });
  await assert.rejects(diff([before, after], { failOn: 'heap.dleta > 1MB' }), { exitCode: 2, message: /did you mean heap\.delta/ });
  await assert.rejects(diff([before, after], { args: ['--no-such-option'] }), { exitCode: 2 });
});

test('an option that is none is refused by name', async () => {
  for (const [name, ask] of Object.entries({ diff, compare, summary })) {
    const message = new RegExp(`^${name}: there is no option call; there are signal, cwd, args`);
    await assert.rejects(ask([before, after], { call: 96 }), { name: 'TypeError', message });
  }
});

test('a signal ends it', async () => {
  const aborts = new AbortController();
  const running = diff([before, after], { signal: aborts.signal });
  aborts.abort();
  await assert.rejects(running, { name: 'AbortError' });
  await assert.rejects(diff([before, after], { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('another program is taken where one is named, and an error told if it is not there', async () => {
  const { HEAPDIFF_BINARY } = process.env;
  const runs = (program) => {
    process.env.HEAPDIFF_BINARY = program;
    return diff([before, after], { cwd: '/' });
  };
  try {
    assert.equal((await runs(relative(process.cwd(), process.env.PROGRAM))).exitCode, 0);
    const error = { name: 'HeapdiffError', exitCode: 3, message: /^cannot start \/nowhere\/heapdiff: ENOENT/ };
    await assert.rejects(runs('/nowhere/heapdiff'), error);
  } finally {
    if (HEAPDIFF_BINARY === undefined) delete process.env.HEAPDIFF_BINARY;
    else process.env.HEAPDIFF_BINARY = HEAPDIFF_BINARY;
  }
});

test('the types are those of the schemas, and fit what they are used for', () => {
  const node = (...args) => execFileSync(process.execPath, args, { cwd: here, encoding: 'utf8', stdio: 'pipe' });
  node(process.env.TYPES, join(here, 'node_modules'), '--check');
  node(require.resolve('typescript/bin/tsc'), '-p', 'types');
});
