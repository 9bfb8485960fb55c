'use strict';
// Calls something many times, and throws if it leaks.

const { mkdtempSync, rmSync, writeSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { check: known } = require('../options.js');
const { snapshot } = require('./heap.js');
const { NAMES, judge } = require('./judge.js');
const { isSuspicious, sizes } = require('./probe.js');

/** A call in doubt is made for so many rounds. */
const TRIES = 2;
const KEEP = ['on-failure', 'always', 'never'];
/** Options of all that measures. */
const OPTIONS = ['warmup', 'maxBytesPerCall', 'classes', 'ignore', 'keep'];

class LeakError extends Error {
  // Test runners print and send whatever an error has: the report would be much.
  constructor(message, files) {
    super(message);
    this.name = 'LeakError';
    this.files = files;
  }
}

/** `counted` is what `calls` is called by who has asked. */
function check(fn, { warmup, calls, maxBytesPerCall, classes, keep }, { name, counted }) {
  const refuse = (what) => {
    throw new TypeError(`${name}: ${what}`);
  };
  const isCount = (value, least) => Number.isInteger(value) && value >= least;
  if (typeof fn !== 'function') refuse(`${fn} is no function`);
  if (!isCount(warmup, 0)) refuse(`warmup is ${warmup}, and not a number of ${counted}`);
  if (!isCount(calls, 2)) refuse(`${counted} is ${calls}, and not a number of ${counted}, two at least`);
  if (maxBytesPerCall !== undefined && !(maxBytesPerCall >= 0)) refuse(`maxBytesPerCall is ${maxBytesPerCall}`);
  for (const [name, most] of Object.entries(classes)) {
    if (!isCount(most, 0)) refuse(`classes has ${most} for ${name}, and not how many more there may be`);
  }
  if (!KEEP.includes(keep)) refuse(`keep is ${keep}, and not one of ${KEEP.join(', ')}`);
}

/** Three snapshots with the calls between them, and what they tell. */
async function compared(folder, load, options) {
  const { calls } = options;
  const parts = [0, calls >> 1, calls - (calls >> 1)];
  for (const [at, name] of NAMES.entries()) {
    await load(parts[at]);
    await snapshot(join(folder, name));
  }
  return judge(folder, calls * options.each, options);
}

function failed({ exitCode, text }, folder) {
  const parts = [text];
  if (exitCode === 2) parts.unshift('it could not be judged whether it leaks');
  const files = folder ? NAMES.map((name) => join(folder, name)) : [];
  if (folder) parts.push(`the snapshots are kept: heapdiff ${files.join(' ')}`);
  return new LeakError(parts.join('\n\n'), files);
}

/** Takes snapshots, and once more before it fails. */
async function closely(load, options) {
  const folder = mkdtempSync(join(tmpdir(), 'heapdiff-'));
  let keeps = options.keep === 'always';
  try {
    let found;
    for (let tries = 0; tries < TRIES && found?.exitCode !== 0; tries++) {
      found = await compared(folder, load, options);
    }
    if (found.exitCode === 0) {
      if (keeps) writeSync(2, `the snapshots are kept: ${folder}\n`);
      return;
    }
    keeps ||= options.keep === 'on-failure';
    throw failed(found, keeps ? folder : undefined);
  } finally {
    if (!keeps) rmSync(folder, { recursive: true, force: true });
  }
}

// Two at once would be in each other's snapshots.
let before = Promise.resolve();

function inTurn(work) {
  const mine = before.then(work);
  before = mine.catch(() => {});
  return mine;
}

/** Makes calls, and throws if they leak. `each` is how many calls one of `fn` stands for, `asked` who asks. */
async function measure(fn, given, each, asked) {
  const options = { warmup: 20, calls: 1000, classes: {}, keep: 'on-failure', ...given, each };
  check(fn, options, asked);
  let made = 0;
  const load = async (count) => {
    for (let i = 0; i < count; i++) await fn(made++);
  };
  await inTurn(async () => {
    await load(options.warmup);
    const { calls, classes, keep, maxBytesPerCall } = options;
    const limit = maxBytesPerCall === undefined ? undefined : maxBytesPerCall * calls * each;
    const asks = Object.keys(classes).length > 0 || keep === 'always';
    if (asks || isSuspicious(await sizes(load, calls), limit)) await closely(load, options);
  });
}

/** An error is to show the line of the test, and not ours. */
async function from(caller, work) {
  const here = {};
  Error.captureStackTrace(here, caller);
  try {
    await work();
  } catch (error) {
    if (error instanceof LeakError) error.stack = here.stack.replace(/^[^\n]*/, () => `${error.name}: ${error.message}`);
    throw error;
  }
}

function expectNoLeak(fn, options = {}) {
  const { name } = expectNoLeak;
  return from(expectNoLeak, () => {
    known(name, options, [...OPTIONS, 'calls']);
    return measure(fn, options, 1, { name, counted: 'calls' });
  });
}

module.exports = { LeakError, OPTIONS, expectNoLeak, from, measure };
