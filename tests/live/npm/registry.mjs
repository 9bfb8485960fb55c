// A registry for npm on this machine, with the packages of a folder; what it has not comes from another one.
//
//   node registry.mjs FOLDER [UPSTREAM]
//
// Says its address on the first line. Every file in FOLDER that ends in .tgz is a package.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder, upstream = 'https://registry.npmjs.org/'] = process.argv.slice(2);

/** What is in the package.json of a packed package. */
function manifest(file) {
  return JSON.parse(execFileSync('tar', ['xzOf', file, 'package/package.json'], { encoding: 'utf8' }));
}

const packages = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
  const path = join(folder, file);
  const { name, version, ...rest } = manifest(path);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  packages.set(name, { file, version: { name, version, ...rest, dist: { integrity } } });
}

function packument(name, origin) {
  const { file, version } = packages.get(name);
  const dist = { ...version.dist, tarball: `${origin}/-/${file}` };
  return { name, 'dist-tags': { latest: version.version }, versions: { [version.version]: { ...version, dist } } };
}

async function passOn(path, request, response) {
  const { accept } = request.headers;
  const answer = await fetch(new URL(path.slice(1), upstream), { headers: accept ? { accept } : {} });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/octet-stream' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

async function answer(request, response) {
  const origin = `http://${request.headers.host}`;
  const path = decodeURIComponent(request.url.split('?')[0]);
  const name = path.slice(1);
  if (packages.has(name)) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(packument(name, origin)));
  } else if (path.startsWith('/-/') && path.endsWith('.tgz')) {
    response.end(readFileSync(join(folder, path.slice(3))));
  } else if (request.method === 'GET' && upstream !== 'none') {
    await passOn(path, request, response);
  } else {
    response.writeHead(404).end('{}');
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(502).end(JSON.stringify({ error: String(error) })));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
