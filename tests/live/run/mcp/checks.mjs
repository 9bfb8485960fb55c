// Sessions with servers whose leaks are known: `node --test`, with the program in $HEAPDIFF.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { test } from 'node:test';

const ARGS = ['--tool', 'search', '--args', '{"query":"query {n}"}', '--failing-args', '{"query":"bad {n}"}'];
const FIXED = { FIX_SESSIONS: '1', FIX_ERRORS: '1' };
/** What the servers keep of a session that is dropped, and of a call that fails, in bytes. */
const SESSION = 1_000_000;
const CALL = 100_000;
/** What is kept now and then where nothing leaks. */
const NOTHING = 288 * 1024;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return String(port);
}

async function run(sdk, { over = 'http', options = [], args = ARGS, ...env }) {
  const PORT = await freePort();
  const place = over === 'http' ? `http://127.0.0.1:${PORT}/mcp` : over;
  const program = ['node', `${sdk}/server.mjs`, ...(over === 'stdio' ? ['stdio'] : [])];
  const words = ['run', '--mcp', place, ...args, '-f', 'json', '--fail-on', 'verdict == leak', ...options, '--', ...program];
  const child = spawn(process.env.HEAPDIFF, words, { env: { ...process.env, PORT, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', said = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const report = out.startsWith('{') ? JSON.parse(out) : undefined;
  return { code, said, report };
}

/** By its name, each part of the load in the measured round that kept less. */
function parts({ run: { rounds } }) {
  const least = {};
  for (const part of rounds.slice(1).flatMap((round) => round.parts)) {
    if (!least[part.name] || part.kept < least[part.name].kept) least[part.name] = part;
  }
  return least;
}

const grows = ({ containers }, path) => containers.some((container) => container.piles_up && container.path.endsWith(path));

function isAbout(bytes, truth, what) {
  assert(Math.abs(bytes - truth) < truth / 20, `${what}: ${bytes} of ${truth} bytes`);
}

function keepsNothing(all, ...names) {
  for (const name of names) assert(all[name].kept <= NOTHING, `${name}: ${JSON.stringify(all[name])}`);
}

for (const sdk of ['sdk1', 'sdk2']) {
  test(`${sdk}: sessions that are dropped without DELETE are found, and what each keeps`, async () => {
    const { code, said, report } = await run(sdk, { options: ['--sessions', '90', '--leave', 'closed,dropped,stale'] });
    assert.equal(code, 1, said);
    assert(grows(report, 'leaks.mjs: sessions'), JSON.stringify(report.containers));
    const { dropped, ...others } = parts(report);
    isAbout(dropped.kept / dropped.sessions, SESSION, 'a session');
    keepsNothing(others, 'closed', 'stale');
  });

  test(`${sdk}: a tool that keeps what fails is found, and what each call keeps`, async () => {
    const { code, said, report } = await run(sdk, { options: ['--sessions', '60', '--calls', '6', '--leave', 'closed,invalid'] });
    assert.equal(code, 1, said);
    assert(grows(report, 'leaks.mjs: inFlight'), JSON.stringify(report.containers));
    const { closed, invalid } = parts(report);
    // Of three calls one gets as far as the tool.
    isAbout(invalid.kept / (invalid.calls / 3), CALL, 'a call');
    keepsNothing({ closed }, 'closed');
  });

  test(`${sdk}: the same server passes once both are mended`, async () => {
    const { code, said, report } = await run(sdk, { options: ['--sessions', '200'], ...FIXED });
    assert.equal(code, 0, said);
    assert.equal(report.verdict.kind, 'no_growth');
    const all = parts(report);
    keepsNothing(all, 'closed', 'dropped', 'cancelled', 'invalid', 'stale');
    assert.deepEqual(report.run.omitted.map((why) => why.split(':')[0]), ['no sessions are left answered']);
  });

  test(`${sdk}: over standard streams`, async () => {
    const { code, said, report } = await run(sdk, { over: 'stdio', options: ['--sessions', '90', '--calls', '6'] });
    assert.equal(code, 1, said);
    const { invalid, answered, ...others } = parts(report);
    isAbout(invalid.kept / (invalid.calls / 3), CALL, 'a call');
    keepsNothing({ answered }, 'answered');
    assert.deepEqual(Object.keys(others), ['cancelled']);
    const fixed = await run(sdk, { over: 'stdio', options: ['--sessions', '90'], ...FIXED });
    assert.equal(fixed.code, 0, fixed.said);
  });
}

test('sdk2: the version without sessions', async () => {
  const { code, said, report } = await run('sdk2', { options: ['--protocol', '2026-07-28', '--sessions', '60', '--calls', '6'] });
  assert.equal(code, 1, said);
  assert.match(report.run.load, /MCP 2026-07-28/);
  const { invalid, answered } = parts(report);
  isAbout(invalid.kept / (invalid.calls / 3), CALL, 'a call');
  keepsNothing({ answered }, 'answered');
  assert.equal(report.run.omitted.filter((why) => why.includes('has no sessions')).length, 3);
});

test('arguments are made from schemas, of all tools only where that is allowed', async () => {
  const all = { args: ['--tool', '*'], options: ['--sessions', '20', '--leave', 'closed'] };
  const asked = await run('sdk1', all);
  assert.equal(asked.code, 2);
  assert.match(asked.said, /tools act/);
  const { code, said, report } = await run('sdk1', { args: ['--tool', '*', '--yes'], options: all.options });
  assert.equal(code, 0, said);
  assert.deepEqual(report.run.rounds.map((round) => [round.calls, round.failed]), Array(3).fill([100, {}]));
});

test('a server that is something else is told so', async () => {
  const { code, said } = await run('sdk1', { over: 'stdio', args: ['--tool', 'find'] });
  assert.equal(code, 2);
  assert.match(said, /the server has no tool find\n.*it has search/);
});
