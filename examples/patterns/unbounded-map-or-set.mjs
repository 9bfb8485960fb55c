const progress = new Map();

async function convert(n) {
  if (n % 2) throw new Error('the file is damaged');
  return n;
}

export async function leaking(n) {
  progress.set(n, { n, steps: new Array(100).fill('queued') });
  await convert(n);
  // Not reached when convert() throws.
  progress.delete(n);
}

export async function fixed(n) {
  progress.set(n, { n, steps: new Array(100).fill('queued') });
  try {
    await convert(n);
  } finally {
    progress.delete(n);
  }
}
