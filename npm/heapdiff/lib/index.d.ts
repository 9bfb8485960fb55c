import type { Reply, Summary } from './explore.js';
import type { ClassRow, Report } from './report.js';

export type * from './report.js';
export type { Reply, Summary } from './explore.js';

export interface Options {
  /** Ends the program; the promise is rejected with an AbortError. */
  signal?: AbortSignal;
  /** What paths are relative to, and where a configuration is looked for. */
  cwd?: string;
  /** More arguments of the command. */
  args?: string[];
}

export interface DiffOptions extends Options {
  /** How often the operation in question ran between the first and the last snapshot. */
  calls?: number;
  /** Conditions, each a gate: docs/gates.md. */
  failOn?: string | string[];
  /** The configuration, instead of the one that is found. */
  config?: string;
  /** What is accepted already. */
  baseline?: string;
}

/** A report, and what came of all gates together. */
export type Judged = Report & {
  /** 0: every gate is kept, or there is none. 1: one is broken. 2: one could not be judged. */
  exitCode: 0 | 1 | 2;
};

/**
 * Compares snapshots, oldest first, or those in one directory or archive. A gate that is broken or could not be judged
 * is no error: the report says so.
 */
export function diff(files: string | string[], options?: DiffOptions): Promise<Judged>;

/** The table of classes of a comparison: that of the Comparison view in Chrome DevTools. */
export function compare(files: string | string[], options?: DiffOptions): Promise<ClassRow[]>;

/** What a snapshot is made of; of two, the newer one. */
export function summary(files: string | string[], options?: Options): Promise<Reply & { summary: Summary }>;

/** The program cannot be started, or has given no answer. */
export class HeapdiffError extends Error {
  /** As of the program; 128 and the signal's number if a signal has ended it. */
  readonly exitCode: number;
  /** All that the program has said. */
  readonly stderr: string;
}
