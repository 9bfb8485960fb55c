'use strict';
// What heapdiff says of three snapshots in a folder.

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { diff } = require('../index.js');

const NAMES = ['1.heapsnapshot', '2.heapsnapshot', '3.heapsnapshot'];
/** Parts of the report that say nothing of why. */
const LEFT_OUT = /^(TOP GROWERS|CLASSES WITH NEW OBJECTS|next:)/;

/** A name that is meant as it stands. */
const quoted = (name) => (name.includes('"') ? `'${name}'` : `"${name}"`);

function conditions({ maxBytesPerCall, classes = {} }) {
  const of = Object.entries(classes).map(([name, most]) => `delta(${quoted(name)}) > ${most}`);
  // What grows in all is judged by its limit alone.
  return [...of, maxBytesPerCall === undefined ? 'verdict == leak' : `per_call(heap.delta) > ${maxBytesPerCall}B`];
}

/** Judges by what the test says alone, whatever the project has configured for its other gates. */
async function judge(folder, calls, options) {
  const ignore = options.ignore ?? [];
  const config = join(folder, 'heapdiff.json');
  writeFileSync(config, JSON.stringify({ heapdiff: { ignore: { classes: ignore, containers: ignore } } }));
  const text = join(folder, 'report.txt');
  const files = NAMES.map((name) => join(folder, name));
  const args = ['--width', '100', '-o', `text=${text}`];
  const report = await diff(files, { calls, config, failOn: conditions(options), args });
  return { report, text: readFileSync(text, 'utf8') };
}

/** The verdict, the chain and what to do; and the gates, if there are others than the verdict. */
function shortened(text, gates) {
  const isTold = (part) => !LEFT_OUT.test(part) && !(part.startsWith('GATES') && gates.length === 1 && gates[0].measured?.unit === 'verdict');
  return text
    .trim()
    .split(/\n\n+/)
    .filter(isTold)
    .join('\n\n');
}

module.exports = { NAMES, judge, shortened };
