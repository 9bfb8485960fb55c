// The pages behind the tool. What is read often stays in a cache, and a page is loaded once however many ask for it.
import { setTimeout as sleep } from 'node:timers/promises';

const MOST = 100;
const cache = new Map();
const loading = new Map();

/** Stands for a database: some pages are not there. */
async function load(page) {
  await sleep(1);
  if (page.startsWith('missing')) throw new Error(`there is no ${page}`);
  return `${page}: `.padEnd(2000, 'all that there is to know. ');
}

function remember(page, text) {
  cache.set(page, text);
  // The oldest goes: a Map keeps the order in which its entries came.
  if (cache.size > MOST) cache.delete(cache.keys().next().value);
}

export async function readPage(page) {
  const known = cache.get(page) ?? loading.get(page);
  if (known) return known;
  const coming = load(page);
  loading.set(page, coming);
  const text = await coming;
  loading.delete(page);
  remember(page, text);
  return text;
}
