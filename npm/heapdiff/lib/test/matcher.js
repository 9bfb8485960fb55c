'use strict';

const { LeakError, expectNoLeak } = require('./leak.js');

/** For `expect.extend()`: `await expect(fn).not.toLeak(options)`. */
async function toLeak(fn, options) {
  try {
    await expectNoLeak(fn, options);
  } catch (error) {
    if (!(error instanceof LeakError)) throw error;
    return { pass: true, message: () => error.message };
  }
  return { pass: false, message: () => 'nothing was found to leak' };
}

module.exports = { matchers: { toLeak } };
