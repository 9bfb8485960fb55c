export interface LeakOptions {
  /** Calls before anything is measured: 20. */
  warmup?: number;
  /** Calls that are measured, two at least: 1000. Once for a cheap look at the heap's size, and as often again for each try with snapshots. */
  calls?: number;
  /** The heap may grow by so much with each call. Without, heapdiff's verdict decides. */
  maxBytesPerCall?: number;
  /** By the names of classes: so many more of its objects there may be after all calls. */
  classes?: Record<string, number>;
  /** Classes and containers that do not count, by their names; `*` is any text. */
  ignore?: string[];
  /** When the snapshots stay: `on-failure` is the default. */
  keep?: 'on-failure' | 'always' | 'never';
}

/** Calls `fn(0)`, `fn(1)` and so on, one after the other, and throws a LeakError if the heap of this thread keeps what they leave. */
export function expectNoLeak(fn: (call: number) => unknown, options?: LeakOptions): Promise<void>;

/** What the server of the Model Context Protocol needs to have: `McpServer` and `Server` of its SDK do. */
export interface McpServerLike {
  connect(transport: any): Promise<void>;
}

export interface McpLeakOptions extends Omit<LeakOptions, 'calls'> {
  /** The tool to call. */
  tool: string;
  /** Its arguments, or what makes them from the number of the call. */
  args?: Record<string, unknown> | ((call: number) => Record<string, unknown>);
  /** Sessions that are measured: 100. */
  sessions?: number;
  /** Calls in each: 50. */
  calls?: number;
}

/** Opens sessions with a server in this thread, one after the other, and throws a LeakError if it keeps what they leave. */
export function expectNoMcpLeak(createServer: () => McpServerLike | Promise<McpServerLike>, options: McpLeakOptions): Promise<void>;

/** Asks `heapdiff run --test` for a snapshot of the program that is tested. */
export function mark(): Promise<void>;

/** It leaks, or that could not be judged. The message is the answer. */
export class LeakError extends Error {
  /** The snapshots that are kept, oldest first. */
  readonly files: string[];
}

/** For `expect.extend()` of Vitest and Jest: `await expect(fn).not.toLeak(options)`. */
export const matchers: {
  toLeak(fn: (call: number) => unknown, options?: LeakOptions): Promise<{ pass: boolean; message: () => string }>;
};
