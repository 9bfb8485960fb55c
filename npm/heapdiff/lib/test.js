'use strict';

const { LeakError, expectNoLeak } = require('./test/leak.js');
const { mark } = require('./test/mark.js');
const { matchers } = require('./test/matcher.js');
const { expectNoMcpLeak } = require('./test/mcp.js');

module.exports = {
  LeakError,
  expectNoLeak: (fn, options) => expectNoLeak(fn, options),
  expectNoMcpLeak,
  mark,
  matchers,
};
