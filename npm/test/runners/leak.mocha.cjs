const { expectNoLeak } = require('heapdiff/test');
const make = require('../code.cjs');

it('fixed', () => expectNoLeak(make().fixed, { calls: 400, classes: { Session: 0 } }));
it('leaking', () => expectNoLeak(make().leaking, { calls: 400, keep: 'never' }));
