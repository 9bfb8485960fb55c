// A server of MCP with leaks that are known to the byte, whichever SDK it stands on: the folders beside start
// it. FIX_SESSIONS=1 and FIX_ERRORS=1 mend it.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

/** What each session, and each call that fails, keeps: arrays of so many numbers of 8 bytes. */
const NUMBERS = { session: 125_000, call: 12_500 };

const news = new EventEmitter().setMaxListeners(0);
const sessions = new Map();
const inFlight = new Map();
let calls = 0;

const payload = (of) => new Array(NUMBERS[of]).fill(calls);

async function search(query) {
  const id = ++calls;
  inFlight.set(id, { query, rows: payload('call') });
  try {
    await new Promise((resolve) => setTimeout(resolve, query.includes('slow') ? 50 : 1));
    if (query.includes('bad')) throw new Error(`the index does not understand ${query}`);
  } catch (error) {
    if (process.env.FIX_ERRORS) inFlight.delete(id);
    throw error;
  }
  inFlight.delete(id);
  return { content: [{ type: 'text', text: `no hits for ${query}` }] };
}

/** The tools of a server, in words that both SDKs know. */
export function furnish(server, z) {
  const query = z.string().min(3);
  server.registerTool('search', { description: 'Searches the index', inputSchema: z.object({ query }) }, (args) => search(args.query));
  return server;
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length ? JSON.parse(Buffer.concat(chunks)) : undefined;
}

/** `connect(options)` gives a transport with a server of its own behind it. */
async function session(connect) {
  const watch = { seen: payload('session') };
  const onNews = () => watch.seen.length;
  news.on('news', onNews);
  const transport = await connect({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  const { onclose } = transport;
  // Only a session that is ended with DELETE is ever closed.
  transport.onclose = () => {
    onclose?.();
    sessions.delete(transport.sessionId);
    news.off('news', onNews);
  };
  return transport;
}

/** Answers over HTTP; requests without a session that `other` takes are its own. */
export function listen(connect, other = () => false) {
  const server = createServer(async (request, response) => {
    try {
      const known = sessions.get(request.headers['mcp-session-id']);
      const message = request.method === 'POST' ? await body(request) : undefined;
      if (!known && (await other(request, response, message))) return;
      if (!known && message?.method !== 'initialize') return response.writeHead(404).end('no such session');
      const transport = known ?? (await session(connect));
      if (process.env.FIX_SESSIONS && request.method === 'GET') response.once('close', () => transport.close());
      await transport.handleRequest(request, response, message);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) response.writeHead(500).end();
    }
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
