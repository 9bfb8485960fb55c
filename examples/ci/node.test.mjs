import { test } from 'node:test';
import { checkHeap } from './heap.mjs';
import { start } from './server.mjs';

test('5,000 calls keep no more than 10 MB', async (t) => {
  const server = await start();
  t.after(() => server.close());
  const call = async () => (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  await checkHeap(call, { calls: 5000, failOn: ['heap.delta > 10MB'] });
});
