const MOST = 50;
const titles = [];

// A page as it comes from the network.
const download = (n) => Buffer.from(`<title>The ${n}th of all the pages</title>${'<p>text</p>'.repeat(2000)}`).toString();

export function leaking(n) {
  const page = download(n);
  // V8 does not copy: the title is a view of the whole page.
  titles.push(page.slice(page.indexOf('>') + 1, page.indexOf('</title>')));
}

export function fixed(n) {
  const page = download(n);
  const title = page.slice(page.indexOf('>') + 1, page.indexOf('</title>'));
  // A copy, and not of more pages than somebody will look at.
  titles.push(Buffer.from(title).toString());
  if (titles.length > MOST) titles.shift();
}
