const MOST = 50;
const headers = [];

// A packet as it comes from a socket or a file.
const receive = (n) => Buffer.alloc(64 * 1024, n);

export function leaking(n) {
  const packet = receive(n);
  // Sixteen bytes, which keep the 65,536 that they are a part of.
  headers.push(packet.subarray(0, 16));
}

export function fixed(n) {
  const packet = receive(n);
  // A copy of the part, and not of more packets than somebody will look at.
  headers.push(Buffer.from(packet.subarray(0, 16)));
  if (headers.length > MOST) headers.shift();
}
