import { EventEmitter } from 'node:events';

const market = new EventEmitter().setMaxListeners(0);

export function leaking() {
  const prices = [];
  // The market outlives the call, and keeps the listener with all that it captures.
  market.on('price', (price) => prices.push(price));
  market.emit('price', 42);
  return prices.at(-1);
}

export function fixed() {
  const prices = [];
  const listener = (price) => prices.push(price);
  market.on('price', listener);
  try {
    market.emit('price', 42);
    return prices.at(-1);
  } finally {
    // The same function that was registered: another one that looks like it removes nothing.
    market.off('price', listener);
  }
}
