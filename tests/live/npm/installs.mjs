// heapdiff installed by package managers, from a registry of its own, in clean folders:
//
//   node installs.mjs DIST FIXTURES [TOOLS [ONLY]]
//
// DIST has what scripts/package npm makes. Without TOOLS, a folder where other package managers are installed once, npm alone
// is tried, the one that is there. ONLY is a part of the names of those to try.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [dist, fixtures, tools, only = ''] = process.argv.slice(2);
const root = join(fixtures, '..');
const platforms = JSON.parse(readFileSync(join(root, 'npm/platforms.json'), 'utf8'));
const { version } = JSON.parse(readFileSync(join(root, 'npm/heapdiff/package.json'), 'utf8'));
const here = `${process.platform}-${process.arch}`;
const files = ['before', 'after'].map((name) => join(fixtures, 'plain', `${name}.heapsnapshot`));
const work = mkdtempSync(join(tmpdir(), 'installs-'));

/** All that would be published: the other platforms' packages hold the same program. */
function shelf() {
  const shelf = join(work, 'shelf');
  mkdirSync(shelf);
  cpSync(join(dist, `heapdiff-${version}.tgz`), join(shelf, `heapdiff-${version}.tgz`));
  for (const [name, { os, cpu }] of Object.entries(platforms)) {
    const folder = join(work, 'packages', name);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['xzf', join(dist, `heapdiff-${here}-${version}.tgz`), '-C', folder]);
    const file = join(folder, 'package/package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...manifest, name: manifest.name.replace(here, name), os: [os], cpu: [cpu] }));
    execFileSync('tar', ['czf', join(shelf, `${name}.tgz`), '-C', folder, 'package']);
  }
  return shelf;
}

async function registry(folder) {
  const child = spawn(process.execPath, [join(root, 'tests/live/npm/registry.mjs'), folder, 'none'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text).split('\n'))));
  return { url, end: () => child.kill() };
}

/** A package manager as a program: installed once from npm. */
function tool(name, spec, file) {
  const folder = join(tools, name);
  if (!existsSync(join(folder, 'node_modules', file))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', spec], { cwd: folder });
  }
  const path = join(folder, 'node_modules', file);
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path];
}

const npm = (words) => ({ words, add: ['install', '--no-audit', '--no-fund', 'heapdiff'], exec: ['exec', '--', 'heapdiff'] });
const npmOf = (major) => npm(tool(`npm${major}`, `npm@${major}`, 'npm/bin/npm-cli.js'));
const yarn = (linker) => ({ words: tool('yarn', '@yarnpkg/cli-dist', '@yarnpkg/cli-dist/bin/yarn.js'), add: ['add', 'heapdiff'], exec: ['run', 'heapdiff'], linker });

const managers = {
  npm: () => npm(['npm']),
  ...(tools && {
    'npm 10': () => npmOf(10),
    'npm 11': () => npmOf(11),
    'npm 12': () => npmOf(12),
    pnpm: () => ({ words: tool('pnpm', 'pnpm', 'pnpm/bin/pnpm.cjs'), add: ['add', 'heapdiff'], exec: ['exec', 'heapdiff'] }),
    'Yarn, node_modules': () => yarn('node-modules'),
    "Yarn, Plug'n'Play": () => yarn('pnp'),
    Bun: () => ({ words: tool('bun', 'bun', '@oven/bun-linux-x64/bin/bun'), add: ['add', 'heapdiff'], exec: ['x', '--no-install', 'heapdiff'] }),
  }),
};

/** A folder with a package of its own, and what a manager is told of the registry. */
function project(name, url) {
  const folder = join(work, name.replaceAll(/\W+/g, '-'));
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', private: true }));
  writeFileSync(join(folder, '.npmrc'), `registry=${url}\n`);
  const home = join(folder, 'home');
  mkdirSync(home);
  const { npm_config_registry, npm_config_cache, NODE_TEST_CONTEXT, HEAPDIFF_BINARY, ...rest } = process.env;
  const own = { HOME: home, npm_config_cache: join(home, 'npm'), npm_config_store_dir: join(home, 'store'), npm_config_userconfig: join(home, '.npmrc'), npm_config_update_notifier: 'false' };
  const yarn = { YARN_NPM_REGISTRY_SERVER: url.replace(/\/$/, ''), YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1', YARN_ENABLE_TELEMETRY: '0', YARN_NPM_MINIMAL_AGE_GATE: '0', YARN_ENABLE_GLOBAL_CACHE: 'false' };
  return { folder, env: { ...rest, ...own, ...yarn, BUN_CONFIG_REGISTRY: url, CI: '' } };
}

function run([command, ...args], { folder, env }) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: 120_000 });
  return { code: status, text: `${stdout}${stderr}` };
}

const API = `require('heapdiff').diff(${JSON.stringify(files)}).then((report) => console.log('verdict:', report.verdict.kind))`;

/** The command and the library, where heapdiff is installed. */
function works(manager, at) {
  const { code, text } = run([...manager.words, ...manager.exec, ...files, '--fail-on', 'verdict == leak'], at);
  if (code !== 1 || !text.includes('LEAK LIKELY')) return `the command ends with ${code}: ${text}`;
  writeFileSync(join(at.folder, 'api.cjs'), API);
  const node = manager.linker === 'pnp' ? [...manager.words, 'node'] : [process.execPath];
  const api = run([...node, 'api.cjs'], at);
  return api.text.includes('verdict: leak_likely') ? undefined : `the library fails: ${api.text}`;
}

function installs(manager, at) {
  if (manager.linker) writeFileSync(join(at.folder, '.yarnrc.yml'), `nodeLinker: ${manager.linker}\n`);
  if (manager.linker) writeFileSync(join(at.folder, 'yarn.lock'), '');
  const { code, text } = run([...manager.words, ...manager.add], at);
  return code === 0 ? works(manager, at) : `it is not installed: ${text}`;
}

/** Each a word on what went wrong, or nothing. */
const others = {
  'npm, again without a network': (url) => {
    const at = project('offline', url);
    const failed = installs(npm(['npm']), at);
    if (failed) return failed;
    rmSync(join(at.folder, 'node_modules'), { recursive: true });
    const { code, text } = run(['npm', 'ci', '--offline', '--registry=http://127.0.0.1:9/'], at);
    return code === 0 ? works(npm(['npm']), at) : text;
  },
  'npm, in a workspace of a monorepo': (url) => {
    const at = project('monorepo', url);
    writeFileSync(join(at.folder, 'package.json'), JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] }));
    const inside = join(at.folder, 'packages/one');
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'package.json'), JSON.stringify({ name: 'one', version: '1.0.0', dependencies: { heapdiff: version } }));
    const { code, text } = run(['npm', 'install', '--no-audit', '--no-fund'], at);
    return code === 0 ? works(npm(['npm']), { ...at, folder: inside }) : text;
  },
  'npx': (url) => {
    const at = project('npx', url);
    const { code, text } = run(['npx', '--yes', 'heapdiff', ...files, '--fail-on', 'verdict == leak'], at);
    return code === 1 && text.includes('LEAK LIKELY') ? undefined : `${code}: ${text}`;
  },
  'npm, without optional packages': (url) => {
    const at = project('omitted', url);
    run(['npm', 'install', '--no-audit', '--no-fund', '--omit=optional', 'heapdiff'], at);
    const { code, text } = run(['npm', 'exec', '--', 'heapdiff', ...files], at);
    if (code !== 3 || !text.includes('--include=optional')) return `${code}: ${text}`;
    run(['npm', 'install', '--no-audit', '--no-fund', '--include=optional'], at);
    return works(npm(['npm']), at);
  },
  'npm, node_modules of another system': (url) => {
    const at = project('foreign', url);
    run(['npm', 'install', '--no-audit', '--no-fund', '--os=darwin', '--cpu=arm64', 'heapdiff'], at);
    const there = readdirSync(join(at.folder, 'node_modules/@heapdiff'));
    if (there.join() !== 'darwin-arm64') return `there are ${there}`;
    const { code, text } = run(['npm', 'exec', '--', 'heapdiff', ...files], at);
    if (code !== 3 || !text.includes('another system')) return `${code}: ${text}`;
    for (const name of ['node_modules', 'package-lock.json']) rmSync(join(at.folder, name), { recursive: true });
    run(['npm', 'install', '--no-audit', '--no-fund'], at);
    return works(npm(['npm']), at);
  },
};

const { url, end } = await registry(shelf());
try {
  const tries = Object.entries(managers).map(([name, manager]) => [name, () => installs(manager(), project(name, url))]);
  for (const [name, attempt] of [...tries, ...Object.entries(others).map(([name, attempt]) => [name, () => attempt(url)])]) {
    if (!name.includes(only)) continue;
    const failed = attempt();
    console.log(`${failed ? 'FAILED' : 'works'}  ${name}${failed ? `\n${failed}` : ''}`);
    if (failed) process.exitCode = 1;
  }
} finally {
  end();
  rmSync(work, { recursive: true, force: true });
}
