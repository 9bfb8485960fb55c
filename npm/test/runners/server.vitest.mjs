import { test } from 'vitest';
import { expectNoLeak } from 'heapdiff/test';
import withServer from '../server.cjs';

test('fixed', { timeout: 600_000 }, () => withServer(true, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
test('leaking', { timeout: 600_000 }, () => withServer(false, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
