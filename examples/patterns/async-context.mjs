import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const requests = new AsyncLocalStorage();
const tooSlow = () => console.warn('a request takes more than ten minutes');

export async function leaking(n) {
  const store = { n, user: `user ${n}`, rows: new Array(100).fill(n) };
  await requests.run(store, async () => {
    // The timer remembers the store for ten minutes, although its callback does not use it.
    setTimeout(tooSlow, 600_000);
    await sleep(1);
  });
}

export async function fixed(n) {
  const store = { n, user: `user ${n}`, rows: new Array(100).fill(n) };
  const timer = setTimeout(tooSlow, 600_000);
  try {
    await requests.run(store, () => sleep(1));
  } finally {
    clearTimeout(timer);
  }
}
