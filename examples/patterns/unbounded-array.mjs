const MOST = 50;
const history = [];

export function leaking(n) {
  // For a page of the newest ones that nobody opens, and nothing is ever taken out.
  history.push({ n, at: Date.now(), path: `/orders/${n}` });
}

export function fixed(n) {
  history.push({ n, at: Date.now(), path: `/orders/${n}` });
  if (history.length > MOST) history.shift();
}
