import heapdiff = require('heapdiff');
import tests = require('heapdiff/test');

const verdict: Promise<string> = heapdiff.diff(['a', 'b']).then((report) => report.verdict.kind);
const done: Promise<void> = tests.expectNoLeak(() => {});
export = { verdict, done };
