const { expectNoLeak } = require('heapdiff/test');
const withServer = require('../server.cjs');

it('fixed', () => withServer(true, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
it('leaking', () => withServer(false, (call) => expectNoLeak(call, { calls: 400, keep: 'never' })));
