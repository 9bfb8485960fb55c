// Every example in docs/npm.md, as it stands there.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { command, said } from './runners/runners.mjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const { FIXTURES, PROGRAM } = process.env;
const text = readFileSync(join(FIXTURES, '../docs/npm.md'), 'utf8');
const examples = (language) => [...text.matchAll(new RegExp('^```' + language + '\n(.*?)^```$', 'gms'))].map(([, code]) => code);
const [data, leaks, lines, matcher, mcp, soak] = examples('js');
// Below the folder with the packages.
const folder = mkdtempSync(join(here, 'docs-'));
after(() => rmSync(folder, { recursive: true }));
const { NODE_TEST_CONTEXT, ...env } = process.env;

function write(files) {
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
}

const node = (...args) => said(process.execPath, args, { cwd: folder, env });

const APP = `const sessions = new Map();
class Session { constructor(id) { this.id = id; this.log = [id, {}]; } }
export async function handle({ id }) {
  sessions.set(id, new Session(id));
  if (!process.env.LEAKS) sessions.delete(id);
}
`;
const MCP = `import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
export function createServer() {
  const server = new McpServer({ name: 'library', version: '1.0.0' });
  server.registerTool('search', { description: 'Searches', inputSchema: z.object({ query: z.string() }) }, async ({ query }) => ({
    content: [{ type: 'text', text: query }],
  }));
  return server;
}
`;

test('reports are data', async () => {
  for (const name of ['before.heapsnapshot', 'after.heapsnapshot']) cpSync(join(FIXTURES, 'plain', name), join(folder, name));
  write({ 'data.mjs': data, 'data.cjs': "require('heapdiff')" });
  const { code, text } = await node('data.mjs');
  assert.equal(code, 0, text);
  assert.match(text, /^leak_likely 1\n/);
  assert.match(text, /^ToolSession 96$/m);
  assert.match(text, /^\d+\n$/m);
  assert.equal((await node('data.cjs')).code, 0);
});

test('a test with node:test passes and fails', async () => {
  write({ 'app.mjs': APP, 'leaks.test.mjs': leaks });
  const fixed = await node('--test', 'leaks.test.mjs');
  assert.equal(fixed.code, 0, fixed.text);
  const leaking = await said(process.execPath, ['--test', 'leaks.test.mjs'], { cwd: folder, env: { ...env, LEAKS: '1', TMPDIR: folder } });
  assert.equal(leaking.code, 1);
  assert.match(leaking.text, /LEAK LIKELY[\s\S]*app\.mjs: sessions[\s\S]*the snapshots are kept: heapdiff/);
});

test('a line for each runner, and the matcher', async () => {
  const line = (runner) => new RegExp(`^// ${runner}.*\n(.*)$`, 'm').exec(lines)[1];
  const call = 'const call = () => ({}).toString();\n';
  write({
    'line.vitest.mjs': `import { expect, test } from 'vitest';\nimport { expectNoLeak } from 'heapdiff/test';\n${matcher}${call}${line('Vitest')}\n`,
    'line.jest.cjs': `const { expectNoLeak } = require('heapdiff/test');\n${call}${line('Jest')}\n`,
    'line.mocha.cjs': `const { expectNoLeak } = require('heapdiff/test');\n${call}${line('Mocha')}\n`,
    'package.json': '{}',
  });
  cpSync(join(here, 'runners/vitest.config.mjs'), join(folder, 'vitest.config.mjs'));
  const runs = [
    [command('vitest'), 'run', '--config', 'vitest.config.mjs'],
    [command('jest'), '--testMatch', '**/line.jest.cjs'],
    [command('mocha'), 'line.mocha.cjs'],
  ];
  for (const args of runs) {
    const { code, text } = await node(...args);
    assert.equal(code, 0, text);
    assert.match(text, /leaves nothing|1 passed/);
  }
});

test('a server of MCP', async () => {
  write({ 'server.mjs': MCP, 'mcp.test.mjs': mcp });
  const { code, text } = await node('--test', 'mcp.test.mjs');
  assert.equal(code, 0, text);
});

test('a server of its own', async () => {
  cpSync(join(here, 'soaked.mjs'), join(folder, 'server.mjs'));
  symlinkSync(PROGRAM, join(folder, 'heapdiff'));
  write({ 'soak.test.mjs': soak });
  const [line] = examples('sh').filter((code) => code.includes('run --test'));
  const { code, text } = await said('sh', ['-c', line], { cwd: folder, env: { ...env, PATH: `${folder}:${env.PATH}` } });
  assert.equal(code, 1, text);
  assert.match(text, /visits +100 → 200 → 300 entries/);
});
