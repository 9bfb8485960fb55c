// Snapshots before and after many calls, compared by heapdiff, which has to be on the PATH.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Works in any process and thread, without --expose-gc on the command line.
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

/** Throws with heapdiff's report if a condition holds after so many calls. */
export async function checkHeap(call, { calls = 5000, warmUp = 500, failOn }) {
  const folder = mkdtempSync(join(tmpdir(), 'heap-'));
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
  if (status !== 0) throw new Error(`heapdiff: exit code ${status}\n${stdout}${stderr}\n${folder}`);
  rmSync(folder, { recursive: true });
}
