class Connection {
  constructor(n) {
    this.descriptor = n;
    this.received = new Array(100).fill(n);
  }
  close() {
    open.delete(this.descriptor);
  }
}

// Descriptors that are open, for connections that somebody forgets to close.
const open = new Set();
const forgotten = new FinalizationRegistry((close) => close());

export function leaking(n) {
  const connection = new Connection(n);
  open.add(n);
  // The registry holds the function, and the function the connection: it is never forgotten.
  forgotten.register(connection, () => connection.close());
}

export function fixed(n) {
  const connection = new Connection(n);
  open.add(n);
  forgotten.register(connection, closing(n));
}

// Made where the connection is not in reach: this function captures the number alone.
const closing = (descriptor) => () => open.delete(descriptor);
