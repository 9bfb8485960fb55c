'use strict';
// Sessions with a server of the Model Context Protocol in this process, over a transport that any version of its SDK takes.

const { check } = require('../options.js');
const { OPTIONS, from, measure } = require('./leak.js');

const VERSION = '2025-06-18';
const NO_SUCH_METHOD = -32601;

/** The client's side of one session. */
class Client {
  #waiting = new Map();
  #made = 0;

  constructor() {
    this.transport = {
      start: async () => {},
      send: async (message) => this.#receive(message),
      close: async () => this.transport.onclose?.(),
    };
  }

  #tell(message) {
    // As over a wire: the server gets a copy.
    this.transport.onmessage?.(JSON.parse(JSON.stringify({ jsonrpc: '2.0', ...message })), {});
  }

  #receive({ id, method, result, error }) {
    if (method !== undefined) {
      // What the server asks for in turn. What it only tells has no id.
      if (id === undefined) return;
      if (method === 'ping') this.#tell({ id, result: {} });
      else this.#tell({ id, error: { code: NO_SUCH_METHOD, message: `no ${method} here` } });
      return;
    }
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) reject?.(new Error(`the server answers: ${error.message}`));
    else resolve?.(result);
  }

  ask(method, params) {
    const id = ++this.#made;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#tell({ id, method, params });
    });
  }

  async open() {
    const clientInfo = { name: 'heapdiff', version: '1' };
    await this.ask('initialize', { protocolVersion: VERSION, capabilities: {}, clientInfo });
    this.#tell({ method: 'notifications/initialized' });
  }
}

/** One session, from its first message to its end. */
async function session(createServer, work) {
  const server = await createServer();
  const client = new Client();
  await server.connect(client.transport);
  await client.open();
  await work(client);
  await client.transport.close();
}

async function isThere(client, tool) {
  const names = [];
  let cursor;
  do {
    const page = await client.ask('tools/list', cursor === undefined ? {} : { cursor });
    names.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  if (!names.includes(tool)) throw new TypeError(`expectNoMcpLeak: there is no tool ${tool}; there are ${names.join(', ')}`);
}

const textOf = ({ content = [] }) => content.map(({ text }) => text).join(' ');

/** The tool has to be there and to do something: a load that does nothing proves nothing. */
async function tryOut(createServer, tool, calls, call) {
  const answers = [];
  await session(createServer, async (client) => {
    await isThere(client, tool);
    for (let i = 0; i < calls; i++) answers.push(await call(client));
  });
  if (answers.every(({ isError }) => isError)) {
    throw new TypeError(`expectNoMcpLeak: every call of ${tool} fails: ${textOf(answers[0])}`);
  }
}

async function measureSessions(createServer, { tool, args = {}, sessions = 100, calls = 50, warmup = 10, ...others }) {
  let made = 0;
  const call = (client) => {
    const values = typeof args === 'function' ? args(made) : args;
    made += 1;
    return client.ask('tools/call', { name: tool, arguments: values });
  };
  const callAll = async (client) => {
    for (let i = 0; i < calls; i++) await call(client);
  };
  await tryOut(createServer, tool, calls, call);
  const asked = { name: expectNoMcpLeak.name, counted: 'sessions' };
  await measure(() => session(createServer, callAll), { ...others, warmup, calls: sessions }, calls, asked);
}

function expectNoMcpLeak(createServer, options = {}) {
  const { name } = expectNoMcpLeak;
  return from(expectNoMcpLeak, () => {
    check(name, options, [...OPTIONS, 'tool', 'args', 'sessions', 'calls']);
    if (typeof createServer !== 'function') throw new TypeError(`${name}: ${createServer} is no function`);
    return measureSessions(createServer, options);
  });
}

module.exports = { expectNoMcpLeak };
