// The official TypeScript SDK before protocol versions without a handshake.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { check } from '../checks.mjs';

check('@modelcontextprotocol/sdk', '2025-11-25', {
  open(server) {
    const client = new Client({ name: 'live', version: '1' });
    let version;
    const transport = new StdioClientTransport(server);
    // It tells HTTP alone what was agreed upon, by this method.
    transport.setProtocolVersion = (agreed) => { version = agreed; };
    return { client, transport, version: () => version };
  },
  call: (client, params, options) => client.callTool(params, undefined, options),
});
