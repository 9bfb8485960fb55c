// Keeps the session of every request for ever.
import { createServer } from 'node:http';

class Session {
  constructor(id) {
    this.id = id;
    this.history = Array.from({ length: 100 }, () => ({ id }));
  }
}

const sessions = new Map();

export function start() {
  let requests = 0;
  const server = createServer((request, response) => {
    const session = new Session(requests++);
    sessions.set(session.id, session);
    response.end(`session ${session.id}`);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
