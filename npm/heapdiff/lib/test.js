'use strict';

const { LeakError, expectNoLeak } = require('./test/leak.js');
const { mark } = require('./test/mark.js');
const { matchers } = require('./test/matcher.js');
const { expectNoMcpLeak } = require('./test/mcp.js');

// Names alone, so that Node.js finds them for `import`.
module.exports = { LeakError, expectNoLeak, expectNoMcpLeak, mark, matchers };
