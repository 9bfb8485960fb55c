import { test } from 'vitest';
import { expectNoLeak } from 'heapdiff/test';
import make from '../code.cjs';

test('fixed', { timeout: 60_000 }, () => expectNoLeak(make().fixed, { calls: 400, classes: { Session: 0 } }));
test('leaking', { timeout: 60_000 }, () => expectNoLeak(make().leaking, { calls: 400, keep: 'never' }));
