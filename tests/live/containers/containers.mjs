// Processes in containers made by hand: `node --test`, with the program in $HEAPDIFF and programs of Node.js in $NODES.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
    copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, rmdirSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { group } from '../group.mjs';

const { HEAPDIFF, NODES } = process.env;
const nodes = NODES.split(/\s+/).filter(Boolean);
const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heapdiff-containers-'));
const CONTAINERS = join(folder, 'containers');
mkdirSync(CONTAINERS);
const env = { ...process.env, CONTAINERS, PATH: `${join(here, 'clients')}:${process.env.PATH}` };
const started = [];
afterEach(() => started.splice(0).forEach(container => container.stop()));
after(() => rmSync(folder, { recursive: true }));

const SERVER = `
    class Session { constructor(id) { this.id = id; } }
    globalThis.sessions = new Map(Array.from({ length: 20000 }, (_, id) => [id, new Session(id)]));
    setInterval(() => {}, 1000);
    console.log('ready');`;
const LEAK = `
    class Session { constructor(id) { this.id = id; this.parts = [id]; } }
    const sessions = new Map();
    setInterval(() => { for (let i = 0; i < 20; i++) sessions.set(sessions.size, new Session(sessions.size)); }, 20);
    console.log('ready');`;
/** What npm is: its name is all that it has in its command line, and it starts others. */
const NPM = (...programs) => `
    process.title = 'npm start';
    for (const program of ${JSON.stringify(programs)}) {
        require('child_process').spawn(process.execPath, ['-e', program], { stdio: 'inherit' });
    }
    setInterval(() => {}, 1000);`;

/** Files that a program needs to run. */
function libraries(program) {
    const told = spawnSync('ldd', [program]).stdout.toString();
    return [...told.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file);
}

/** Lays out an image: Node.js in a folder, what it needs, and one file of the program's. */
function image(name, program, { node, at, files }) {
    const root = join(CONTAINERS, name, 'root');
    const put = (file, to) => {
        mkdirSync(join(root, dirname(to)), { recursive: true });
        copyFileSync(file, join(root, to));
    };
    for (const place of ['proc', 'sys/fs/cgroup/memory', 'app', 'runtime']) mkdirSync(join(root, place), { recursive: true });
    const setpriv = spawnSync('which', ['setpriv']).stdout.toString().trim();
    put(setpriv, 'runtime/setpriv');
    for (const file of new Set([...libraries(node), ...libraries(setpriv)])) put(file, file);
    mkdirSync(join(root, dirname(at)), { recursive: true });
    writeFileSync(join(root, at), '');
    writeFileSync(join(root, 'app/server.js'), program);
    for (const [file, to] of files) put(file, to);
    return root;
}

/** The process that unshare has started, by its id outside. */
const firstOf = ({ pid }) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const CAPABILITIES = readFileSync(join(here, 'clients/enter'), 'utf8').match(/--bounding-set "([^"]+)"/)[1];

/** Starts a container, and waits until its program is ready. */
async function start(name, program = SERVER, more = {}) {
    const {
        node = nodes.at(-1), at = '/usr/local/bin/node', user = 0, execUser = user, environment = [], options = [], files = [],
        group, network,
    } = more;
    const root = image(name, program, { node, at, files });
    const own = join(CONTAINERS, name);
    writeFileSync(join(own, 'user'), String(execUser));
    writeFileSync(join(own, 'env'), environment.map(one => one + '\n').join(''));
    if (group) writeFileSync(join(own, 'group'), group);
    const arguments_ = [...options, '/app/server.js'].map(one => `'${one}'`).join(' ');
    const setup = `
        set -e
        mount --bind '${root}' '${root}'
        mount --bind '${node}' '${root}${at}'
        mount -t proc proc '${root}/proc'
        ${group ? `mount --bind '${group}' '${root}/sys/fs/cgroup/memory'` : ''}
        mount -o remount,bind,ro '${root}'
        ip link set lo up
        exec env -i ${environment.map(one => `'${one}'`).join(' ')} PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin chroot '${root}' /runtime/setpriv \
            --bounding-set '${CAPABILITIES}' --inh-caps=-all --reuid ${user} --regid ${user} --clear-groups ${at} ${arguments_}`;
    const flags = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--propagation', 'private'];
    if (!network) flags.push('--net');
    const shared = network ? ['nsenter', `--net=/proc/${network.pid}/ns/net`] : [];
    const [command, ...rest] = [...shared, 'unshare', ...flags, 'bash', '-c', setup];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', text => (said += text));
    // With the first process of a container all others end. It outlives who has started it: its user has changed.
    const stop = () => {
        if (alive(container)) firstOf(child).forEach(pid => process.kill(pid, 'SIGKILL'));
    };
    const container = { name, child, root, said: () => said, stop };
    started.push(container);
    await new Promise((done, failed) => {
        child.stdout.on('data', done);
        child.on('exit', code => failed(new Error(`${name} ended with ${code}: ${said}`)));
    });
    [container.pid] = firstOf(child);
    writeFileSync(join(own, 'pid'), String(container.pid));
    return container;
}

/** What the processes in a container are called. */
function processes(container) {
    const look = of => {
        try {
            return of();
        } catch {
            return undefined;
        }
    };
    const space = pid => look(() => readlinkSync(`/proc/${pid}/ns/pid`));
    const own = space(container.pid);
    const inside = readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && space(pid) === own);
    return inside.map(pid => look(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]));
}

/** Ports at which something listens in a container. */
function ports({ pid }) {
    const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').map(line => line.trim().split(/\s+/));
    return lines.filter(line => line[3] === '0A').map(line => parseInt(line[1].split(':')[1], 16));
}

const alive = ({ child }) => child.exitCode === null && child.signalCode === null;

/** It goes on without an inspector, and nothing of ours is left in it. */
async function isLeftAlone(container, open = []) {
    const left = () => ports(container).length > open.length || processes(container).includes('heapdiff');
    for (let tries = 0; left() && tries < 50; tries++) await sleep(100);
    assert.deepEqual(ports(container), open);
    assert.ok(!processes(container).includes('heapdiff'));
    assert.ok(alive(container), container.said());
}

let files = 0;
function capture(target, ...more) {
    const file = join(folder, `${files++}.heapsnapshot`);
    const run = spawn(HEAPDIFF, ['capture', String(target), '-o', file, ...more], { env });
    let said = '';
    run.stderr.on('data', text => (said += text));
    const done = new Promise(resolve => run.on('close', code => resolve({ code, said, file })));
    return Object.assign(done, { run, file });
}

function holdsSessions(file) {
    const told = spawnSync(HEAPDIFF, ['list', file, '--class', 'Session', '--limit', '1']).stdout.toString();
    assert.match(told, /20,000 objects/);
}

async function isTaken(container, target, ...more) {
    const { code, said, file } = await capture(target, ...more);
    assert.equal(code, 0, said);
    holdsSessions(file);
    return { said, told: JSON.parse(readFileSync(`${file}.json`)), file };
}

for (const node of nodes) {
    const version = spawnSync(node, ['--version']).stdout.toString().trim();
    test(`process 1 of a container is taken and left as it was: ${version}, as a user who may write nothing`, async () => {
        const container = await start(`app-${version}`, SERVER, { node, user: 1000 });
        const { told } = await isTaken(container, `docker:${container.name}`);
        assert.deepEqual([told.pid, told.runtime], [1, `node ${version}`]);
        await isLeftAlone(container);
    });
}

test('from root, whose capabilities in a container let it not look into processes of others, one of another user is taken', async () => {
    const container = await start('dropped', SERVER, { user: 1000, execUser: 0 });
    await isTaken(container, 'docker:dropped');
    await isLeftAlone(container);
});

test('a process that belongs to another user is sent nothing, and its inspector is used if it is open', async () => {
    const container = await start('others', SERVER, { user: 0, execUser: 1000 });
    const { code, said } = await capture('docker:others');
    assert.equal(code, 3, said);
    assert.match(said, /process 1 in docker:others is of user 0, and what runs there for us of user 1000/);
    await isLeftAlone(container);
    const open = await start('others-open', SERVER, { user: 0, execUser: 1000, options: ['--inspect'] });
    await isTaken(open, 'docker:others-open');
    await isLeftAlone(open, [9229]);
    // Both are process 1, each of its own container, and share a network, as in a pod.
    await start('sidecar', SERVER, { user: 0, execUser: 1000, network: open });
    const { code: exit, said: told } = await capture('docker:sidecar');
    assert.equal(exit, 3, told);
    assert.match(told, /a process of another container answers at the inspector of process 1/);
    await isLeftAlone(open, [9229]);
});

test('what a launcher has started is found, and several are named', async () => {
    const container = await start('npm', NPM(SERVER), { user: 1000 });
    const { told } = await isTaken(container, 'docker:npm');
    assert.ok(told.pid > 1, told.pid);
    await isLeftAlone(container);
    const two = await start('npm-two', NPM(SERVER, SERVER), { user: 1000 });
    await sleep(300);
    const { code, said } = await capture('docker:npm-two');
    assert.equal(code, 2, said);
    assert.match(said, /2 processes in docker:npm-two run Node\.js/);
    const [, target] = /name one: (\S+) \(/.exec(said);
    const { told: of } = await isTaken(two, target);
    assert.equal(target, `docker:npm-two:${of.pid}`);
    await isLeftAlone(two);
});

test('a process that forks others is taken itself, and they are told of', async () => {
    const program = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);${SERVER}`;
    const container = await start('forks', program);
    await sleep(300);
    const { said, told } = await isTaken(container, 'docker:forks');
    assert.equal(told.pid, 1);
    assert.match(said, /1 more process of Node\.js in docker:forks: docker:forks:PID names one/);
    await isLeftAlone(container);
});

test('an inspector that is open stays open, wherever it listens', async () => {
    for (const [name, place] of [['open', '0'], ['open-wide', '0.0.0.0:9333']]) {
        const container = await start(name, SERVER, { options: [`--inspect=${place}`] });
        const open = ports(container);
        assert.equal(open.length, 1);
        await isTaken(container, `docker:${name}`);
        await sleep(500);
        await isLeftAlone(container, open);
    }
});

test('nothing is sent to a process that must not open an inspector, or has the signal for itself', async () => {
    const refused = [['own', [], `process.on('SIGUSR1', () => {});${SERVER}`, 3, /was told to open its inspector/]];
    const [deaf, guarded] = ['--disable-sigusr1', '--permission'].map(option => spawnSync(nodes.at(-1), [option, '-e', '0']).status === 0);
    if (deaf) refused.push(['deaf', ['--disable-sigusr1'], SERVER, 2, /it runs with --disable-sigusr1/]);
    if (guarded) refused.push(['guarded', ['--permission', '--allow-fs-read=*'], SERVER, 2, /it runs with --permission/]);
    refused.push(['wide', ['--inspect-port=0.0.0.0:0'], SERVER, 2, /open to others, at 0\.0\.0\.0:0/]);
    for (const [name, options, program, exit, why] of refused) {
        const container = await start(name, program, { options });
        const { code, said, file } = await capture(`docker:${name}`);
        assert.equal(code, exit, said);
        assert.match(said, why);
        assert.ok(!existsSync(file));
        await isLeftAlone(container);
    }
});

test('what an image loads into each Node.js stays out of it', async () => {
    const noise = join(folder, 'noise.js');
    writeFileSync(noise, 'console.log("{\\"hello\\":1}"); setInterval(() => console.log("still here"), 5);');
    const environment = ['NODE_OPTIONS=--require /app/noise.js --inspect'];
    const container = await start('loads', SERVER, { user: 1000, environment, files: [[noise, 'app/noise.js']] });
    await isTaken(container, 'docker:loads');
    // Here nothing can take it out of the environment.
    await isTaken(container, 'kubectl:shop/loads');
    await isLeftAlone(container, [9229]);
});

test('containers of a pod are told apart', async () => {
    const app = await start('web-1.app', SERVER, { user: 1000 });
    const side = await start('web-1.side', SERVER, { user: 1000, network: app });
    const { said } = await isTaken(app, 'kubectl:shop/web-1');
    assert.match(said, /note: kubectl has taken the container "app" out of: app,side\n/);
    for (const target of ['kubectl:shop/web-1/side', 'kubectl:staging/shop/web-1/side:1', 'kubectl:/shop/web-1/app']) {
        const { said: quiet } = await isTaken(side, target);
        assert.doesNotMatch(quiet, /kubectl has taken/);
    }
    for (const container of [app, side]) await isLeftAlone(container);
    for (const [target, why] of [
        ['kubectl:nowhere/web-1', /namespaces "nowhere" not found/],
        ['kubectl:prod/shop/web-1/app', /context "prod" does not exist/],
    ]) {
        const { code, said: told } = await capture(target);
        assert.equal(code, 3, told);
        assert.match(told, why);
    }
});

test('an image without a shell has its node beside the PATH, or none that is found', async () => {
    const container = await start('distroless', SERVER, { user: 65532, at: '/nodejs/bin/node' });
    await isTaken(container, 'docker:distroless');
    await isTaken(container, 'kubectl:shop/distroless');
    await isLeftAlone(container);
    await start('hidden', SERVER, { at: '/opt/own/node' });
    for (const target of ['docker:hidden', 'kubectl:shop/hidden']) {
        const { code, said } = await capture(target);
        assert.equal(code, 3, said);
        assert.match(said, /there is no node in (docker:hidden|kubectl:shop\/hidden), on its PATH or in \/nodejs\/bin\n/);
    }
});

test('worker threads are each taken into a file of its own', async () => {
    const nested = 'class InWorker {} globalThis.kept = Array.from({ length: 3000 }, () => new InWorker()); setInterval(() => {}, 1000);';
    const program = `new (require('node:worker_threads').Worker)(${JSON.stringify(nested)}, { eval: true }); setTimeout(() => { ${SERVER} }, 700);`;
    const container = await start('workers', program);
    const { file } = await isTaken(container, 'docker:workers', '--all');
    const own = file.replace('.heapsnapshot', '.worker-1.heapsnapshot');
    const told = spawnSync(HEAPDIFF, ['list', own, '--class', 'InWorker', '--limit', '1']).stdout.toString();
    assert.match(told, /3,000 objects/);
    await isLeftAlone(container);
});

test('a watch holds one connection, so that ids tell what is the same', async () => {
    const container = await start('leaks', LEAK, { user: 1000 });
    const more = ['--every', '1s', '--rounds', '2', '-f', 'json', '--fail-on', 'verdict == leak', '--keep', join(folder, 'kept'), '--compress'];
    const run = spawn(HEAPDIFF, ['watch', 'docker:leaks', ...more], { env });
    let [told, said] = ['', ''];
    run.stdout.on('data', text => (told += text));
    run.stderr.on('data', text => (said += text));
    assert.equal(await new Promise(resolve => run.on('close', resolve)), 1, said);
    const report = JSON.parse(told);
    assert.ok(report.identity.by_id && report.identity.ids_kept > 0.98, told);
    assert.match(report.containers[0].path, /sessions/);
    assert.ok(existsSync(join(folder, 'kept/3.heapsnapshot.gz')));
    await isLeftAlone(container);
});

test('whichever way a run ends, the inspector is closed', async () => {
    const container = await start('ends', LEAK, { user: 1000 });
    for (const [signal, exit] of [['SIGINT', 2], ['SIGKILL', null]]) {
        const run = spawn(HEAPDIFF, ['watch', 'docker:ends', '--every', '1h'], { env });
        let said = '';
        run.stderr.on('data', text => (said += text));
        while (!said.includes('snapshot 1 of')) await sleep(50);
        assert.equal(ports(container).length, 1);
        run.kill(signal);
        assert.equal(await new Promise(resolve => run.on('close', resolve)), exit, said);
        await isLeftAlone(container);
    }
    const run = spawn(HEAPDIFF, ['watch', 'docker:ends', '--every', '500ms', '--rounds', '1000'], { env });
    let [told, said] = ['', ''];
    run.stdout.on('data', text => (told += text));
    run.stderr.on('data', text => (said += text));
    while (!said.includes('snapshot 2 of')) await sleep(50);
    container.stop();
    assert.equal(await new Promise(resolve => run.on('close', resolve)), 3, said);
    assert.match(said, /the (connection to the process at docker:ends broke|program of the process at docker:ends has ended)/);
    assert.match(told, /^LEAK LIKELY/);
});

test('a process of a container is reached from outside too, by root, in the network of its own', async () => {
    // Who would not enter that network would find this one.
    const other = spawn(nodes.at(-1), ['--inspect=9229', '-e', SERVER], { stdio: 'ignore' });
    const container = await start('outside', SERVER, { user: 1000 });
    await isTaken(container, container.pid);
    await isLeftAlone(container);
    other.kill('SIGKILL');
    for (const [left, why] of [
        ['-sys_admin', /cannot enter the network of process \d+, which is a container's: only root can\nhint: .*docker:NAME/],
        ['-sys_ptrace,-sys_admin,-dac_override,-dac_read_search', /cannot look at the files of process .*\nhint: it runs in a container: .*docker:NAME/],
    ]) {
        const file = join(folder, 'none.heapsnapshot');
        const command = ['--bounding-set', left, '--inh-caps=-all', HEAPDIFF, 'capture', String(container.pid), '-o', file];
        const { status, stderr } = spawnSync('setpriv', command);
        assert.equal(status, 3, String(stderr));
        assert.match(String(stderr), why);
    }
    await isLeftAlone(container);
});

test('a container that has no room for it refuses, with both figures, and nothing stops', async t => {
    const path = group(160 << 20);
    if (!path) return t.skip('no control group can be made here');
    const container = await start('tight', SERVER, { group: path });
    writeFileSync(join(path, 'cgroup.procs'), String(container.pid));
    const { code, said, file } = await capture('docker:tight');
    assert.equal(code, 4, said);
    assert.match(said, /may take up to \d+ MB more, and has room for [\d.]+ MB/);
    assert.ok(!existsSync(file));
    await isLeftAlone(container);
    const { told } = await isTaken(container, 'docker:tight', '--force');
    assert.equal(told.group_limit, 160 << 20);
    container.stop();
    for (let tries = 0; tries < 50 && existsSync(path); tries++) {
        try {
            rmdirSync(path);
        } catch {
            await sleep(100);
        }
    }
});
