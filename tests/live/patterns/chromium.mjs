// Three snapshots of a page in Chromium: node chromium.mjs PAGE leaking|fixed DIR
// Whether there is one: node chromium.mjs --find
//
// Talks to the browser over --remote-debugging-pipe: commands as JSON, each with a NUL at its end, on
// descriptors 3 and 4. Exit code 77: there is no browser.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const CALLS = 100;
const [page, which, folder] = process.argv.slice(2);
const names = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const command = names.find((name) => name && spawnSync(name, ['--version']).status === 0);
if (!command || page === '--find') process.exit(command ? 0 : 77);

const profile = mkdtempSync(join(tmpdir(), 'heapdiff-chromium-'));
const flags = [
  '--headless=new', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu', '--disable-dev-shm-usage',
  '--disable-background-networking', `--user-data-dir=${profile}`,
  // Chromium's sandbox does not start for root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
const browser = spawn(command, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const gone = new Promise((resolve) => browser.once('exit', resolve));
const waiting = new Map();
let chunks = [];
let rest = '';
let isLoaded;
const loaded = new Promise((resolve) => (isLoaded = resolve));
browser.stdio[4].setEncoding('utf8').on('data', (data) => {
  const messages = (rest + data).split('\0');
  rest = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    if (message.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(message.params.chunk);
    if (message.method === 'Page.loadEventFired') isLoaded();
    waiting.get(message.id)?.(message);
  }
});

let last = 0;
async function send(method, params = {}, sessionId = undefined) {
  const id = ++last;
  browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  const { result, error } = await new Promise((resolve) => waiting.set(id, resolve));
  waiting.delete(id);
  if (error || result.exceptionDetails) throw new Error(`${method}: ${JSON.stringify(error ?? result)}`);
  return result;
}

try {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  await send('Page.enable', {}, sessionId);
  await send('Page.navigate', { url: pathToFileURL(page).href }, sessionId);
  await loaded;
  mkdirSync(folder, { recursive: true });
  let n = 0;
  // All over one connection: V8 forgets the ids when it closes.
  for (const snapshot of ['before', 'after', 'final']) {
    for (let i = 0; i < CALLS; i++) await send('Runtime.evaluate', { expression: `${which}(${n++})` }, sessionId);
    await send('HeapProfiler.collectGarbage', {}, sessionId);
    chunks = [];
    await send('HeapProfiler.takeHeapSnapshot', {}, sessionId);
    writeFileSync(join(folder, `${snapshot}.heapsnapshot`), chunks.join(''));
  }
} finally {
  await send('Browser.close');
  await gone;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
