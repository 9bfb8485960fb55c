import { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { McpServer, createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { furnish, listen } from '../leaks.mjs';

const make = () => furnish(new McpServer({ name: 'leaks', version: '1.0.0' }), z);
const connect = async (options) => {
  const transport = new NodeStreamableHTTPServerTransport(options);
  await make().connect(transport);
  return transport;
};
const handler = toNodeHandler(createMcpHandler(make, { legacy: 'reject' }));
/** Clients of 2026-07-28, which have no sessions. */
async function modern(request, response, message) {
  if (message === undefined || (await isLegacyRequest(await toWebRequest(request, message), message))) return false;
  await handler(request, response, message);
  return true;
}
if (process.argv[2] === 'stdio') serveStdio(make);
else listen(connect, modern);
