'use strict';
// Runs the program until it ends.

const { spawn } = require('node:child_process');
const { exitCode, start } = require('./binary.js');

class HeapdiffError extends Error {
  constructor(message, exitCode, stderr = '') {
    super(message);
    this.name = 'HeapdiffError';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

const notStarted = ({ message, exitCode }) => new HeapdiffError(message, exitCode);

function run(args, { signal, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true };
    let started;
    try {
      started = start((file) => spawn(file, args, options));
    } catch (error) {
      reject(notStarted(error));
      return;
    }
    const { child, fails } = started;
    const told = [];
    const said = [];
    child.stdout.on('data', (chunk) => told.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => {
      reject(error.name === 'AbortError' ? error : notStarted(fails(error)));
    });
    child.on('close', (code, by) => {
      resolve({ exitCode: exitCode(code, by), stdout: Buffer.concat(told).toString(), stderr: Buffer.concat(said).toString() });
    });
  });
}

/** What the program has written, with a gate that is broken (1) or could not be judged (2) too. */
async function answer(args, options) {
  const { exitCode, stdout, stderr } = await run(args, options);
  if (exitCode <= 2 && stdout !== '') return { exitCode, stdout };
  const message = stderr.trim().replace(/^error: /, '');
  throw new HeapdiffError(message || `heapdiff ended with exit code ${exitCode}`, exitCode, stderr);
}

module.exports = { HeapdiffError, answer };
