'use strict';
// Runs the program, and gives its answers as data.

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { NotStarted, start } = require('./binary.js');

class HeapdiffError extends Error {
  constructor(message, exitCode, stderr = '') {
    super(message);
    this.name = 'HeapdiffError';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** Runs the program until it ends. */
function run(args, { signal, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true };
    let started;
    try {
      started = start((file) => spawn(file, args, options));
    } catch (error) {
      reject(error instanceof NotStarted ? new HeapdiffError(error.message, error.exitCode) : error);
      return;
    }
    const { child, fails } = started;
    const told = [];
    const said = [];
    child.stdout.on('data', (chunk) => told.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => {
      reject(error.name === 'AbortError' ? error : new HeapdiffError(fails(error).message, 3));
    });
    child.on('close', (code, by) => {
      const exitCode = by ? 128 + constants.signals[by] : code;
      resolve({ exitCode, stdout: Buffer.concat(told).toString(), stderr: Buffer.concat(said).toString() });
    });
  });
}

/** What the program has written as JSON, whether its gates hold or not. */
async function answer(args, options) {
  const { exitCode, stdout, stderr } = await run(args, options);
  // With a gate that is broken (1), or one that could not be judged (2), there is a report.
  if (exitCode <= 2 && stdout !== '') return { ...JSON.parse(stdout), exitCode };
  const message = stderr.trim().replace(/^error: /, '');
  throw new HeapdiffError(message || `heapdiff ended with exit code ${exitCode}`, exitCode, stderr);
}

const list = (value) => (value === undefined ? [] : [value].flat());
const paths = (files) => ['--', ...list(files).map(String)];

async function diff(files, options = {}) {
  const { calls, failOn, config, baseline, args = [] } = options;
  const given = ['--format', 'json'];
  if (calls !== undefined) given.push(`--calls=${calls}`);
  for (const condition of list(failOn)) given.push(`--fail-on=${condition}`);
  if (config !== undefined) given.push(`--config=${config}`);
  if (baseline !== undefined) given.push(`--baseline=${baseline}`);
  return answer([...given, ...args, ...paths(files)], options);
}

async function compare(files, options) {
  return (await diff(files, options)).classes;
}

async function summary(files, options = {}) {
  const { exitCode, ...reply } = await answer(['summary', '--format', 'json', ...(options.args ?? []), ...paths(files)], options);
  return reply;
}

module.exports = { HeapdiffError, compare, diff, summary };
