import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { furnish, listen } from '../leaks.mjs';

const serve = async (transport) => {
  const server = furnish(new McpServer({ name: 'leaks', version: '1.0.0' }), z);
  await server.connect(transport);
  return transport;
};
if (process.argv[2] === 'stdio') await serve(new StdioServerTransport());
else listen((options) => serve(new StreamableHTTPServerTransport(options)));
