// What is packed: the files, the versions, and that it runs from the file alone.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const { DIST, FIXTURES } = process.env;
const root = join(FIXTURES, '..');
const read = (...parts) => readFileSync(join(root, ...parts), 'utf8');
const main = JSON.parse(read('npm/heapdiff/package.json'));
const platforms = JSON.parse(read('npm/platforms.json'));
const platform = `${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'packing-'));
after(() => rmSync(folder, { recursive: true }));

const tar = (...args) => execFileSync('tar', args, { cwd: DIST, encoding: 'utf8' });
const manifest = (file, inside = 'package') => JSON.parse(tar('xzOf', file, `${inside}/package.json`));

test('all versions are that of the crate', () => {
  const [, version] = /^version = "(.*)"$/m.exec(read('Cargo.toml'));
  assert.equal(main.version, version);
  const names = Object.keys(platforms).map((name) => `@heapdiff/${name}`);
  assert.deepEqual(Object.keys(main.optionalDependencies).sort(), names.sort());
  for (const [name, wanted] of Object.entries(main.optionalDependencies)) assert.equal(wanted, version, name);
});

test('no package has a script, and each has its licences and types', () => {
  const files = readdirSync(DIST).filter((file) => file.endsWith('.tgz'));
  assert.deepEqual(files.sort(), [`heapdiff-${main.version}-${platform}.tgz`, `heapdiff-${main.version}.tgz`, `heapdiff-${platform}-${main.version}.tgz`].sort());
  for (const file of files) {
    const { scripts, license, publishConfig } = manifest(file);
    assert.deepEqual([scripts, license, publishConfig.provenance], [undefined, 'MIT OR Apache-2.0', true], file);
    const inside = tar('tzf', file);
    for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE', 'README.md']) assert.match(inside, new RegExp(`package/${licence}\n`), file);
  }
  const inside = tar('tzf', `heapdiff-${main.version}.tgz`);
  for (const [, { types, default: code }] of Object.entries(main.exports).filter(([, to]) => to.types)) {
    for (const file of [types, code]) assert.ok(inside.includes(file.replace('./', 'package/')), file);
  }
  assert.doesNotMatch(inside, /node_modules/);
});

test("a platform's package is for that platform and holds a program", () => {
  const file = `heapdiff-${platform}-${main.version}.tgz`;
  const { name, os, cpu, version, preferUnplugged } = manifest(file);
  assert.deepEqual([name, os, cpu, version, preferUnplugged], [`@heapdiff/${platform}`, [process.platform], [process.arch], main.version, true]);
  assert.match(tar('tvzf', file), /^-rwxr-xr-x .* package\/bin\/heapdiff$/m);
});

test('npx runs it from the file alone, without a network', () => {
  const file = `./heapdiff-${main.version}-${platform}.tgz`;
  // npx takes a path from the package's folder that it is in.
  cpSync(join(DIST, file), join(folder, file));
  const [before, later] = ['before', 'after'].map((name) => join(FIXTURES, 'plain', `${name}.heapsnapshot`));
  const env = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_registry: 'http://127.0.0.1:9/' };
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', file, before, later, '--fail-on', 'verdict == leak'], { cwd: folder, encoding: 'utf8', env });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^LEAK LIKELY/);
});
