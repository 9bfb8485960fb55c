// For Bun, whose snapshots do not have what a Map holds: bun run.mjs no-retainer leaking DIR
class Part {
  constructor(upload, part) {
    this.text = `part ${part} of upload ${upload}`;
  }
}

const uploads = new Map();
const parts = (n) => Array.from({ length: 50 }, (_, part) => new Part(n, part));

async function receive(n) {
  if (n % 2) throw new Error('the connection is gone');
}

export async function leaking(n) {
  uploads.set(n, parts(n));
  await receive(n);
  // Not reached when receive() throws.
  uploads.delete(n);
}

export async function fixed(n) {
  uploads.set(n, parts(n));
  try {
    await receive(n);
  } finally {
    uploads.delete(n);
  }
}
