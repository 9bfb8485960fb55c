const MOST = 50;
const cache = new Map();

const compute = (query) => ({ query, rows: new Array(100).fill(query) });

export function leaking(n) {
  // The time is part of the key: no key comes twice.
  const key = `weather in Rome at ${n} ms`;
  if (!cache.has(key)) cache.set(key, compute(key));
  return cache.get(key);
}

export function fixed(n) {
  const key = `weather in Rome at ${n} ms`;
  if (!cache.has(key)) cache.set(key, compute(key));
  // The oldest goes: a Map keeps the order in which its entries came.
  if (cache.size > MOST) cache.delete(cache.keys().next().value);
  return cache.get(key);
}
