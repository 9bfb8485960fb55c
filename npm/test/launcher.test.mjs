// The command `heapdiff` of the package: it stands for the program.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const launcher = join(here, 'node_modules/heapdiff/bin/heapdiff.js');
const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
after(() => rmSync(folder, { recursive: true }));

function script(name, text, mode = 0o755) {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

function run(args, program, file = launcher) {
  const env = { ...process.env, ...(program && { HEAPDIFF_BINARY: program }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env });
  return { code: status, told: stdout, said: stderr };
}

test('arguments, streams and exit codes are those of the program', () => {
  const program = script('echo', '#!/bin/sh\nprintf "%s|" "$@"; echo said >&2; exit $1\n');
  for (const code of [0, 1, 2, 3, 4]) {
    const given = [String(code), 'two words', '--x=*', ''];
    assert.deepEqual(run(given, program), { code, told: given.map((one) => `${one}|`).join(''), said: 'said\n' });
  }
});

test('the program of the package is found without being told of', () => {
  const { code, told } = run(['--version']);
  assert.match(told, /^heapdiff \d/);
  assert.equal(code, 0);
});

test('the end by a signal is 128 and its number', () => {
  for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGTERM']) {
    const program = script('dies', `#!/bin/sh\nkill -${signal.slice(3)} $$\n`);
    assert.equal(run([], program).code, 128 + constants.signals[signal], signal);
  }
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
  test(`${signal} reaches the program, which decides`, async () => {
    const name = signal.slice(3);
    const program = script('waits', `#!/bin/sh\ntrap 'echo got; exit 4' ${name}\necho ready\nwhile :; do sleep 0.05; done\n`);
    const child = spawn(process.execPath, [launcher], { env: { ...process.env, HEAPDIFF_BINARY: program } });
    let told = '';
    child.stdout.on('data', (chunk) => {
      if (told === '') child.kill(signal);
      told += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual([code, told], [4, 'ready\ngot\n']);
  });
}

test('what cannot be started is one line and a hint', () => {
  const cases = {
    ENOENT: join(folder, 'nowhere'),
    EACCES: script('forbidden', '#!/bin/sh\nexit 0\n', 0o644),
    // Without a check a shell would read these, and the exit code would mean something else.
    ENOEXEC: script('text', 'exit 1\n'),
  };
  for (const [why, program] of Object.entries(cases)) {
    const { code, told, said } = run([], program);
    assert.deepEqual([code, told], [3, ''], said);
    assert.equal(said, `error: cannot start ${program}: ${why}\nhint: HEAPDIFF_BINARY has to name a program for this system\n`);
  }
  const foreign = Buffer.alloc(64);
  foreign.write('\x7fELF\x02\x01\x01', 'latin1');
  foreign.writeUInt16LE(8, 18);
  assert.match(run([], script('mips', foreign)).said, /ENOEXEC/);
});

test('a package that is missing, or made for nobody here, says what to do', () => {
  const alone = join(folder, 'heapdiff');
  cpSync(join(here, 'node_modules/heapdiff'), alone, { recursive: true });
  rmSync(join(alone, 'node_modules'), { recursive: true });
  const missing = run([], undefined, join(alone, 'bin/heapdiff.js'));
  assert.deepEqual([missing.code, missing.told], [3, '']);
  assert.match(missing.said, /^error: the package @heapdiff\/linux-\w+ with the program for this system is not installed\nhint: /);
  assert.match(missing.said, /--include=optional.*another system \(delete both and install again\)\n$/);
  const odd = script('odd.cjs', "Object.defineProperty(process, 'arch', { value: 'vax' }); require('./heapdiff/bin/heapdiff.js');");
  const unknown = run([], undefined, odd);
  assert.equal(unknown.code, 3);
  assert.match(unknown.said, /^error: there is no package for linux-vax, only for .*\nhint: `cargo install heapdiff/);
});

test('it adds less than 40 ms to Node.js', () => {
  const nothing = script('nothing', '#!/bin/sh\n');
  const empty = script('empty.cjs', '');
  const spent = (file) => {
    const begun = process.hrtime.bigint();
    spawnSync(process.execPath, [file], { env: { ...process.env, HEAPDIFF_BINARY: nothing } });
    return Number(process.hrtime.bigint() - begun) / 1e6;
  };
  // Others run here too: the quickest of many says what it takes.
  const least = { [empty]: Infinity, [launcher]: Infinity };
  for (let i = 0; i < 15; i++) for (const file of Object.keys(least)) least[file] = Math.min(least[file], spent(file));
  assert.ok(least[launcher] - least[empty] < 40, JSON.stringify(least));
});
