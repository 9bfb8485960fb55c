import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

// Aborted when the server shuts down, and never before.
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);

export async function leaking(n) {
  const job = { n, cancelled: false, rows: new Array(100).fill(n) };
  // One for each job, also when the job is long done.
  shutdown.signal.addEventListener('abort', () => (job.cancelled = true));
  await sleep(1);
  return job.rows.length;
}

export async function fixed(n) {
  const job = { n, cancelled: false, rows: new Array(100).fill(n) };
  const cancel = () => (job.cancelled = true);
  shutdown.signal.addEventListener('abort', cancel);
  try {
    await sleep(1);
    return job.rows.length;
  } finally {
    shutdown.signal.removeEventListener('abort', cancel);
  }
}
