'use strict';

const { writeSync } = require('node:fs');
const { sleep } = require('./heap.js');

/** So long it may take until heapdiff has stopped this process. */
const PAUSE_MS = 100;

/** Asks `heapdiff run --test` for a snapshot of the program that is tested. */
async function mark() {
  // Test runners catch what goes over process.stdout.
  writeSync(1, '\nheapdiff: mark\n');
  await sleep(PAUSE_MS);
}

module.exports = { mark };
