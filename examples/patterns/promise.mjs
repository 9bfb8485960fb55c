import { setTimeout as sleep } from 'node:timers/promises';

// Settles when the server shuts down, and never before.
let shutDown;
const shutdown = new Promise((resolve) => (shutDown = resolve));
process.once('SIGTERM', () => shutDown());

async function work(n) {
  await sleep(1);
  return new Array(100).fill(n);
}

export async function leaking(n) {
  // Each race adds a callback to the promise that does not settle, and the callback keeps the race's result.
  return await Promise.race([shutdown, work(n)]);
}

export async function fixed(n) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, 10_000)));
  try {
    // Both promises are of this call alone, and go with it.
    return await Promise.race([late, work(n)]);
  } finally {
    clearTimeout(timer);
  }
}
