// How the same two tests are run by each test runner, of which the second has to fail.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const require = createRequire(join(here, 'runners.mjs'));

/** The script that a package has as its command. */
export function command(name) {
  const file = require.resolve(`${name}/package.json`);
  const { bin } = require(file);
  return join(dirname(file), typeof bin === 'string' ? bin : bin[name]);
}

const vitest = (pool, file) => [command('vitest'), 'run', `--pool=${pool}`, '--config', 'vitest.config.mjs', file];

/** The arguments of Node.js with which a runner runs a file. */
const RUNNERS = {
  'node:test': (file) => ['--test', '--test-reporter=spec', file],
  'vitest threads': (file) => vitest('threads', file),
  'vitest forks': (file) => vitest('forks', file),
  'vitest vmThreads': (file) => vitest('vmThreads', file),
  jest: (file) => [command('jest'), '--rootDir', '..', '--verbose', '--workers=2', '--testMatch', `**/${file}`, '**/second.jest.cjs'],
  mocha: (file) => [command('mocha'), '--timeout', '600000', file],
};

export const runners = Object.keys(RUNNERS);

/** Runs the file with a runner's tests of a kind: `leak`, `server` or `soak`. */
export function call(runner, kind) {
  const [name] = runner.replace('node:test', 'node').split(' ');
  return RUNNERS[runner](`${kind}.${name}.${name === 'jest' || name === 'mocha' ? 'cjs' : 'mjs'}`);
}

/** Everything that a program says, and its exit code. */
export function said(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, text: text.replace(/\x1b\[\d*m/g, '') }));
  });
}

/** What came of both tests: whether the fixed code passed, and whether the leak was found. */
export async function tried(runner, kind = 'leak') {
  // A test that is run by node:test is to be none of its own.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { code, text } = await said(process.execPath, call(runner, kind), { env });
  const quiet = !/(✖|×|✕|\d\)|FAIL.*>) fixed/.test(text);
  const found = /LEAK LIKELY/.test(text) && /400 new entries/.test(text) && /Session/.test(text);
  return { passed: quiet && /(✔|✓) fixed/.test(text), found: found && code !== 0, code, text };
}
