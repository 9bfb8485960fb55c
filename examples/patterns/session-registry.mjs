class Session {
  constructor(user) {
    this.user = user;
    this.history = new Array(100).fill(user);
  }
}

const sessions = new Map();

// A client that says goodbye, or one that is just gone.
const ends = (n) => (n % 10 === 0 ? 'goodbye' : 'connection lost');

export function leaking(n) {
  sessions.set(n, new Session(`user ${n}`));
  // Most clients never say goodbye.
  if (ends(n) === 'goodbye') sessions.delete(n);
}

export function fixed(n) {
  sessions.set(n, new Session(`user ${n}`));
  // However it ends: a goodbye, an error, a time limit.
  if (ends(n)) sessions.delete(n);
}
