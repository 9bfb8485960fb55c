const { matchers } = require('heapdiff/test');
const make = require('../code.cjs');

expect.extend(matchers);
test('fixed', () => expect(make().fixed).not.toLeak({ calls: 400, classes: { Session: 0 } }), 60_000);
test('leaking', () => expect(make().leaking).not.toLeak({ calls: 400, keep: 'never' }), 60_000);
