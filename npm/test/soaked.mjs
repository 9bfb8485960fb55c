// A server that keeps every request: `heapdiff run --test` takes snapshots of it.
import { createServer } from 'node:http';

class Visit {
  constructor(url) {
    this.url = url;
  }
}
const visits = [];
createServer((request, response) => {
  visits.push(new Visit(request.url));
  response.end('ok');
}).listen(0, '127.0.0.1');
