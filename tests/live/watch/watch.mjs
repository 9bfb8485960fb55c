// Real processes that are watched: `node --test`, with the program in $HEAPDIFF.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const HEAPDIFF = process.env.HEAPDIFF;
const folder = mkdtempSync(join(tmpdir(), 'heapdiff-watch-'));
const children = [];
after(() => {
    children.forEach(child => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true });
});

const LEAK = `
    class Session { constructor(id) { this.id = id; this.parts = [id]; } }
    const sessions = new Map();
    setInterval(() => { for (let i = 0; i < 20; i++) sessions.set(sessions.size, new Session(sessions.size)); }, 20);
    console.log('ready');`;

/** Starts a program, and waits until it says that it is ready. Its inspector is at a free port, once it is opened. */
async function start(program, options = ['--inspect-port=0']) {
    const child = spawn(process.execPath, [...options, '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    child.said = '';
    child.stderr.on('data', text => (child.said += text));
    child.ended = new Promise(done => child.on('exit', done));
    await new Promise((done, failed) => {
        child.stdout.on('data', done);
        child.on('exit', code => failed(new Error(`it ended with ${code}: ${child.said}`)));
    });
    return child;
}

let runs = 0;
/** Watches a process; what would be left of that lies in a folder of its own. */
function watch(child, ...more) {
    const left = join(folder, String(runs++));
    mkdirSync(left);
    const options = { env: { ...process.env, TMPDIR: left }, stdio: ['ignore', 'pipe', 'pipe'] };
    const run = spawn(HEAPDIFF, ['watch', String(child.pid), ...more], options);
    const watched = { run, told: '', said: '', left };
    run.stdout.on('data', text => (watched.told += text));
    run.stderr.on('data', text => (watched.said += text));
    watched.done = new Promise(resolve => run.on('close', resolve));
    watched.says = async text => {
        for (let tries = 0; !watched.said.includes(text); tries++) {
            assert.ok(tries < 600 && run.exitCode === null, watched.said);
            await sleep(20);
        }
    };
    return watched;
}

const alive = child => child.exitCode === null && child.signalCode === null;

/** Ports at which a process listens, as the system tells. */
function ports(child) {
    const link = fd => {
        try {
            return readlinkSync(`/proc/${child.pid}/fd/${fd}`);
        } catch {
            return '';
        }
    };
    const sockets = readdirSync(`/proc/${child.pid}/fd`).map(link);
    const lines = readFileSync(`/proc/${child.pid}/net/tcp`, 'utf8').split('\n').map(line => line.trim().split(/\s+/));
    const own = lines.filter(line => line[3] === '0A' && sockets.includes(`socket:[${line[9]}]`));
    return own.map(line => parseInt(line[1].split(':')[1], 16));
}

/** The process goes on, without an inspector, and nothing is left of the snapshots. */
async function isLeftAlone(child, { left }) {
    for (let tries = 0; ports(child).length > 0 && tries < 50; tries++) await sleep(100);
    assert.deepEqual(ports(child), []);
    assert.ok(alive(child), child.said);
    assert.deepEqual(readdirSync(left), []);
}

describe('a process that is watched', { concurrency: true }, () => {
    test('its leak is found from snapshots with the same ids', async () => {
        const child = await start(LEAK);
        const watched = watch(child, '--every', '1s', '--rounds', '2', '-f', 'json', '--fail-on', 'verdict == leak');
        assert.equal(await watched.done, 1, watched.said);
        const report = JSON.parse(watched.told);
        assert.equal(report.verdict.kind, 'leak_likely');
        assert.equal(report.identity.kind, 'same_process');
        assert.ok(report.identity.by_id && report.identity.ids_kept > 0.98, watched.told);
        assert.match(report.containers[0].path, /sessions/);
        assert.equal(report.run.rounds.length, 3);
        assert.match(watched.said, /snapshot 2 of 3 after \d+s: heap .*\n {2}LEAK LIKELY /);
        await isLeftAlone(child, watched);
    });

    test('growth is noticed, and an inspector that was open stays open', async () => {
        const child = await start(LEAK, ['--inspect=0']);
        const open = ports(child);
        const watched = watch(child, '--growth', '500kB', '--rounds', '1', '-f', 'json');
        assert.equal(await watched.done, 0, watched.said);
        const [before, later] = JSON.parse(watched.told).run.rounds;
        assert.ok(later.heap + later.external - before.heap - before.external >= 500_000, watched.told);
        assert.deepEqual(ports(child), open);
        assert.ok(alive(child));
    });

    test('what a healthy one logs is not kept for us', async () => {
        const child = await start(`
            class Answer { constructor() { this.text = 'x'.repeat(10) + Math.random(); } }
            setInterval(() => console.log(new Answer()), 5);`);
        const watched = watch(child, '--warm-up', '2s', '--every', '1s', '--rounds', '2', '--fail-on', 'delta(Answer) > 50');
        assert.equal(await watched.done, 0, watched.said + watched.told);
        await isLeftAlone(child, watched);
    });

    test('Ctrl-C answers from two snapshots, and not from one', async () => {
        const child = await start(LEAK);
        const two = watch(child, '--every', '500ms', '--rounds', '1000');
        await two.says('snapshot 2 of 1001');
        two.run.kill('SIGINT');
        assert.equal(await two.done, 0, two.said);
        assert.match(two.told, /^LEAK LIKELY/);
        assert.match(two.told, /not all was done: it was stopped/);
        await isLeftAlone(child, two);
        const one = watch(child);
        await one.says('snapshot 1 of 4');
        one.run.kill('SIGINT');
        assert.equal(await one.done, 2, one.said);
        assert.equal(one.told, '');
        assert.match(one.said, /error: stopped after 1 snapshot: /);
        await isLeftAlone(child, one);
    });

    test('one that is killed is told of from what is there, and an error counts more than a gate', async () => {
        const child = await start(LEAK);
        const watched = watch(child, '--every', '500ms', '--rounds', '1000', '--fail-on', 'verdict == leak');
        await watched.says('snapshot 2 of');
        child.kill('SIGKILL');
        assert.equal(await watched.done, 3, watched.said);
        assert.match(watched.said, /error: the connection to the process at \S+ broke/);
        assert.match(watched.told, /^LEAK LIKELY/);
        assert.deepEqual(readdirSync(watched.left), []);
        const early = watch(await start(LEAK).then(other => (setTimeout(() => other.kill('SIGKILL'), 2000), other)));
        assert.equal(await early.done, 3, early.said);
        assert.equal(early.told, '');
    });

    test('one that wants to end does not wait for us', async () => {
        const child = await start(`process.on('SIGTERM', () => process.exit(0));${LEAK}`);
        const watched = watch(child, '--every', '500ms', '--rounds', '1000');
        await watched.says('snapshot 2 of');
        const begun = Date.now();
        child.kill('SIGTERM');
        assert.equal(await child.ended, 0);
        assert.ok(Date.now() - begun < 3000, `it waited for ${Date.now() - begun} ms`);
        assert.equal(await watched.done, 3, watched.said);
        assert.match(watched.said, /error: the program of the process at \S+ has ended\n/);
        assert.match(watched.told, /^LEAK LIKELY/);
    });

    test('at a terminal there is one line with charts, as wide as it is, and Enter takes a snapshot', async t => {
        if (spawnSync('script', ['--version']).status !== 0) return t.skip('script is not installed');
        const child = await start(LEAK);
        const command = `stty rows 24 cols 60; exec ${HEAPDIFF} watch ${child.pid} --rounds 1 --color never`;
        const env = { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', TMPDIR: folder };
        const run = spawn('script', ['-qec', command, '/dev/null'], { env });
        let shown = '';
        run.stdout.on('data', text => (shown += text));
        const done = new Promise(resolve => run.on('close', resolve));
        for (let tries = 0; !/2 of 2 in 9m 5/.test(shown); tries++) {
            assert.ok(tries < 600, shown);
            await sleep(20);
        }
        run.stdin.write('\n');
        assert.equal(await done, 0, shown);
        const lines = shown.split(/[\r\n]|\x1b\[2K/);
        const live = lines.filter(line => /^heap ▁+ .* RSS ▁+ .* 2 of 2 in /.test(line));
        assert.ok(live.length > 0, shown);
        assert.ok(live.every(line => line.trimEnd().length < 60), live.join('\n'));
        assert.match(shown, /LEAK LIKELY/);
    });
});
