// Snapshots of real processes: `node --test`, with the program in $HEAPDIFF.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { group } from '../group.mjs';

const HEAPDIFF = process.env.HEAPDIFF;
const folder = mkdtempSync(join(tmpdir(), 'heapdiff-capture-'));
const children = [];
after(() => {
    children.forEach(child => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true });
});

const SERVER = `
    class Session { constructor(id) { this.id = id; } }
    globalThis.sessions = new Map(Array.from({ length: 20000 }, (_, id) => [id, new Session(id)]));
    setInterval(() => {}, 1000);
    console.log('ready');`;

/** Starts a program, and waits until it says that it is ready. */
async function start(program = SERVER, options = []) {
    const child = spawn(process.execPath, [...options, '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    child.said = '';
    child.stderr.on('data', text => (child.said += text));
    await new Promise((done, failed) => {
        child.stdout.on('data', done);
        child.on('exit', code => failed(new Error(`it ended with ${code}: ${child.said}`)));
    });
    return child;
}

let files = 0;
function capture(target, ...more) {
    const file = join(folder, `${files++}.heapsnapshot`);
    const run = spawn(HEAPDIFF, ['capture', String(target), '-o', file, ...more]);
    let said = '';
    run.stderr.on('data', text => (said += text));
    const done = new Promise(resolve => run.on('close', code => resolve({ code, said, file })));
    return Object.assign(done, { run, file });
}

const alive = child => child.exitCode === null && child.signalCode === null;

/** Ports at which a process listens, as the system tells. */
function ports(child) {
    const sockets = readdirSync(`/proc/${child.pid}/fd`).map(fd => {
        try {
            return spawnSync('readlink', [`/proc/${child.pid}/fd/${fd}`]).stdout.toString().trim();
        } catch {
            return '';
        }
    });
    const lines = readFileSync(`/proc/${child.pid}/net/tcp`, 'utf8').split('\n').map(line => line.trim().split(/\s+/));
    const own = lines.filter(line => line[3] === '0A' && sockets.includes(`socket:[${line[9]}]`));
    return own.map(line => parseInt(line[1].split(':')[1], 16));
}

function holdsSessions(file) {
    const told = spawnSync(HEAPDIFF, ['list', file, '--class', 'Session', '--limit', '1']).stdout.toString();
    assert.match(told, /20,000 objects/);
}

test('a process without an inspector opens one, and has none afterwards', async () => {
    const child = await start();
    for (let round = 0; round < 2; round++) {
        const { code, said, file } = await capture(child.pid);
        assert.equal(code, 0, said);
        holdsSessions(file);
        assert.deepEqual(ports(child), []);
        assert.ok(alive(child), child.said);
    }
});

test('one process is taken again and again, each time at once after the one before', async () => {
    const child = await start(`setInterval(() => {}, 1000); console.log('ready');`);
    for (let round = 1; round <= 12; round++) {
        const { code, said } = await capture(child.pid);
        assert.equal(code, 0, `${round}: ${said}`);
    }
    assert.ok(alive(child), child.said);
});

test('an inspector that was open stays open, and is found wherever it is', async () => {
    const child = await start(SERVER, ['--inspect=0']);
    const [port] = ports(child);
    for (const target of [child.pid, `:${port}`, `localhost:${port}`]) {
        const { code, said, file } = await capture(target);
        assert.equal(code, 0, said);
        holdsSessions(file);
    }
    await sleep(300);
    assert.deepEqual(ports(child), [port]);
    assert.ok(alive(child));
});

test('nothing is sent to a process that a signal would end, or that must not open an inspector', async () => {
    const sleeper = spawn('sleep', ['60']);
    children.push(sleeper);
    const refused = [[sleeper, /it runs sleep/]];
    refused.push([await start(SERVER, ['--inspect-port=0.0.0.0:0']), /open to others, at 0\.0\.0\.0:0/]);
    const deaf = spawnSync(process.execPath, ['--disable-sigusr1', '-e', '0']).status === 0;
    const guarded = spawnSync(process.execPath, ['--permission', '-e', '0']).status === 0;
    if (guarded) refused.push([await start(SERVER, ['--permission']), /--permission/]);
    if (deaf) refused.push([await start(SERVER, ['--disable-sigusr1']), /--disable-sigusr1/]);
    for (const [child, why] of refused) {
        const { code, said, file } = await capture(child.pid);
        assert.equal(code, 2, said);
        assert.match(said, why);
        assert.ok(alive(child) && !existsSync(file));
    }
});

test('a program that has SIGUSR1 for itself is not killed, and no inspector comes', async () => {
    const child = await start(`process.on('SIGUSR1', () => {});${SERVER}`);
    const { code, said } = await capture(child.pid);
    assert.equal(code, 3, said);
    assert.match(said, /was told to open its inspector/);
    assert.ok(alive(child));
});

test('a port that another process has is not taken for this one', async () => {
    const other = await start(SERVER, ['--inspect=9229']);
    const child = await start();
    const { code, said } = await capture(child.pid);
    assert.equal(code, 3, said);
    assert.match(said, /its port may be taken/);
    assert.ok(alive(child) && alive(other));
    other.kill();
});

test('a process that dies meanwhile leaves no file', async () => {
    const big = SERVER.replace('20000', '2000000');
    const child = await start(big, ['--inspect=0']);
    const running = capture(child.pid, '--force');
    await sleep(700);
    child.kill('SIGKILL');
    const { code, said, file } = await running;
    assert.equal(code, 3, said);
    assert.ok(!existsSync(file));
});

test('a capture that is killed leaves no file, and the process goes on', async () => {
    const big = SERVER.replace('20000', '2000000');
    const child = await start(big, ['--inspect=0']);
    const running = capture(child.pid, '--force');
    await sleep(700);
    running.run.kill('SIGKILL');
    await running;
    assert.ok(!existsSync(running.file) && alive(child));
});

for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`a capture that is stopped by ${signal} leaves no file and no inspector`, async () => {
        const child = await start(SERVER.replace('20000', '400000'));
        const running = capture(child.pid, '--force');
        while (ports(child).length === 0) await sleep(50);
        await sleep(400);
        running.run.kill(signal);
        // As from a terminal and a launcher: two at once are one.
        await sleep(10);
        running.run.kill(signal);
        const { code, said, file } = await running;
        assert.equal(code, 3, said);
        assert.match(said, /error: interrupted/);
        for (let tries = 0; ports(child).length > 0 && tries < 50; tries++) await sleep(100);
        assert.deepEqual(ports(child), []);
        assert.ok(!existsSync(file) && alive(child));
    });
}

test('who asks twice to stop waits for nothing', async () => {
    const child = await start(SERVER.replace('20000', '2000000'));
    const running = capture(child.pid, '--force');
    while (ports(child).length === 0) await sleep(50);
    await sleep(700);
    running.run.kill('SIGINT');
    await sleep(400);
    running.run.kill('SIGINT');
    const begun = Date.now();
    const { code, said, file } = await running;
    assert.equal(code, 3, said);
    assert.ok(Date.now() - begun < 500 && !existsSync(file) && alive(child));
});

const WITH_WORKERS = `
    const { Worker } = require('node:worker_threads');
    const nested = "class InWorker {} globalThis.kept = Array.from({ length: 3000 }, () => new InWorker()); setInterval(() => {}, 1000);";
    const outer = nested + "new (require('node:worker_threads').Worker)(" + JSON.stringify(nested) + ", { eval: true });";
    new Worker(outer, { eval: true, name: 'first' });
    setTimeout(() => { ${SERVER} }, 700);`;

test('worker threads are counted, or each is taken into a file of its own', async () => {
    const child = await start(WITH_WORKERS, ['--inspect=0']);
    const one = await capture(child.pid);
    assert.equal(one.code, 0, one.said);
    assert.match(one.said, /2 worker threads are not in it/);
    const { code, said, file } = await capture(child.pid, '--all');
    assert.equal(code, 0, said);
    holdsSessions(file);
    for (const number of [1, 2]) {
        const own = file.replace('.heapsnapshot', `.worker-${number}.heapsnapshot`);
        const told = spawnSync(HEAPDIFF, ['list', own, '--class', 'InWorker', '--limit', '1']).stdout.toString();
        assert.match(told, /3,000 objects/);
        const beside = JSON.parse(readFileSync(`${own}.json`));
        assert.deepEqual([beside.pid, beside.worker], [child.pid, number]);
    }
    assert.ok(alive(child));
});

test('how it was taken stands beside a snapshot, and a comparison says that both are of one process', async () => {
    const child = await start(SERVER, ['--inspect=0', '--max-old-space-size=700', '--title=x']);
    const before = await capture(child.pid);
    const after = await capture(child.pid);
    const told = JSON.parse(readFileSync(`${before.file}.json`));
    assert.equal(told.pid, child.pid);
    assert.equal(told.bytes, readFileSync(before.file).length);
    assert.ok(told.arguments.includes('--max-old-space-size=700'), told.arguments);
    assert.ok(told.memory.rss > 10e6 && told.rss_afterwards >= told.memory.rss / 2 && told.heap_limit > 600e6, JSON.stringify(told));
    const report = JSON.parse(spawnSync(HEAPDIFF, [before.file, after.file, '-f', 'json'], { maxBuffer: 1 << 28 }).stdout);
    const { same_session, same_process } = report.captured;
    assert.deepEqual({ same_session, same_process }, { same_session: false, same_process: true });
    assert.match(report.notes.join(), /two connections to one process/);
});

test('a process that is stopped is told of, and is sent no signal', async () => {
    const child = await start();
    child.kill('SIGSTOP');
    const { code, said } = await capture(child.pid);
    child.kill('SIGCONT');
    assert.equal(code, 3, said);
    assert.match(said, /is stopped/);
    await sleep(300);
    assert.deepEqual(ports(child), []);
    assert.ok(alive(child));
});

test('what is no inspector is told so', async () => {
    const server = createServer(socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    const { code, said } = await capture(`:${server.address().port}`);
    server.close();
    assert.equal(code, 3, said);
    assert.match(said, /is no inspector of V8's/);
});

test('a control group that has no room for it refuses, with both figures, and nothing stops', async t => {
    const path = group(120 << 20);
    if (!path) return t.skip('no control group can be made here');
    const child = await start(SERVER, ['--inspect=0']);
    writeFileSync(join(path, 'cgroup.procs'), String(child.pid));
    const { code, said, file } = await capture(child.pid);
    assert.equal(code, 4, said);
    assert.match(said, /may take up to \d+ MB more, and has room for [\d.]+ MB/);
    assert.ok(alive(child) && !existsSync(file));
    child.kill('SIGKILL');
    await new Promise(done => child.on('exit', done));
    for (let tries = 0; tries < 50 && existsSync(path); tries++) {
        try {
            rmdirSync(path);
        } catch {
            await sleep(100);
        }
    }
});

test('of a heap of 500 MB it is said before how long it takes, and it comes whole', async () => {
    const child = await start(`
        globalThis.texts = Array.from({ length: 8000 }, () => Buffer.alloc(64000, 'x').toString('latin1'));
        ${SERVER}`, ['--inspect=0', '--max-old-space-size=2000']);
    // What it may take is counted as if all were small objects.
    const { code, said, file } = await capture(child.pid, '--force');
    assert.equal(code, 0, said);
    assert.match(said, /^note: while it is written the process stands still, for \d+ s or less; on a busy machine it takes longer\n/);
    holdsSessions(file);
    assert.ok(alive(child), child.said);
});
