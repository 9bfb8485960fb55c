import { HeapdiffError, compare, diff, summary, type ClassRow, type Report } from 'heapdiff';
import { LeakError, expectNoLeak, expectNoMcpLeak, mark, matchers } from 'heapdiff/test';

const report: Report & { exitCode: 0 | 1 | 2 } = await diff(['a', 'b'], { calls: 5, failOn: 'verdict == leak', signal: new AbortController().signal });
const kind: 'leak_likely' | 'grew' | 'no_growth' | 'not_comparable' = report.verdict.kind;
const rows: ClassRow[] = await compare('folder');
const names: string[] = rows.map((row) => row.name);
const reply = await summary('after.heapsnapshot');
const nodes: number = reply.snapshot.nodes;
// @ts-expect-error There is no such option.
await diff(['a', 'b'], { cals: 5 });
// @ts-expect-error Nor such a member.
report.verdikt;

await expectNoLeak(async (call) => call + 1, { warmup: 1, calls: 2, classes: { Session: 0 }, ignore: ['x'], keep: 'never' });
// @ts-expect-error
await expectNoLeak(() => {}, { keep: 'sometimes' });
await expectNoMcpLeak(() => ({ connect: async () => {} }), { tool: 'search', args: (call) => ({ query: `${call}` }) });
await mark();
matchers.toLeak satisfies Function;
const code: number = new HeapdiffError().exitCode;
const files: readonly string[] = new LeakError().files;
export { code, files, kind, names, nodes };
