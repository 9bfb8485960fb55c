import { test } from 'node:test';
import { expectNoLeak } from 'heapdiff/test';
import make from '../code.cjs';

test('fixed', () => expectNoLeak(make().fixed, { calls: 400, classes: { Session: 0 } }));
test('leaking', () => expectNoLeak(make().leaking, { calls: 400, keep: 'never' }));
