#!/usr/bin/env node
'use strict';
// Starts the program for this system and stands for it: its signals, its end.

const { spawn } = require('node:child_process');
const { exitCode, start } = require('../lib/binary.js');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

function fail(error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = error.exitCode;
}

let started;
for (const signal of SIGNALS) {
  // A terminal tells both: the program takes two signals at once for one. On Windows it is told of Ctrl-C by
  // itself, and kill() would end it at once.
  process.on(signal, () => process.platform !== 'win32' && started?.child.kill(signal));
}
try {
  started = start((file) => spawn(file, process.argv.slice(2), { stdio: 'inherit' }));
  started.child.on('error', (error) => fail(started.fails(error)));
  started.child.on('exit', (code, signal) => {
    process.exitCode = exitCode(code, signal);
  });
} catch (error) {
  fail(error);
}
