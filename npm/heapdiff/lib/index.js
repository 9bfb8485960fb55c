'use strict';
// The program's answers as data.

const { check } = require('./options.js');
const { HeapdiffError, answer } = require('./run.js');

/** Options of all of them. */
const OPTIONS = ['signal', 'cwd', 'args'];

/** A report or a reply, and the exit code. */
async function asked(args, options) {
  const { exitCode, stdout } = await answer(args, options);
  return { ...JSON.parse(stdout), exitCode };
}

const list = (value) => (value === undefined ? [] : [value].flat());
const paths = (files) => ['--', ...list(files).map(String)];

async function judged(name, files, options) {
  check(name, options, [...OPTIONS, 'calls', 'failOn', 'config', 'baseline']);
  const { calls, failOn, config, baseline, args = [] } = options;
  const given = ['--format', 'json'];
  if (calls !== undefined) given.push(`--calls=${calls}`);
  for (const condition of list(failOn)) given.push(`--fail-on=${condition}`);
  if (config !== undefined) given.push(`--config=${config}`);
  if (baseline !== undefined) given.push(`--baseline=${baseline}`);
  return asked([...given, ...args, ...paths(files)], options);
}

async function diff(files, options = {}) {
  return judged('diff', files, options);
}

async function compare(files, options = {}) {
  return (await judged('compare', files, options)).classes;
}

async function summary(files, options = {}) {
  check('summary', options, OPTIONS);
  const { exitCode, ...reply } = await asked(['summary', '--format', 'json', ...(options.args ?? []), ...paths(files)], options);
  return reply;
}

module.exports = { HeapdiffError, compare, diff, summary };
