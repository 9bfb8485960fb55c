// The HTML page in a real browser: it sorts, filters and opens, says nothing in the console,
// breaks no rule of its own policy, and reads without JavaScript.
//
//   node tests/browser/page.mjs [--pictures DIR]
//
// Needs Node.js 20 or later, a Chromium (or $CHROMIUM) and a built heapdiff (or $HEAPDIFF).
// Talks to the browser over --remote-debugging-pipe, so nothing is to be installed and no port
// is opened. Exit code 77: there is no browser.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const argument = process.argv.indexOf('--pictures');
const pictures = argument < 0 ? undefined : process.argv[argument + 1];
const scratch = mkdtempSync(join(tmpdir(), 'heapdiff-page-'));

function browser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = [process.env.CHROMIUM, ...names].filter(Boolean);
  return found.find((name) => spawnSync(name, ['--version']).status === 0);
}

function heapdiff() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const built = ['release', 'debug'].map((kind) => join(target, kind, 'heapdiff'));
  const found = [process.env.HEAPDIFF, ...built].filter(Boolean).find(existsSync);
  assert(found, 'heapdiff is not built');
  return found;
}

/** The page of a pair of snapshots, as a file. */
function page(pair, name) {
  const [dir, end] = existsSync(join(root, pair, 'before.heapsnapshot')) ? [pair, ''] : [pair, '.zst'];
  const files = ['before', 'after'].map((which) => join(root, dir, `${which}.heapsnapshot${end}`));
  const html = execFileSync(heapdiff(), [...files, '--format', 'html'], { maxBuffer: 1 << 28 });
  const path = join(scratch, `${name}.html`);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

/** A browser that takes commands as JSON, each with a NUL at its end, on descriptors 3 and 4. */
class Chromium {
  constructor(command) {
    const flags = [
      '--headless=new', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu',
      '--disable-background-networking', '--disable-dev-shm-usage', '--hide-scrollbars',
      `--user-data-dir=${join(scratch, 'profile')}`,
      // Chromium's sandbox does not start for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ];
    this.process = spawn(command, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.closed = new Promise((resolve) => this.process.once('exit', resolve));
    this.waiting = new Map();
    this.listeners = new Set();
    this.last = 0;
    let rest = '';
    this.process.stdio[4].setEncoding('utf8').on('data', (data) => {
      const messages = (rest + data).split('\0');
      rest = messages.pop();
      for (const message of messages) this.take(JSON.parse(message));
    });
    this.closed.then(() => {
      for (const { reject } of this.waiting.values()) reject(new Error('the browser has gone'));
    });
  }

  take(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Opens an address in a tab of its own and waits until it is there. */
  async open(url, { script = true, dark = false, width = 1200 } = {}) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, sessionId);
    this.listeners.add((message) => message.sessionId === sessionId && tab.hear(message));
    for (const domain of ['Page', 'Runtime', 'Log', 'Audits', 'Network']) await tab.send(`${domain}.enable`);
    await tab.send('Emulation.setScriptExecutionDisabled', { value: !script });
    await tab.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    await tab.send('Emulation.setDeviceMetricsOverride', {
      width, height: 900, deviceScaleFactor: 1, mobile: width < 600,
    });
    const loaded = new Promise((resolve) => { tab.loaded = resolve; });
    await tab.send('Page.navigate', { url });
    await loaded;
    return tab;
  }

  async close() {
    await this.send('Browser.close').catch(() => {});
    await this.closed;
  }
}

class Tab {
  constructor(chromium, session) {
    this.chromium = chromium;
    this.session = session;
    /** What was said on the console, what broke the policy, and what was asked of a network. */
    this.complaints = [];
  }

  hear({ method, params }) {
    if (method === 'Page.loadEventFired') this.loaded();
    const loud = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];
    const breach = method === 'Audits.issueAdded' && params.issue.code === 'ContentSecurityPolicyIssue';
    if (loud.includes(method) || breach) this.complaints.push(`${method}: ${JSON.stringify(params)}`);
    if (method === 'Network.requestWillBeSent' && !params.request.url.startsWith('file:')) {
      this.complaints.push(`asks for ${params.request.url}`);
    }
  }

  send(method, params) {
    return this.chromium.send(method, params, this.session);
  }

  async eval(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    assert(!exceptionDetails, `${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  /** Presses a key where the focus is. */
  async press(key, code, text) {
    const about = { key, code: key, windowsVirtualKeyCode: code, text };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...about });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...about });
  }


  async whole(name) {
    if (!pictures) return;
    const { cssContentSize: { width, height } } = await this.send('Page.getLayoutMetrics');
    const clip = { x: 0, y: 0, width, height: Math.min(height, 6000), scale: 1 };
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true, clip });
    mkdirSync(pictures, { recursive: true });
    writeFileSync(join(pictures, `${name}.png`), Buffer.from(data, 'base64'));
  }
}

const column = (at) =>
  `[...document.querySelectorAll('table.classes tbody tr')].map((r) => ${at === 0 ? 'r.cells[0].textContent' : `Number(r.cells[${at}].dataset.n)`})`;
const visible = `[...document.querySelectorAll('table.classes tbody tr')].filter((r) => r.checkVisibility()).map((r) => r.cells[0].textContent)`;
const head = (at) => `document.querySelectorAll('table.classes thead th')[${at}]`;

const tests = {
  async 'a press on a column sorts by it, another one turns the order'(tab) {
    for (let at = 1; at < 8; at += 1) {
      await tab.eval(`${head(at)}.querySelector('button').click()`);
      const down = await tab.eval(column(at));
      assert.deepEqual(down, [...down].sort((a, b) => b - a));
      assert.equal(await tab.eval(`${head(at)}.getAttribute('aria-sort')`), 'descending');
      await tab.eval(`${head(at)}.querySelector('button').click()`);
      const up = await tab.eval(column(at));
      assert.deepEqual(up, [...up].sort((a, b) => a - b));
      assert.equal(await tab.eval(`${head(at)}.getAttribute('aria-sort')`), 'ascending');
      assert.equal(await tab.eval(`document.querySelectorAll('[aria-sort]').length`), 1);
    }
    await tab.eval(`${head(0)}.querySelector('button').click()`);
    const names = await tab.eval(column(0));
    assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, 'en')));
  },

  async 'the keyboard sorts and opens'(tab) {
    await tab.eval(`${head(1)}.querySelector('button').focus()`);
    await tab.press('Enter', 13, '\r');
    assert.equal(await tab.eval(`${head(1)}.getAttribute('aria-sort')`), 'descending');
    await tab.eval(`document.querySelector('#chains summary').focus()`);
    await tab.press('Enter', 13, '\r');
    assert(await tab.eval(`document.querySelector('#chains details').open`));
  },

  async 'the filter leaves classes of that name, and the checkbox shows those of the engine'(tab) {
    const all = await tab.eval(visible);
    assert(all.includes('ToolSession') && !all.includes('(compiled code)') && all.length > 5);
    await tab.eval(`filter.value = 'toolS'; filter.dispatchEvent(new Event('input'))`);
    assert.deepEqual(await tab.eval(visible), ['ToolSession']);
    assert.match(await tab.eval('shown.value'), /^1 of \d+ classes$/);
    await tab.eval(`filter.value = ''; filter.dispatchEvent(new Event('input'))`);
    await tab.eval('engine.click()');
    const more = await tab.eval(visible);
    assert(more.length > all.length, `${more}`);
    assert.equal(await tab.eval('shown.value'), `${more.length} of ${more.length} classes`);
  },

  async 'a class leads to its chain, which opens'(tab) {
    await tab.eval(`document.querySelector('table.classes a').click()`);
    await tab.eval('new Promise((done) => setTimeout(done, 100))');
    const id = await tab.eval(`document.querySelector('table.classes a').hash.slice(1)`);
    assert(await tab.eval(`document.getElementById('${id}').open`));
    assert(await tab.eval(`document.querySelector('#${id} li').checkVisibility()`));
  },

  async 'the ways of the first suspect are open, and a step folds what it holds'(tab) {
    const last = `document.querySelector('.suspect[open] .step.last').checkVisibility({contentVisibilityAuto: true})`;
    assert(await tab.eval(last));
    await tab.eval(`document.querySelector('.suspect .step > summary').click()`);
    assert(!(await tab.eval(last)));
  },

  async 'nothing is wider than a narrow window'(tab) {
    await tab.send('Emulation.setDeviceMetricsOverride', { width: 360, height: 800, deviceScaleFactor: 1, mobile: true });
    assert.equal(await tab.eval('document.documentElement.scrollWidth'), 360);
  },
};

async function withoutScript(chromium, url) {
  const tab = await chromium.open(url, { script: false });
  assert.equal(await tab.eval(`filter.checkVisibility() || document.querySelectorAll('th button').length > 0`), false);
  const before = await tab.eval(visible);
  assert(before.includes('ToolSession') && !before.includes('(compiled code)'));
  await tab.eval('engine.click()');
  assert((await tab.eval(visible)).length > before.length, 'the checkbox needs no script');
  assert(await tab.eval(`document.querySelector('.suspect[open] .step.last').checkVisibility()`));
  await tab.eval(`document.querySelector('#chains summary').click()`);
  assert(await tab.eval(`document.querySelector('#chains li').checkVisibility()`));
  assert.deepEqual(tab.complaints, []);
}

/** The policy holds: what is put into the page by force does nothing and is complained of. */
async function policyHolds(chromium, url) {
  const tab = await chromium.open(url);
  await tab.eval(`document.body.insertAdjacentHTML('beforeend', '<img src="https://example.org/x.png" onerror="window.evil = 1"><p style="color: red" onclick="window.evil = 2">x</p>')`);
  await tab.eval(`document.body.lastChild.click()`);
  await tab.eval(`document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.evil = 3' }))`);
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(await tab.eval('window.evil'), undefined);
  assert(tab.complaints.some((text) => text.includes('Content Security Policy')), 'a breach is told');
}

async function main() {
  const command = browser();
  if (!command) {
    console.error('there is no Chromium: the page is not tested in a browser');
    return 77;
  }
  const chromium = new Chromium(command);
  let failed = 0;
  const run = async (name, test) => {
    try {
      await test();
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}\n${error.stack}`);
    }
  };
  try {
    const plain = page('fixtures/plain', 'plain');
    for (const [name, test] of Object.entries(tests)) {
      await run(name, async () => {
        const tab = await chromium.open(plain);
        await test(tab);
        assert.deepEqual(tab.complaints, [], 'nothing is said and nothing is asked for');
      });
    }
    await run('it reads without JavaScript', () => withoutScript(chromium, plain));
    await run('the policy lets nothing else run or load', () => policyHolds(chromium, plain));
    if (pictures) {
      const pairs = ['als-ttl-timers', 'chromium-detached-rows', 'healthy-httpd', 'mcp-tool-listeners'];
      const real = pairs.map((name) => [name, page(`fixtures/pairs/${name}`, name)]);
      for (const [name, url] of [['plain', plain], ...real]) {
        await (await chromium.open(url)).whole(`${name}-light`);
        await (await chromium.open(url, { dark: true })).whole(`${name}-dark`);
        await (await chromium.open(url, { width: 390 })).whole(`${name}-narrow`);
      }
    }
  } finally {
    await chromium.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
