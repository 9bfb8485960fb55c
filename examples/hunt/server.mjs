// A shelf of manuals for agents: one tool, over Streamable HTTP with sessions. docs/hunt.md hunts its leaks.
import { randomUUID } from 'node:crypto';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { readPage } from './pages.mjs';

const sessions = new Map();

async function openSession() {
  const server = new McpServer({ name: 'shelf', version: '1.0.0' });
  const inputSchema = { page: z.string() };
  server.registerTool('read', { description: 'Reads a page of a manual', inputSchema }, async ({ page }) => {
    return { content: [{ type: 'text', text: await readPage(page) }] };
  });
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await server.connect(transport);
  return transport;
}

const app = createMcpExpressApp();
app.all('/mcp', async (request, response) => {
  let transport = sessions.get(request.headers['mcp-session-id']);
  if (!transport && isInitializeRequest(request.body)) transport = await openSession();
  if (!transport) return response.status(404).end();
  await transport.handleRequest(request, response, request.body);
});
app.listen(Number(process.env.PORT ?? 3921), '127.0.0.1');
