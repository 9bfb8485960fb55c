// Every pattern, leaking and fixed: `node --test`, with the program in $HEAPDIFF and Bun in $BUN.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { HEAPDIFF, BUN } = process.env;
const call = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../..');
const examples = join(root, 'examples/patterns');
const scratch = mkdtempSync(join(tmpdir(), 'heapdiff-patterns-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * What stands in the line that the report sends to. Maps, arrays and plain objects have no place in a
 * snapshot: where only these pile up, it is the file alone. What only the runtime holds, or nobody that
 * the snapshot knows, is in no file.
 */
const LINES = {
  'abort-signal': "shutdown.signal.addEventListener('abort', () =>",
  'async-context': 'const tooSlow = () =>',
  cache: 'the file',
  'closure-context': 'newest = { size: () =>',
  'detached-buffer': 'the file',
  'detached-dom': 'the file',
  'duplicate-strings': 'the file',
  'event-listener': "market.on('price', (price) =>",
  finalization: 'forgotten.register(connection, () =>',
  'no-retainer': 'nothing',
  promise: 'the file',
  'session-registry': 'constructor(user)',
  'stream-socket': 'nothing',
  'string-parent': 'the file',
  timer: 'setInterval(() => report(download)',
  'unbounded-array': 'the file',
  'unbounded-map-or-set': 'the file',
};
/** What Bun's snapshots tell as well, and what they alone have an example of. */
const IN_BUN = ['event-listener', 'stream-socket', 'timer', 'unbounded-array'];
const ONLY_IN_BUN = 'no-retainer';
/** What keeps the strings comes first: that there are many of them is waste, and no leak by itself. */
const SECOND = ['duplicate-strings'];

async function report(name, which, inBun = name === ONLY_IN_BUN) {
  const folder = join(scratch, inBun ? 'bun' : 'node', name, which);
  const [runtime, ...args] = name === 'detached-dom'
    ? ['node', join(here, 'chromium.mjs'), join(examples, `${name}.html`)]
    : [inBun ? BUN : 'node', join(examples, 'run.mjs'), name];
  await call(runtime, [...args, which, folder]);
  const files = ['before', 'after', 'final'].map((file) => join(folder, `${file}.heapsnapshot`));
  const { stdout } = await call(HEAPDIFF, ['-f', 'json', ...files], { maxBuffer: 1 << 28 });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout);
}

/** Where the report sends first, in words. */
function place({ own, locations: [first] }, name) {
  if (!own?.file) return 'nothing';
  assert.match(own.file, new RegExp(`/${name}\\.(mjs|html)$`));
  return first ? readFileSync(fileURLToPath(first.file), 'utf8').split('\n')[first.line - 1] : 'the file';
}

/** What docs/patterns.md says of a pattern. */
const page = readFileSync(join(root, 'docs/patterns.md'), 'utf8').split('\n## ');
const section = (name) => page.find((text) => text.startsWith(`${name}\n`));

const said = ({ verdict, containers, findings }) => JSON.stringify({ verdict, containers, findings });

function leaksNoMore(fixed) {
  assert.match(fixed.verdict.kind, /^(no_growth|grew)$/, said(fixed));
  assert.deepEqual(fixed.findings, []);
}

test('there is an example of each pattern, and nothing else', () => {
  const { Pattern } = JSON.parse(readFileSync(join(root, 'docs/report.schema.json'), 'utf8')).$defs;
  const patterns = Pattern.oneOf.map((one) => one.const).sort();
  assert.deepEqual(Object.keys(LINES), patterns);
  const files = readdirSync(examples).filter((file) => file !== 'run.mjs');
  assert.deepEqual(files.map((file) => file.replace(/\..*/, '')).sort(), patterns);
});

const hasBrowser = spawnSync('node', [join(here, 'chromium.mjs'), '--find']).status === 0;
// Two at once: a runner for CI has two processors.
describe('patterns', { concurrency: 2 }, () => {
  for (const [name, line] of Object.entries(LINES)) {
    const skip = name === 'detached-dom' && !hasBrowser && 'there is no Chromium';

    test(`${name}: what leaks is called so, and told where`, { skip }, async () => {
      const leaking = await report(name, 'leaking');
      assert.equal(leaking.verdict.kind, 'leak_likely', said(leaking));
      const finding = leaking.findings[SECOND.includes(name) ? 1 : 0];
      assert.equal(finding?.pattern, name, said(leaking));
      assert(section(name).includes(`\n${name}  ${finding.title}\n`), `docs/patterns.md: ${name}  ${finding.title}`);
      const told = place(leaking.findings[0], name);
      assert(told.includes(line), `${told}, and not ${line}`);
    });

    test(`${name}: what is fixed leaks no more`, { skip }, async () => {
      leaksNoMore(await report(name, 'fixed'));
    });
  }

  for (const name of IN_BUN) {
    test(`${name}, in Bun: what leaks is called so, and what is fixed leaks no more`, async () => {
      const leaking = await report(name, 'leaking', true);
      assert.equal(leaking.verdict.kind, 'leak_likely', said(leaking));
      assert.equal(leaking.findings[0]?.pattern, name, said(leaking));
      leaksNoMore(await report(name, 'fixed', true));
    });
  }
});
