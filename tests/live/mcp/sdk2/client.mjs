// The official TypeScript SDK that asks a server which versions it speaks, or begins as older ones do.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { check } from '../checks.mjs';

for (const [mode, protocol] of [['auto', '2026-07-28'], ['legacy', '2025-11-25']]) {
  check('@modelcontextprotocol/client', protocol, {
    open(server) {
      const client = new Client({ name: 'live', version: '1' }, { versionNegotiation: { mode } });
      const version = () => client.getNegotiatedProtocolVersion();
      return { client, transport: new StdioClientTransport(server), version };
    },
    call: (client, params, options) => client.callTool(params, options),
  });
}
