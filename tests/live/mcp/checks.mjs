// What holds for `heapdiff mcp` whatever client speaks to it: `run` starts the clients in the folders
// beside, and says which program they speak to and where the fixtures are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

const { HEAPDIFF: program, FIXTURES: folder } = process.env;
const BEFORE = 'plain/before.heapsnapshot';
const AFTER = 'plain/after.heapsnapshot';
const PAIR = { before: BEFORE, after: AFTER };
const SESSION = 79939;
const TOOLS = ['diff', 'summary', 'show', 'retainers', 'path', 'inside', 'list', 'strings'];

/** One thing to ask of each tool, and what its answer has in it. */
const ANSWERS = [
  ['diff', PAIR, 'verdict: LEAK LIKELY'],
  ['diff', PAIR, '"sessionManager.sessions" @52865 entries 30 → 126'],
  ['summary', { file: AFTER, older: BEFORE }, '41,104 objects'],
  ['show', { file: AFTER, older: BEFORE, id: SESSION }, '"ToolSession" @79939'],
  ['retainers', { file: AFTER, id: SESSION }, '"Map" @52865'],
  ['path', { file: AFTER, id: SESSION }, 'cutting it frees 432 B'],
  ['inside', { file: AFTER, class: 'ToolSession' }, 'retains 54.4 kB together'],
  ['list', { file: AFTER, older: BEFORE, class: 'ToolSession', age: 'new' }, '96 objects'],
  ['strings', { file: AFTER, glob: '*' }, 'STRINGS'],
];

/** The argument of a tool that takes any number. */
const NUMBERS = { diff: 'calls', retainers: 'breadth', path: 'ways', inside: 'breadth' };

/** What a client cannot have, and what it is told. */
const REFUSALS = [
  ['a missing argument', 'show', { file: AFTER }, 'missing field `id`'],
  ['an unknown argument', 'show', { file: AFTER, id: 1, name: 'x' }, 'unknown field `name`'],
  ['an object that is not there', 'show', { file: AFTER, id: 7777777 }, 'there is no object @7777777'],
  ['a file that is not there', 'summary', { file: 'plain/now.heapsnapshot' }, 'there is no such file'],
  ['a file outside of the root', 'summary', { file: '../Cargo.toml' }, 'there is no such file below'],
];

/** A comparison that takes long: the same snapshot again and again. */
const slow = (times) => ({ ...PAIR, between: Array(times).fill(AFTER) });

const text = (result) => result.content[0].text;

async function seconds(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/**
 * Holds the server against one client.
 *
 * `open(server)` starts a server by a command and gives `{ client, transport, version }`, not yet
 * connected; `call(client, params, options)` calls a tool.
 */
export function check(name, protocol, { open, call }) {
  describe(`${name}, ${protocol}`, () => {
    const complaints = [];
    let session, client, transport, server;
    const ask = (tool, args, options) => call(client, { name: tool, arguments: args }, options);

    before(async () => {
      session = open({ command: program, args: ['mcp'], cwd: folder, stderr: 'pipe' });
      ({ client, transport } = session);
      client.onerror = (error) => complaints.push(error.message);
      transport.stderr.on('data', (data) => complaints.push(String(data)));
      await client.connect(transport);
      // Only this field of the SDKs says how a server ended.
      server = transport._process;
      // From now on they hold answers against the schemas of the tools.
      await client.listTools();
    });
    after(() => client.close());

    test('connects, and learns who the server is and how to begin', () => {
      const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
      const { name, version: told } = client.getServerVersion();
      assert.equal(`${name} ${told}`, version);
      assert.equal(session.version(), protocol);
      assert.match(client.getInstructions(), /Begin with diff/);
    });

    test('finds eight tools that only read', async () => {
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map((tool) => tool.name), TOOLS);
      assert(tools.every((tool) => tool.annotations.readOnlyHint && tool.outputSchema));
    });

    for (const [tool, args, part] of ANSWERS) {
      test(`${tool} tells ${part}`, async () => {
        const result = await ask(tool, args);
        assert(!result.isError, text(result));
        assert(text(result).includes(part), text(result));
        assert(text(result).startsWith(result.structuredContent.lines.join('\n')), text(result));
      });
    }

    test('reads a long answer to its end, and every object once', async () => {
      const ids = [];
      let more, pages = 0;
      do {
        const { structuredContent: page } = await ask('list', { file: AFTER, class: 'ToolSession', more });
        ids.push(...page.lines.join('\n').matchAll(/"ToolSession" @(\d+)/g));
        more = page.more;
        pages += 1;
      } while (more && pages < 100);
      assert(pages > 1, `${pages} pages`);
      assert.equal(ids.length, 126);
      assert.equal(new Set(ids.map(([, id]) => id)).size, 126);
    });

    for (const [what, tool, args, part] of REFUSALS) {
      test(`is told of ${what}`, async () => {
        const result = await ask(tool, args);
        assert(result.isError, text(result));
        assert(text(result).includes(part), text(result));
      });
    }

    test('is told of an unknown tool by an error of the protocol', async () => {
      await assert.rejects(ask('find', {}), (error) => error.code === -32602 && /there is no such tool/.test(error.message));
    });

    test('gets a prompt about its files', async () => {
      const { prompts } = await client.listPrompts();
      assert.deepEqual(prompts.map((prompt) => prompt.name), ['find-the-leak']);
      const { messages } = await client.getPrompt({ name: 'find-the-leak', arguments: PAIR });
      assert(messages[0].content.text.includes(`before is "${BEFORE}", after is "${AFTER}"`));
    });

    test('hears of progress, step by step', async () => {
      const steps = [];
      await ask('diff', { ...PAIR, calls: 2 }, { onprogress: (step) => steps.push(step) });
      assert(steps.some(({ message }) => message === 'dominators'), JSON.stringify(steps));
      assert(steps.every(({ progress }, at) => at === 0 || progress > steps[at - 1].progress));
    });

    test('cancels a comparison, and need not wait for it', async () => {
      const whole = await seconds(() => ask('diff', slow(40)));
      const stop = new AbortController();
      const onprogress = () => stop.abort(new Error('not wanted any more'));
      const rest = await seconds(async () => {
        const cancelled = ask('diff', slow(41), { signal: stop.signal, onprogress });
        await assert.rejects(cancelled, /not wanted any more/);
        assert.match(text(await ask('show', { file: AFTER, id: SESSION })), /"ToolSession" @79939/);
      });
      assert(rest < whole / 2, `${rest} s and ${whole} s`);
    });

    test('gets all answers that it asks for at once', async () => {
      const answers = await Promise.all(ANSWERS.map(([tool, args]) => ask(tool, args)));
      ANSWERS.forEach(([, , part], at) => assert(text(answers[at]).includes(part), text(answers[at])));
    });

    test('asks a hundred times, and the server grows by less than a quarter', {
      skip: !existsSync('/proc/self/status') && 'there is no /proc',
    }, async () => {
      const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
      let asked = 0;
      /** The least memory that is seen in the last of so many calls: the rest is garbage of the moment. */
      const least = async (calls) => {
        const seen = [];
        for (let at = 0; at < calls; at++) {
          const [tool, args] = ANSWERS[asked % ANSWERS.length];
          // A number makes each question another one: no answer is one that was kept.
          const number = { [NUMBERS[tool] ?? 'limit']: 10 + asked };
          const result = await ask(tool, { ...args, ...number });
          assert(!result.isError, text(result));
          asked += 1;
          seen.push(memory());
        }
        return Math.min(...seen.slice(-20));
      };
      // 64 answers are kept. What it holds of its allocator's free pages alone goes up and down by a tenth.
      const warm = await least(80);
      const then = await least(100);
      assert(then < warm * 1.25, `${warm} kB, then ${then} kB`);
    });

    test('closes, and the server ends well and has never complained', async () => {
      const ended = once(server, 'close');
      await client.close();
      assert.deepEqual((await ended).slice(0, 2), [0, null]);
      // What was on its way when a call was cancelled is no fault.
      const faults = complaints.filter((what) => !what.includes('progress notification for an unknown token'));
      assert.deepEqual(faults, []);
    });
  });
}
