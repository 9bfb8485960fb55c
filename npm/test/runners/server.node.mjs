import { test } from 'node:test';
import { expectNoLeak } from 'heapdiff/test';
import withServer from '../server.cjs';

test('fixed', () => withServer(true, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
test('leaking', () => withServer(false, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
