// Programs under load: `node --test`, with the program in $HEAPDIFF.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const HEAPDIFF = process.env.HEAPDIFF;
const folder = mkdtempSync(join(tmpdir(), 'heapdiff-run-'));
after(() => rmSync(folder, { recursive: true }));

/** A server that keeps a session for each call of one kind; which, and for how long, it is told. */
const SERVER = `
    const http = require('node:http');
    class Session { constructor(url) { this.url = url; this.data = Buffer.from('x'.repeat(100) + url).toString('hex'); } }
    const sessions = new Map();
    let calls = 0;
    const keep = (kind, url) => {
        if (process.env.KEEP !== kind) return;
        const id = ++calls;
        sessions.set(id, new Session(url));
        if (process.env.TTL) setTimeout(() => sessions.delete(id), Number(process.env.TTL)).unref();
    };
    http.createServer((request, reply) => {
        if (process.env.DIES && ++calls > 300) throw new Error('out of luck');
        reply.on('close', () => { if (!reply.writableFinished) keep('aborted', request.url); });
        if (request.url.includes('no-such-path')) {
            keep('failed', request.url);
            reply.statusCode = 404;
            return reply.end();
        }
        keep('each', request.url);
        setTimeout(() => reply.end('x'), 1);
    }).listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log('ready for more'));`;
writeFileSync(join(folder, 'server.js'), SERVER);
writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: 'node server.js' } }));

async function freePort() {
    const server = createServer();
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    await new Promise(done => server.close(done));
    return port;
}

function start(options, { program = ['node', 'server.js'], ...env } = {}) {
    const child = spawn(HEAPDIFF, ['run', ...options, '--', ...program], {
        cwd: folder,
        env: { ...process.env, COLUMNS: '1000', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const result = { out: '', said: '' };
    child.stdout.on('data', text => (result.out += text));
    child.stderr.on('data', text => (result.said += text));
    const done = new Promise(resolve => child.on('close', code => resolve({ ...result, code })));
    return Object.assign(done, { child, result });
}

/** Runs with requests of the program's own to a port that is free. */
async function run(options = [], env = {}) {
    const PORT = String(await freePort());
    const done = await start(['--url', `http://127.0.0.1:${PORT}/item/{n}`, ...options], { PORT, ...env });
    assert.deepEqual(servers(), [], 'nothing of it runs any more');
    return done;
}

const report = ({ out }) => JSON.parse(out);

/** Processes that run the server. */
function servers() {
    const all = readdirSync('/proc').filter(name => /^\d+$/.test(name));
    return all.filter(pid => {
        try {
            return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === 'node\0server.js\0';
        } catch {
            return false;
        }
    });
}

test('what is kept of each call is told, with the line to fix', async () => {
    const { code, out, said } = await run(['--failing', '0'], { KEEP: 'each' });
    assert.equal(code, 0, said);
    assert.match(out, /^LEAK LIKELY/);
    assert.match(out, /server\.js: sessions {2}1,000 → 1,500 → 2,000 entries .*\+1\.00 per call/);
    assert.match(out, /same process: yes/);
    assert.match(said, /warm-up: 1,000 calls\n[^]*snapshot 3: /);
    assert.doesNotMatch(out, /ready for more/);
});

test('a program that keeps nothing passes its gates, and one that leaks breaks them', async () => {
    const gate = ['-f', 'json', '--fail-on', 'verdict == leak', '--calls', '200'];
    const fine = await run(gate);
    assert.equal(fine.code, 0, fine.said);
    const { run: told, calls, verdict } = report(fine);
    assert.equal(verdict.kind, 'no_growth');
    assert.equal(calls, 400);
    assert.deepEqual(told.rounds.map(round => [round.name, round.calls, round.meant_to_fail]), [
        ['warm-up', 400, 80],
        ['load 1', 200, 40],
        ['load 2', 200, 40],
    ]);
    assert.ok(told.rounds.every(round => round.heap > 1e6 && round.rss > round.heap));
    const leaks = await run(gate, { KEEP: 'each' });
    assert.equal(leaks.code, 1, leaks.said);
});

for (const kind of ['failed', 'aborted']) {
    test(`what only ${kind} calls leave behind is found`, async () => {
        const { code, out } = await run(['-f', 'json', '--calls', '800', '--fail-on', 'verdict == leak'], { KEEP: kind });
        const [container] = report({ out }).containers;
        assert.equal(container.path, 'server.js: sessions');
        const entries = container.entries_after - container.entries_before;
        assert.ok(entries > 120 && entries <= 170, `${entries} of 160`);
        assert.equal(code, 1);
    });
}

test('what goes by itself later is called no leak, and its gate is not judged', async () => {
    const options = ['--calls', '100', '--settle', '1s', '--fail-on', 'verdict == leak'];
    const { code, out } = await run(options, { KEEP: 'each', TTL: '60000' });
    assert.equal(code, 2);
    assert.match(out, /^GREW/);
    assert.match(out, /timers more than before the load are not due yet.*--settle waits longer/);
    const patient = await run(['--calls', '100', ...options.slice(4)], { KEEP: 'each', TTL: '2000' });
    assert.equal(patient.code, 0, patient.out);
    assert.match(patient.out, /^NO GROWTH/);
});

test('a command is the load, and the right one of several processes is looked at', async () => {
    const load = `node -e "(async () => { for (let i = 0; i < {n}; i++) await fetch('{url}/' + i); })()"`;
    const log = join(folder, 'log.txt');
    const options = ['--load', load, '--calls', '150', '-f', 'json', '--log', log];
    const { code, out, said } = await start(options, { program: ['npm', 'start'], KEEP: 'each' });
    assert.equal(code, 0, said);
    const { containers, calls } = report({ out });
    assert.equal(calls, 300);
    assert.equal(containers[0].path, 'server.js: sessions');
    assert.match(readFileSync(log, 'utf8'), /ready for more/);
    assert.deepEqual(servers(), []);
});

test('snapshots are kept where they are wanted, and answer questions', async () => {
    const keep = join(folder, 'kept');
    const options = ['--calls', '60', '--keep', keep, '--compress', '-q'];
    const { code, out, said } = await run(options, { KEEP: 'each' });
    assert.equal(code, 0, said);
    assert.equal(out + said, '');
    assert.deepEqual(readdirSync(keep).sort(), [1, 2, 3].flatMap(n => [`${n}.heapsnapshot.gz`, `${n}.heapsnapshot.gz.json`]));
    const told = spawnSync(HEAPDIFF, ['list', join(keep, '3.heapsnapshot.gz'), '--class', 'Session', '--limit', '1']);
    assert.match(told.stdout.toString(), /216 objects/);
    const again = await run(options);
    assert.equal(again.code, 3);
    assert.match(again.said, /1\.heapsnapshot\.gz: this file is there already/);
});

test('a program that ends is told with its last words', async () => {
    const { code, out, said } = await run([], { DIES: '1' });
    assert.equal(code, 3, said);
    assert.equal(out, '');
    assert.match(said, /error: node has ended \(exit status: 1\)\nhint: it said last: .*out of luck/);
});

test('what cannot be looked at, or does nothing, is told so', async () => {
    const PORT = String(await freePort());
    const url = `http://127.0.0.1:${PORT}/`;
    for (const [options, program, code, why] of [
        [['--url', url], ['env', '-u', 'NODE_OPTIONS', 'node', 'server.js'], 3, /has no inspector of V8's/],
        [['--url', `${url}no-such-path`], ['node', 'server.js'], 2, /none of 1,000 calls .* was answered well: 404/],
        [['--load', 'echo no luck; exit 3'], ['node', 'server.js'], 2, /the load has failed .*3\)\nhint: .*no luck/],
        [['--url', url], ['no-such-program'], 3, /cannot start no-such-program/],
        [['--url', 'https://x'], ['node', 'server.js'], 2, /does not begin with http/],
        [[], ['node', 'server.js'], 2, /--url/],
    ]) {
        const { said, ...done } = await start(options, { program, PORT });
        assert.match(said, why);
        assert.equal(done.code, code, said);
        assert.deepEqual(servers(), []);
    }
});

test('who stops it leaves nothing running', async () => {
    const PORT = String(await freePort());
    const running = start(['--url', `http://127.0.0.1:${PORT}/`, '--calls', '10000000'], { PORT });
    while (!running.result.said.includes('warm-up')) await sleep(50);
    assert.equal(servers().length, 1);
    running.child.kill('SIGINT');
    const { code, out } = await running;
    assert.equal(code, 3);
    assert.equal(out, '');
    assert.deepEqual(servers(), []);
    assert.ok(!existsSync(join(folder, '1.heapsnapshot')));
});

test('a test that drives by itself says where snapshots belong, and waits for them', async () => {
    const PORT = String(await freePort());
    writeFileSync(
        join(folder, 'soak.test.mjs'),
        `for (let round = 0; round < 4; round++) {
            for (let i = 0; i < 100; i++) await (await fetch(process.argv[2] + i)).text();
            console.log('heapdiff: mark');
            await new Promise(done => setTimeout(done, 20));

        }`,
    );
    const options = ['--test', 'node soak.test.mjs {url}/', '--calls', '300', '-f', 'json'];
    const { code, out, said } = await start(options, { PORT, KEEP: 'each' });
    assert.equal(code, 0, said);
    const { containers, calls, run: told, verdict } = report({ out });
    assert.equal(verdict.kind, 'leak_likely');
    assert.equal(calls, 300);
    assert.deepEqual(told.rounds.map(round => round.name), ['mark 1', 'mark 2', 'mark 3', 'mark 4']);
    assert.deepEqual(containers[0].entries, [100, 200, 300, 400]);
    const once = await start(['--test', 'echo heapdiff: mark'], { PORT });
    assert.equal(once.code, 2);
    assert.match(once.said, /has marked 1 of at least 2 places/);
});
