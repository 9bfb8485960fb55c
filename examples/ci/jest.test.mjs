import { checkHeap } from './heap.mjs';
import { start } from './server.mjs';

test('5,000 calls keep no more than 10 MB', async () => {
  const server = await start();
  const call = async () => (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  try {
    await checkHeap(call, { calls: 5000, failOn: ['heap.delta > 10MB'] });
  } finally {
    server.close();
  }
}, 120_000);
