'use strict';
// What heapdiff says of three snapshots in a folder.

const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { answer } = require('../run.js');

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
  const gates = conditions(options);
  const given = ['--color', 'never', '--width', '100', `--calls=${calls}`, `--config=${config}`, ...gates.map((gate) => `--fail-on=${gate}`)];
  const { exitCode, stdout } = await answer([...given, ...NAMES.map((name) => join(folder, name))]);
  return { exitCode, text: shortened(stdout, gates.length > 1 || options.maxBytesPerCall !== undefined) };
}

/** The verdict, the chain and what to do; and the gates, if the verdict is not the only one. */
function shortened(text, withGates) {
  const parts = text.trim().split(/\n\n+/);
  return parts.filter((part) => !LEFT_OUT.test(part) && (withGates || !part.startsWith('GATES'))).join('\n\n');
}

module.exports = { NAMES, judge };
