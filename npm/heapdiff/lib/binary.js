'use strict';
// Where the program is.

const { closeSync, openSync, readSync } = require('node:fs');
const { constants } = require('node:os');
const { resolve } = require('node:path');
const { optionalDependencies } = require('../package.json');

/** Exit code of heapdiff where a file or a process cannot be read, written or reached. */
const UNREACHED = 3;
/** How the header of a program of Linux names the processor. */
const MACHINES = { x64: 62, arm64: 183 };

const platform = `${process.platform}-${process.arch}`;

/** The program cannot be started, told as it tells its own errors. */
class NotStarted extends Error {
  constructor(what, hint) {
    super(`${what}\nhint: ${hint}`);
    this.exitCode = UNREACHED;
  }
}

/** The path of the program for this system. */
function find() {
  // The child may have another working directory.
  if (process.env.HEAPDIFF_BINARY) return resolve(process.env.HEAPDIFF_BINARY);
  const packages = Object.keys(optionalDependencies);
  const fits = packages.find((name) => name.endsWith(`/${platform}`));
  if (fits === undefined) {
    const there = packages.map((name) => name.slice(name.indexOf('/') + 1)).join(', ');
    throw new NotStarted(
      `there is no package for ${platform}, only for ${there}`,
      '`cargo install heapdiff --features full` builds it, and HEAPDIFF_BINARY=PATH says where it is',
    );
  }
  try {
    return require.resolve(`${fits}/bin/heapdiff${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new NotStarted(
      `the package ${fits} with the program for this system is not installed`,
      'either optional packages are left out (install with --include=optional, without --omit=optional and optional=false), ' +
        'or node_modules or the lock file was made on another system (delete both and install again)',
    );
  }
}

/** What cannot be started is read as a shell's script by exec: with an exit code that means something else. */
function check(file) {
  const head = Buffer.alloc(20);
  const descriptor = openSync(file);
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const script = head.toString('latin1', 0, 2) === '#!';
  const program = head.toString('latin1', 0, 4) === '\x7fELF' && head.readUInt16LE(18) === MACHINES[process.arch];
  if (!script && !program) throw Object.assign(new Error(), { code: 'ENOEXEC' });
}

/** Starts something that is given the path of the program. */
function start(spawn) {
  const file = find();
  const fails = (error) => {
    const hint = process.env.HEAPDIFF_BINARY ? 'HEAPDIFF_BINARY has to name a program for this system' : 'install heapdiff again';
    return new NotStarted(`cannot start ${file}: ${error.code ?? error.message}`, hint);
  };
  try {
    if (process.platform === 'linux') check(file);
    return { child: spawn(file), fails };
  } catch (error) {
    throw fails(error);
  }
}

/** The exit code of a program: 128 and the signal's number if a signal has ended it. */
const exitCode = (code, signal) => (signal ? 128 + constants.signals[signal] : code);

module.exports = { exitCode, start };
