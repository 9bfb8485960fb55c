// Snapshots before and after many calls, compared by heapdiff, which has to be on the PATH.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Works in any process and thread, without --expose-gc on the command line.
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

// Where the snapshots of a check that failed stay: one path for a CI job to upload.
const kept = resolve(process.env.HEAPDIFF_KEEP ?? 'heapdiff-failed');

/** Throws with heapdiff's report if a condition holds after so many calls. */
export async function checkHeap(call, { calls = 5000, warmUp = 500, failOn }) {
  mkdirSync(kept, { recursive: true });
  const folder = mkdtempSync(join(kept, 'heap-'));
  const snapshot = async (name) => {
    // Finalizers and timers release more after a collection.
    gc();
    await sleep(100);
    gc();
    const file = writeHeapSnapshot(join(folder, name));
    // That may take seconds, after which idle connections have timed out: they close first.
    await sleep(100);
    return file;
  };

  for (let i = 0; i < warmUp; i++) await call();
  const before = await snapshot('before.heapsnapshot');
  for (let i = 0; i < calls; i++) await call();
  const after = await snapshot('after.heapsnapshot');

  const conditions = failOn.map((condition) => `--fail-on=${condition}`);
  const args = ['--calls', String(calls), ...conditions, before, after];
  const { error, status, stdout, stderr } = spawnSync('heapdiff', args, { encoding: 'utf8' });
  if (error) throw error;
  // The verdict comes first: many runners show only the first line.
  if (status !== 0) throw new Error(`${stdout}${stderr}\nthe snapshots are in ${folder}`);
  rmSync(folder, { recursive: true });
}
