const { expectNoLeak } = require('heapdiff/test');
const withServer = require('../server.cjs');

test('fixed', () => withServer(true, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })), 600_000);
test('leaking', () => withServer(false, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })), 600_000);
