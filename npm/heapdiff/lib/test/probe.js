'use strict';
// Whether a heap grows with the calls: a cheap look, to spare snapshots.

const { size } = require('./heap.js');

/** The growth is looked at in so many parts. */
const BATCHES = 10;
/** Of these so many may be outliers: collected caches hide growth there. */
const OUTLIERS = 2;
/** Bytes that what piles up has to keep for a verdict: docs/diagnosis.md, WEIGHTY and WEIGHTY_NUMBERS. */
const WEIGHTY = 4096;
const WEIGHTY_NUMBERS = 65536;

/** The heap's size after each part of the calls, and before the first. */
async function sizes(load, count) {
  const all = [await size()];
  const batches = Math.min(BATCHES, count);
  for (let done = 0, batch = 1; batch <= batches; batch++) {
    const upTo = Math.round((count * batch) / batches);
    await load(upTo - done);
    done = upTo;
    all.push(await size());
  }
  return all;
}

/** What grows with each call grows in each part; caches that fill and code that is compiled do not. */
function steady(all) {
  const grown = all.slice(1).map((now, before) => now - all[before]);
  return grown.sort((a, b) => a - b)[Math.min(OUTLIERS, grown.length - 1)] * grown.length;
}

/** Whether there is something to look at more closely. Without a limit that is what a verdict may call a leak. */
function isSuspicious(all, limit) {
  const whole = all.at(-1) - all[0];
  if (limit !== undefined) return Math.max(whole, steady(all)) > limit;
  // Numbers leave no objects: the table that they are in doubles from time to time.
  const late = all.at(-1) - all[all.length >> 1];
  return steady(all) >= WEIGHTY || late >= WEIGHTY_NUMBERS / 2;
}

module.exports = { isSuspicious, sizes };
