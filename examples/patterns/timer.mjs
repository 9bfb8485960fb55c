import { setTimeout as sleep } from 'node:timers/promises';

async function work(download) {
  await sleep(1);
  download.done += 1;
}

export async function leaking(n) {
  const download = { n, done: 0, chunks: new Array(100).fill(n) };
  // Goes on ticking when the download is over, and keeps it.
  setInterval(() => report(download), 60_000);
  await work(download);
}

export async function fixed(n) {
  const download = { n, done: 0, chunks: new Array(100).fill(n) };
  const ticking = setInterval(() => report(download), 60_000);
  try {
    await work(download);
  } finally {
    clearInterval(ticking);
  }
}

function report({ n, done }) {
  console.log(`download ${n}: ${done}`);
}
