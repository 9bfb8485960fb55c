'use strict';
// The heap of the calling thread: at rest, how large it is, and as a snapshot.

const { setTimeout } = require('node:timers');
const { getHeapStatistics, setFlagsFromString, writeHeapSnapshot } = require('node:v8');
const { runInNewContext } = require('node:vm');

// Taken before a test replaces the clock.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let collect;

/** Works in any process, thread and sandbox, without --expose-gc on the command line. */
function gc() {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc');
  }
  collect();
}

/** Collects garbage; what is finalized or closed then lets go of more. */
async function settle() {
  gc();
  await sleep(10);
  gc();
}

/** Bytes in the heap and held by it outside, at rest. */
async function size() {
  await settle();
  const { used_heap_size: used, external_memory: external } = getHeapStatistics();
  return used + external;
}

async function snapshot(file) {
  await settle();
  writeHeapSnapshot(file);
  // That may take seconds, after which idle connections have timed out: they close before the next call.
  await sleep(100);
}

module.exports = { size, sleep, snapshot };
