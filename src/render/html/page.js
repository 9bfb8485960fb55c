// The page reads well without this. It adds sorting, filtering, and opening what a link points to.
'use strict';
(() => {
  const table = document.querySelector('table.classes');

  // A folded chain that a link leads to opens.
  const open = () => {
    const id = location.hash.slice(1);
    const target = id && document.getElementById(id);
    if (target instanceof HTMLDetailsElement) {
      for (let up = target; up; up = up.parentElement.closest('details')) up.open = true;
      target.scrollIntoView();
      target.querySelector('summary').focus();
    }
  };
  addEventListener('hashchange', open);
  open();

  // On paper nothing can be opened: suspects are, chains stay folded.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details.suspect:not([open]), #containers details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });

  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  for (const hidden of document.querySelectorAll('.script')) hidden.hidden = false;

  const filter = document.getElementById('filter');
  const engine = document.getElementById('engine');
  const shown = document.getElementById('shown');
  const names = rows.map((row) => row.cells[0].textContent.toLowerCase());
  const show = () => {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, at) => {
      row.hidden = !names[at].includes(wanted);
      const folded = row.classList.contains('engine') && !(engine && engine.checked);
      if (!row.hidden && !folded) count += 1;
    });
    shown.value = `${count.toLocaleString('en')} of ${rows.length.toLocaleString('en')} classes`;
  };
  filter.addEventListener('input', show);
  if (engine) engine.addEventListener('change', show);
  show();

  // Numbers begin with the largest, names with the first; a second press turns the order.
  const order = new Map(rows.map((row, at) => [row, at]));
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, at) => {
    const cell = row.cells[at];
    return at === 0 ? cell.textContent : Number(cell.dataset.n);
  };
  const compare = (a, b) => (typeof a === 'string' ? a.localeCompare(b, 'en') : a - b);
  heads.forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const now = head.getAttribute('aria-sort');
      const down = now ? now === 'ascending' : at > 0;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const sorted = [...rows].sort((a, b) => {
        const way = compare(value(a, at), value(b, at));
        return (down ? -way : way) || order.get(a) - order.get(b);
      });
      body.append(...sorted);
    });
  });
})();
