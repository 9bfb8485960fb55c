// What a process takes, and how long it stands still, while a snapshot of it is captured: the table of docs/running.md.
//
//   HEAPDIFF=target/release/heapdiff node benches/capture.mjs
//
// Linux. HEAPDIFF is built with the feature capture. To measure another Node.js, run this with that one.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHAPES = {
    objects: 'class S { constructor(i) { this.a = i; this.b = i + 1; this.c = { d: i } } } for (let i = 0; i < 1e6; i++) keep.push(new S(i))',
    map: "const m = new Map(); for (let i = 0; i < 6e5; i++) m.set('k' + i, { v: i }); keep.push(m)",
    closures: 'for (let i = 0; i < 8e5; i++) { let x = i; keep.push(() => x) }',
    strings: "for (let i = 0; i < 8e5; i++) keep.push('a string of some length ' + i + ' '.repeat(40) + i)",
    'long strings': "for (let i = 0; i < 3000; i++) keep.push('x'.repeat(10000) + i, Buffer.from('y').toString().repeat(5000))",
    arrays: 'for (let i = 0; i < 6e5; i++) keep.push([i, i + 1, i + 2, {}])',
    numbers: 'for (let i = 0; i < 6e5; i++) keep.push([i + 0.5, { x: i + 0.25 }])',
};
// It tells last how long its event loop stood still at most, in milliseconds.
const TELL = `gc(); console.log(process.memoryUsage().heapUsed);
    let [last, longest] = [Infinity, 0];
    setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now }, 5);
    process.on('SIGTERM', () => { console.log(longest); process.exit() })`;

const folder = mkdtempSync(join(tmpdir(), 'heapdiff-bench-'));
const file = join(folder, 'a.heapsnapshot');
const kilobytes = (pid, what) => +readFileSync(`/proc/${pid}/status`, 'utf8').match(`${what}:\\s*(\\d+)`)[1];
// CPU time: on a quiet machine a little more than what it stands still for.
const seconds = pid => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').pop().split(' ');
    return (+fields[11] + +fields[12]) / 100;
};

for (const [shape, program] of Object.entries(SHAPES)) {
    const options = ['--expose-gc', '--max-old-space-size=4000', '--inspect=0'];
    const child = spawn(process.execPath, [...options, '-e', `globalThis.keep = []; ${program}; ${TELL}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
    });
    const heap = await new Promise(done => child.stdout.once('data', text => done(+text)));
    // The highest that there was counts from now on.
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    const before = kilobytes(child.pid, 'VmRSS');
    const computed = seconds(child.pid);
    const { status, stderr } = spawnSync(process.env.HEAPDIFF, ['capture', `${child.pid}`, '-o', file, '--force']);
    if (status !== 0) throw new Error(`${stderr}`);
    const grown = (kilobytes(child.pid, 'VmHWM') - before) * 1024;
    const cpu = seconds(child.pid) - computed;
    const nodes = +readFileSync(file, 'latin1').match(/"node_count":(\d+)/)[1];
    const pause = new Promise(done => child.stdout.once('data', text => done(+text)));
    child.kill('SIGTERM');
    const mega = bytes => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(`${shape.padEnd(14)} heap ${mega(heap).padStart(7)}   ${(nodes / 1e6).toFixed(1)} M objects   ` +
        `the process grew by ${mega(grown).padStart(7)}   file ${mega(statSync(file).size).padStart(6)}   stood still ${((await pause) / 1e3).toFixed(1)} s, computed ${cpu.toFixed(1)} s`);
    [file, `${file}.json`].forEach(one => rmSync(one));
}
rmSync(folder, { recursive: true });
