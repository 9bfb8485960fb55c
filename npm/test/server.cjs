// A server in this process, with a healthy cache and sessions that it forgets, or does not; and a client of it.
const { EventEmitter } = require('node:events');
const { createServer } = require('node:http');

const LARGEST_CACHE = 200;

class Session {
  constructor(id) {
    this.id = `session ${id}`;
    this.user = { name: `user ${id}`, roles: ['reader'] };
  }
}

async function start(forgets) {
  const sessions = new Map();
  const cache = new Map();
  const news = new EventEmitter();
  let opened = 0;

  function answer(request, response) {
    const session = new Session(opened++);
    sessions.set(session.id, session);
    const listener = () => session.user.name;
    news.on('news', listener);
    cache.set(session.id, JSON.stringify(session.user));
    if (cache.size > LARGEST_CACHE) cache.delete(cache.keys().next().value);
    response.on('close', () => {
      news.off('news', listener);
      if (forgets) sessions.delete(session.id);
    });
    response.end(cache.get(session.id));
  }

  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    call: async () => (await fetch(url)).text(),
    close: () => server.close(),
  };
}

/** Does something with calls of such a server. */
async function withServer(forgets, work) {
  const { call, close } = await start(forgets);
  try {
    return await work(call);
  } finally {
    close();
  }
}

module.exports = withServer;
