import { onTestFinished, test } from 'vitest';
import { checkHeap } from './heap.mjs';
import { start } from './server.mjs';

test('5,000 calls keep no more than 10 MB', { timeout: 120_000 }, async () => {
  const server = await start();
  onTestFinished(() => void server.close());
  const call = async () => (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  await checkHeap(call, { calls: 5000, failOn: ['heap.delta > 10MB'] });
});
