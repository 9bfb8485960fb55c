// Servers of the Model Context Protocol on both versions of its SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as Server2 } from '@modelcontextprotocol/server';
import { LeakError, expectNoMcpLeak } from 'heapdiff/test';
import { z } from 'zod';

class Hit {
  constructor(query) {
    this.query = query;
  }
}

function maker(McpServer, hits) {
  return () => {
    const server = new McpServer({ name: 'library', version: '1.0.0' });
    const inputSchema = z.object({ query: z.string() });
    server.registerTool('search', { description: 'Searches', inputSchema }, async ({ query }) => {
      hits?.push(new Hit(query));
      return { content: [{ type: 'text', text: `nothing for ${query}` }] };
    });
    return server;
  };
}

const few = { tool: 'search', args: (call) => ({ query: `item ${call}` }), sessions: 20, calls: 20, warmup: 3, keep: 'never' };

for (const [name, McpServer] of Object.entries({ 'SDK 1': Server1, 'SDK 2': Server2 })) {
  test(`a server on ${name} that keeps its hits leaks, and one that does not is fine`, async () => {
    await expectNoMcpLeak(maker(McpServer), { ...few, classes: { Hit: 0 } });
    await assert.rejects(expectNoMcpLeak(maker(McpServer, []), few), (error) => {
      assert.ok(error instanceof LeakError, String(error));
      assert.match(error.message, /hits: 400\s+new\s+entries.*exactly\s+1\s+per\s+call/s);
      return true;
    });
  });

  test(`a load on ${name} that does nothing proves nothing`, async () => {
    await assert.rejects(expectNoMcpLeak(maker(McpServer), { ...few, tool: 'find' }), /there is no tool find; there are search/);
    await assert.rejects(expectNoMcpLeak(maker(McpServer), { ...few, args: {} }), /every call of search fails: .*query/s);
  });
}

test('what is no option, no function or no number of sessions is refused, and by whom', async () => {
  const create = maker(Server1);
  for (const [fn, options, message] of [
    [create, { ...few, callz: 20 }, /^expectNoMcpLeak: there is no option callz; there are .*sessions/],
    [5, few, /^expectNoMcpLeak: 5 is no function/],
    [create, { ...few, sessions: 1 }, /^expectNoMcpLeak: sessions is 1, and not a number of sessions, two at least/],
  ]) {
    await assert.rejects(expectNoMcpLeak(fn, options), { name: 'TypeError', message });
  }
});
