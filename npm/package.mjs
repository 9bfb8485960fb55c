// Makes the packages for npm of programs that are built. How it is called is in scripts/package.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const { values } = parseArgs({ options: { binary: { type: 'string' }, out: { type: 'string' } } });
/** Where programs are built. */
const dist = join(root, 'dist');
const out = resolve(values.out ?? dist);
const json = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const platforms = json('npm/platforms.json');
const main = json('npm/heapdiff/package.json');
const here = `${process.platform}-${process.arch}`;
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT'];

/** The name of a platform's package, as heapdiff's own package.json has it. */
function named(platform) {
  const name = Object.keys(main.optionalDependencies).find((name) => name.endsWith(`/${platform}`));
  if (name === undefined) throw new Error(`npm/heapdiff/package.json names no package for ${platform}`);
  return name;
}

const fileOf = (platform) => `heapdiff${platforms[platform].os === 'win32' ? '.exe' : ''}`;
const builtFor = (platform) => join(dist, platforms[platform].target, fileOf(platform));

/** The programs by their platforms. */
function programs(binary) {
  if (binary !== undefined) {
    if (!(here in platforms)) throw new Error(`there is no package for ${here}`);
    if (!existsSync(binary)) throw new Error(`there is no ${binary}`);
    return { [here]: resolve(binary) };
  }
  const build = join(root, 'scripts/build');
  const built = () => Object.keys(platforms).filter((platform) => existsSync(builtFor(platform)));
  if (built().length === 0 && existsSync(build)) spawnSync(build, { stdio: 'inherit' });
  if (built().length === 0) throw new Error('there is no program in dist/<rust-target>/\nhint: --binary FILE names one that is built otherwise');
  return Object.fromEntries(built().map((platform) => [platform, builtFor(platform)]));
}

function write(folder, manifest) {
  for (const licence of LICENCES) cpSync(join(root, licence), join(folder, licence));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function platformPackage(folder, platform, program) {
  const { os, cpu } = platforms[platform];
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  cpSync(program, join(bin, fileOf(platform)));
  chmodSync(join(bin, fileOf(platform)), 0o755);
  writeFileSync(join(folder, 'README.md'), `The program of [heapdiff](https://www.npmjs.com/package/${main.name}) for ${os} on ${cpu}.\n`);
  write(folder, {
    name: named(platform),
    version: main.version,
    description: `The program of heapdiff for ${os} on ${cpu}`,
    license: main.license,
    // npm's provenance holds where it was built against it.
    repository: main.repository,
    os: [os],
    cpu: [cpu],
    files: ['bin', ...LICENCES],
    // A program inside of an archive cannot be started.
    preferUnplugged: true,
    publishConfig: main.publishConfig,
  });
}

function mainPackage(folder, manifest) {
  cpSync(join(root, 'npm/heapdiff'), folder, { recursive: true });
  write(folder, manifest);
}

/** What is packed has the file's name that it is given, not npm's. */
function pack(folder, name) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const said = JSON.parse(execFileSync(npm, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' }));
  const [{ filename }] = Array.isArray(said) ? said : Object.values(said);
  cpSync(join(folder, filename), join(out, name));
  console.log(join(out, name));
}

const work = mkdtempSync(join(tmpdir(), 'heapdiff-pack-'));
try {
  const found = programs(values.binary);
  mkdirSync(out, { recursive: true });
  mainPackage(join(work, 'main'), main);
  pack(join(work, 'main'), `heapdiff-${main.version}.tgz`);
  for (const [platform, program] of Object.entries(found)) {
    const own = join(work, platform);
    platformPackage(own, platform, program);
    pack(own, `heapdiff-${platform}-${main.version}.tgz`);
    const whole = join(work, `whole-${platform}`);
    const { os, cpu } = platforms[platform];
    const only = { [named(platform)]: main.version };
    mainPackage(whole, { ...main, os: [os], cpu: [cpu], optionalDependencies: only, bundleDependencies: Object.keys(only) });
    platformPackage(join(whole, 'node_modules', named(platform)), platform, program);
    pack(whole, `heapdiff-${main.version}-${platform}.tgz`);
  }
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 3;
} finally {
  rmSync(work, { recursive: true, force: true });
}
