import { once } from 'node:events';
import { createServer, get } from 'node:http';

const server = createServer((_, response) => response.end(Buffer.alloc(1_000_000))).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/`;

export async function leaking() {
  const [response] = await once(get(url, { agent: false }), 'response');
  // Nobody reads the body, and so the socket waits for somebody who does.
  return response.statusCode;
}

export async function fixed() {
  const [response] = await once(get(url, { agent: false }), 'response');
  // Read it, throw it away with resume(), or destroy() it.
  response.resume();
  await once(response, 'close');
  return response.statusCode;
}
