// Three snapshots of a process that runs one of the examples: node run.mjs NAME leaking|fixed DIR
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

const CALLS = 100;
const [name, which, folder] = process.argv.slice(2);
const { [which]: call } = await import(`./${name}.mjs`);
mkdirSync(folder, { recursive: true });

// Bun has a collector to call, Node.js one that is shown by a flag.
const gc = globalThis.Bun ? () => Bun.gc(true) : (setFlagsFromString('--expose-gc'), runInNewContext('gc'));

let n = 0;
for (const snapshot of ['before', 'after', 'final']) {
  // The calls before the first snapshot warm up. Some of the examples throw.
  for (let i = 0; i < CALLS; i++) await Promise.resolve(n++).then(call).catch(() => {});
  // Finalizers and closed sockets let go of more after a collection.
  gc();
  await sleep(100);
  gc();
  writeHeapSnapshot(join(folder, `${snapshot}.heapsnapshot`));
}
process.exit();
