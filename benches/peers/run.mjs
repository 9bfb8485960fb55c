// Measures heapdiff and others on the same pair: wall time, CPU time and peak memory of whole
// processes. In every round each runs once, so that what else the machine does meets all of them;
// ratios are taken within a round. Prints Markdown. See ../README.md for what has to be built.
//
//   node run.mjs BEFORE AFTER [ROUNDS]
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [before, after, rounds = '5'] = process.argv.slice(2);
if (!after || !(Number(rounds) >= 1)) {
  console.error('usage: node run.mjs BEFORE AFTER [ROUNDS]');
  process.exit(2);
}
const files = [before, after].map(file => path.resolve(file));
const here = import.meta.dirname;
const top = path.join(here, '../..');
const release = path.join(process.env.CARGO_TARGET_DIR ?? path.join(top, 'target'), 'release');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'heapdiff-peers-'));
const node = [process.execPath, '--max-old-space-size=16000'];
const installed = name => path.join(here, 'node_modules', name);
// Its binary asks for glibc 2.39; one made for an older system can be named instead.
const native = process.env.HEAP_SNAPSHOT ?? installed('@heap-snapshot/linux-x64/heap-snapshot');
const [b, a] = files;

const contestants = {
  'heapdiff': [path.join(release, 'heapdiff'), '--quiet', b, a],
  'heapdiff, 1 thread': [path.join(release, 'heapdiff'), '--quiet', '--threads', '1', b, a],
  'heap-snapshot 0.0.10 `diff`': [native, 'diff', a, b],
  'DevTools 1.0.1705227, its code under Node.js':
    [...node, path.join(top, 'fixtures/oracle/oracle.mjs'), 'diff', b, a, '--no-nodes', '--out', path.join(scratch, 'oracle')],
  'memlab 2.0.5 `find-leaks`':
    [...node, '--expose-gc', installed('.bin/memlab'), 'find-leaks', '--baseline', b, '--target', a, '--final', a,
      '--work-dir', path.join(scratch, 'memlab')],
  'simd-json, a tape of each file': [path.join(release, 'examples/json'), 'simd-json', b, a],
  'serde_json, a `Value` of each file': [path.join(release, 'examples/json'), 'serde_json', b, a],
  '`cat`': ['cat', b, a],
};

// GNU time forks what it measures, so that this process's own memory is not counted.
function measure(command) {
  const notes = path.join(scratch, 'time');
  const run = spawnSync('/usr/bin/time', ['-q', '-f', '%e %U %S %M', '-o', notes, ...command],
      {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28});
  if (run.status !== 0) {
    const said = (run.stderr || String(run.error ?? '')).trim().split('\n')[0].replaceAll(scratch, '').replace(/^\/\S*\//, '');
    return {failed: `exit code ${run.status}: ${said}`};
  }
  const [wall, user, system, peak] = fs.readFileSync(notes, 'utf8').trim().split(/\s+/).map(Number);
  return {wall, cpu: user + system, peak: peak * 1024 / 1e6};
}

function median(numbers) {
  const sorted = numbers.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// A first run of each is not counted: it warms caches, and shows who cannot run here.
const failed = {};
for (const [name, command] of Object.entries(contestants)) {
  const {failed: why} = measure(command);
  if (why) failed[name] = why;
}
const names = Object.keys(contestants).filter(name => !failed[name]);
if (!names.includes('heapdiff')) {
  console.error(`error: heapdiff did not run, ${failed['heapdiff']}`);
  process.exit(1);
}
const results = [];
for (let round = 0; round < Number(rounds); round++) {
  const turn = round % names.length;
  const order = [...names.slice(turn), ...names.slice(0, turn)];
  results.push(Object.fromEntries(order.map(name => [name, measure(contestants[name])])));
}
fs.rmSync(scratch, {recursive: true});

const output = (...command) => spawnSync(command[0], command.slice(1), {encoding: 'utf8', cwd: top}).stdout?.trim();
const changed = output('git', 'status', '--porcelain', '--untracked-files=no') ? ', changed' : '';
const sizes = files.map(file => (fs.statSync(file).size / 1e6).toFixed(0));
console.log(`Commit ${output('git', 'rev-parse', '--short', 'HEAD')}${changed}; ${output('rustc', '--version').replace(/ \(.*/, '')}; ` +
  `${os.cpus().length} × ${os.cpus()[0].model.replace(/\(R\)/g, '')}, ${Math.round(os.totalmem() / 2 ** 30)} GiB; ` +
  `Node.js ${process.version}. ${sizes.join(' + ')} MB, medians of ${rounds} rounds.\n`);
console.log('| program | wall, s | CPU, s | peak, MB | wall ÷ heapdiff | CPU ÷ heapdiff | peak ÷ heapdiff |');
console.log('|---|--:|--:|--:|--:|--:|--:|');
for (const name of names) {
  const of = (key, digits) => median(results.map(round => round[name][key])).toFixed(digits);
  // Of the pairs of one round. GNU time has hundredths of a second: nothing is shorter than one.
  const ratio = key => median(results.map(round => Math.max(round[name][key], 0.01) / Math.max(round.heapdiff[key], 0.01))).toFixed(2);
  console.log(`| ${name} | ${of('wall', 2)} | ${of('cpu', 2)} | ${of('peak', 0)} | ${ratio('wall')} | ${ratio('cpu')} | ${ratio('peak')} |`);
}
for (const [name, why] of Object.entries(failed)) console.log(`\n${name} did not run here: ${why}`);
