let newest;

export function leaking(n) {
  const before = newest;
  const rows = new Array(100).fill(n);
  const grew = () => rows.length > before.size();
  // size() does not use `before`, but grew() does, and all functions of one call share their variables:
  // each newest one keeps the one before it, back to the first.
  newest = { size: () => rows.length, changed: before ? grew() : true };
}

export function fixed(n) {
  const rows = new Array(100).fill(n);
  newest = { size: () => rows.length, changed: newest ? differs(rows, newest) : true };
}

// A function of its own, whose variables go with its call.
function differs(rows, before) {
  return rows.length > before.size();
}
