// Made by npm/types.mjs from docs/report.schema.json. Change the types in src/ that the schema is made from.

/**
 * Whose a script is.
 */
export type Owner = 'program' | 'package' | 'runtime';
/**
 * What a place of the program has to do with a leak.
 */
export type Part = 'holds' | 'filled_from' | 'class' | 'leads';
/**
 * What kind of leak it is.
 */
export type Pattern =
  | 'event-listener'
  | 'unbounded-map-or-set'
  | 'unbounded-array'
  | 'cache'
  | 'timer'
  | 'closure-context'
  | 'promise'
  | 'abort-signal'
  | 'detached-buffer'
  | 'detached-dom'
  | 'string-parent'
  | 'async-context'
  | 'session-registry'
  | 'stream-socket'
  | 'duplicate-strings'
  | 'finalization'
  | 'no-retainer';
/**
 * What was begun and never finished, where that is why things pile up.
 */
export type Unfinished = 'request' | 'connection';
/**
 * How a figure lies to a limit.
 */
export type Comparator = '>' | '>=' | '<' | '<=' | '==' | '!=';
/**
 * A figure of a gate, with its unit.
 */
export type Measure =
  | {
      unit: 'bytes';
      value: number;
    }
  | {
      unit: 'count';
      value: number;
    }
  | {
      unit: 'percent';
      value: number;
    }
  | {
      unit: 'bytes_per_call';
      value: number;
    }
  | {
      unit: 'count_per_call';
      value: number;
    }
  | {
      unit: 'bytes_per_hour';
      value: number;
    }
  | {
      unit: 'bytes_each';
      value: number;
    }
  | {
      unit: 'verdict';
      value: VerdictKind;
    }
  | {
      unit: 'trend';
      value: string;
    };
/**
 * What the comparison comes to.
 */
export type VerdictKind = 'leak_likely' | 'grew' | 'no_growth' | 'not_comparable';
/**
 * How a figure was come by.
 */
export type Method = 'totals' | 'id' | 'structure' | 'count' | 'series';
/**
 * What came of a gate.
 */
export type Outcome = 'kept' | 'broken' | 'unjudged';
/**
 * What equal ids mean.
 */
export type IdentityKind = 'same_process' | 'different_process' | 'unstable_ids';
/**
 * What a step of a suspect's chain is.
 */
export type Role = 'root' | 'holder' | 'container' | 'entry' | 'object' | 'inside';

/**
 * Everything heapdiff has to say about two snapshots. Sizes are in bytes.
 */
export interface Report {
  /**
   * The files in between, oldest first.
   */
  between: Snapshot[];
  /**
   * How often the operation in question ran between the first and the last snapshot.
   */
  calls?: number | null;
  /**
   * How the snapshots were taken, if that stands beside both.
   */
  captured?: Captured | null;
  /**
   * For each class with new objects, by # New descending: why a typical one stays. Empty only in
   * reports made without them, never in JSON.
   */
  chains: ChainReport[];
  /**
   * Every class with any new or deleted object: DevTools' order, by Alloc. Size descending,
   * then by name.
   */
  classes: ClassRow[];
  /**
   * Containers that hold more now, heaviest first.
   */
  containers: ContainerReport[];
  /**
   * Patterns with evidence.
   */
  findings: Finding[];
  /**
   * The gates, in the order in which they were given; empty if there are none.
   */
  gates: Gate[];
  /**
   * How far ids can be trusted.
   */
  identity: IdentityReport;
  /**
   * What the configuration tells to leave out; null if it does not.
   */
  ignored?: Ignored | null;
  /**
   * What a reader should know before trusting the figures.
   */
  notes: string[];
  /**
   * Memory outside the heap.
   */
  outside: Pair2;
  /**
   * Bytes that objects in both files have more now (negative: less). With Size Delta of all classes
   * it makes what the heap has grown by.
   */
  resized: number;
  /**
   * What the program did between the snapshots, if they were taken in `heapdiff run` or `heapdiff watch`.
   */
  run?: Run | null;
  /**
   * [`SCHEMA`].
   */
  schema: number;
  /**
   * The first and the last file.
   */
  snapshots: Pair;
  /**
   * Classes that pile up, in order of suspicion.
   */
  suspects: SuspectReport[];
  /**
   * What made the report.
   */
  tool: Tool;
  /**
   * Sums over all classes.
   */
  totals: Totals;
  /**
   * What it comes to.
   */
  verdict: Verdict;
}
/**
 * One file.
 */
export interface Snapshot {
  /**
   * Number of edges.
   */
  edges: number;
  /**
   * Native memory that belongs to no node; null if the file does not say.
   */
  extra_native_bytes?: number | null;
  /**
   * Size of the file.
   */
  file_bytes: number;
  /**
   * Number of nodes.
   */
  nodes: number;
  /**
   * The path as given.
   */
  path: string;
  /**
   * Which of the files, counted from 1, was the first to have this very snapshot; null if this one
   * is.
   */
  same_as?: number | null;
  /**
   * The mark of a file that `scrub` wrote, the same in all that were scrubbed at once; null if it
   * is no such file.
   */
  scrubbed?: string | null;
  /**
   * DevTools' total: all shallow sizes and the extra native bytes.
   */
  total_size: number;
  /**
   * What is missing, if the file is cut off; null if it is whole.
   */
  truncated?: Truncated | null;
}
/**
 * What a file that is cut off lacks.
 */
export interface Truncated {
  /**
   * Where it ends, in bytes of its uncompressed content.
   */
  byte: number;
  /**
   * Edges that are there and whose name is missing; they are called `(lost)`.
   */
  edge_names_lost: number;
  /**
   * Edges that are missing.
   */
  edges_lost: number;
  /**
   * Inside which part, in words.
   */
  inside: string;
  /**
   * Nodes whose name is missing; they are called `(lost)`.
   */
  names_lost: number;
}
/**
 * How the first and the last snapshot were taken, as the files beside them say. Sizes are in bytes.
 */
export interface Captured {
  /**
   * What the process took in memory then; null if it did not tell.
   */
  memory?: Pair3 | null;
  /**
   * Whether of one process, and of the same thread of it.
   */
  same_process: boolean;
  /**
   * Whether on one connection to the process: when it closes, V8 makes all ids anew.
   */
  same_session: boolean;
  /**
   * Seconds from the first to the last; negative if the first is the newer one.
   */
  seconds: number;
  /**
   * Bytes that one process grew by in memory between the snapshots, and that its heap did not; null if
   * they are of two.
   */
  unexplained?: number | null;
}
/**
 * One value for each of the two snapshots.
 */
export interface Pair3 {
  /**
   * Of the newer snapshot.
   */
  after: Taken;
  /**
   * Of the older snapshot.
   */
  before: Taken;
}
/**
 * What a process took in memory.
 */
export interface Taken {
  /**
   * What they hold outside of it.
   */
  external: number;
  /**
   * Objects of the heap.
   */
  heap_used: number;
  /**
   * All of it, before the snapshot.
   */
  rss: number;
  /**
   * The same when the snapshot had been written, which takes memory itself; null if it did not tell.
   */
  rss_afterwards?: number | null;
}
/**
 * Why one object stays.
 */
export interface ChainReport {
  /**
   * Name of the class.
   */
  class: string;
  /**
   * DevTools' distance of the object; -5 if nothing reaches it.
   */
  distance: number;
  /**
   * Key of the class.
   */
  key: string;
  /**
   * Id of the object.
   */
  object: number;
  /**
   * From the root down to the object; empty if nothing reaches it.
   */
  steps: StepReport[];
}
/**
 * One step of a chain.
 */
export interface StepReport {
  /**
   * Class of the object.
   */
  class: string;
  /**
   * Name of the edge that leads into this step; null for the root.
   */
  edge?: string | null;
  /**
   * V8's kind of that edge; null for the root.
   */
  edge_type?: string | null;
  /**
   * Id of the object.
   */
  id: number;
  /**
   * The object's own name where it says more than the class: a function's, a context's.
   */
  name: string;
  /**
   * Its retained size.
   */
  retained: number;
  /**
   * Its shallow size.
   */
  shallow: number;
  /**
   * What is said of a string instead of its value.
   */
  string?: StringFacts | null;
}
/**
 * A string that is not shown.
 */
export interface StringFacts {
  /**
   * FNV-1a 32 of its UTF-16LE bytes, in hexadecimal: equal strings have equal hashes.
   */
  hash: string;
  /**
   * Length in code units, as far as the file has it (V8 cuts at 1,024).
   */
  length: number;
  /**
   * The value, if strings were asked for.
   */
  value?: string | null;
}
/**
 * One class of the comparison.
 */
export interface ClassRow {
  /**
   * The whole class after.
   */
  after: ClassFigures;
  /**
   * Alloc. Size.
   */
  alloc_size: number;
  /**
   * The whole class before.
   */
  before: ClassFigures;
  deleted: number;
  delta: number;
  /**
   * The engine's own doing, folded in tables that do not show all.
   */
  engine: boolean;
  /**
   * Freed Size.
   */
  freed_size: number;
  /**
   * DevTools' public class key: `,name` or `script,line,column,name`.
   */
  key: string;
  /**
   * The name DevTools shows.
   */
  name: string;
  new: number;
  /**
   * What its author calls it, where a source map tells of another name.
   */
  original?: string | null;
  /**
   * Sum of the retained sizes of the new objects, none counted twice.
   */
  retained_new: number;
  /**
   * Alloc. Size − Freed Size.
   */
  size_delta: number;
}
/**
 * The figures of one class. Objects of size 0 belong to no class, as in DevTools.
 */
export interface ClassFigures {
  /**
   * Number of objects.
   */
  count: number;
  /**
   * The least distance of any of them. `None` only in reports made without it, never in JSON.
   */
  distance: number;
  /**
   * Sum of the retained sizes of those that no other object of the class dominates, in
   * bytes: DevTools' maxRet. `None` only in reports made without it, never in JSON.
   */
  retained: number;
  /**
   * Sum of their shallow sizes, in bytes.
   */
  shallow: number;
}
/**
 * A container that holds more now.
 */
export interface ContainerReport {
  /**
   * Whether the counts are guessed from the container's size: numbers leave no edges.
   */
  approximate: boolean;
  /**
   * Its class.
   */
  class: string;
  /**
   * What it is called and known by without source maps, where these change it.
   */
  compiled?: CompiledContainer | null;
  /**
   * Entries in every snapshot that has all its edges and names, oldest first.
   */
  entries: number[];
  /**
   * Entries in the newest snapshot.
   */
  entries_after: number;
  /**
   * Entries in the oldest snapshot.
   */
  entries_before: number;
  /**
   * The script whose variable or export the path begins with; null if it begins elsewhere, or
   * the file does not tell.
   */
  file?: string | null;
  /**
   * The same in every run of the program: made of file, name without keys, and kind.
   */
  fingerprint: string;
  /**
   * What holds it; null where the file does not tell.
   */
  held_by?: Holder | null;
  /**
   * Its id in the newest snapshot.
   */
  id: number;
  /**
   * Map, Set, Array, Object, list, rope, context or holder.
   */
  kind: string;
  /**
   * How sure: of the entries that it had, the share that is known again, 0 to 1; null if it had
   * none. What was taken out of it is not there either.
   */
  known_again?: number | null;
  /**
   * Where to look: where the functions are written that it was filled with, or the class that has
   * it. Null for a variable, whose line the file does not tell.
   */
  location?: Place | null;
  /**
   * How it is known to be the one that was there before: `id`, `structure`, or `place` (it took the
   * place of another one); `class` for what only the runtime holds.
   */
  matched: string;
  /**
   * The access path alone: `sessions`, `app.state.sessions`.
   */
  name: string;
  /**
   * Why it is no leak, or what else should be known.
   */
  note?: string | null;
  /**
   * What people recognise: the file, shortly, and the name in it: `server.mjs: sessions`.
   */
  path: string;
  /**
   * Whether it piles up, as far as can be seen.
   */
  piles_up: boolean;
  /**
   * Bytes that the new entries retain.
   */
  retained_new: number;
  /**
   * How many containers at this place are taken together.
   */
  together: number;
}
/**
 * A container by the scripts that run, where source maps tell of the files that they are made from.
 */
export interface CompiledContainer {
  /**
   * Made of that.
   */
  fingerprint: string;
  /**
   * As the path, without source maps: `server.mjs: sessions`.
   */
  path: string;
}
/**
 * What holds the entries of a container: an object of a class, or a variable.
 */
export interface Holder {
  /**
   * Where its class is written; null for a variable.
   */
  location?: Place | null;
  /**
   * Whose it is.
   */
  owner: Owner;
  /**
   * The package that it is of, if it is of one and the path tells of it.
   */
  package?: Package | null;
}
/**
 * A place in the source; line and column count from 1.
 */
export interface Place {
  /**
   * Column, from 1.
   */
  column: number;
  /**
   * The place in the script that runs, where a source map tells that it was made from this one.
   */
  compiled?: Compiled | null;
  /**
   * The script's name: a path or a URL.
   */
  file: string;
  /**
   * Line, from 1.
   */
  line: number;
  /**
   * Whose the script is.
   */
  owner: Owner;
  /**
   * The package that it is of, if it is of one and the path tells of it.
   */
  package?: Package | null;
}
/**
 * A place in a script as it runs; line and column count from 1.
 */
export interface Compiled {
  /**
   * Column, from 1.
   */
  column: number;
  /**
   * The script's name: a path or a URL.
   */
  file: string;
  /**
   * Line, from 1.
   */
  line: number;
}
/**
 * A package that a program depends on.
 */
export interface Package {
  /**
   * Its name.
   */
  name: string;
  /**
   * Its version; null where neither the path nor its `package.json` tells.
   */
  version?: string | null;
}
/**
 * A pattern, what to do about it, and what it rests on.
 */
export interface Finding {
  /**
   * What to do.
   */
  advice: string;
  /**
   * The class that piles up; null where the finding is of several.
   */
  class?: string | null;
  /**
   * What the class is called without source maps, where these change it.
   */
  compiled_class?: string | null;
  /**
   * The same without source maps, where these change it.
   */
  compiled_fingerprint?: string | null;
  /**
   * Path of the container; null if the file does not tell.
   */
  container?: string | null;
  /**
   * Whether all that leads to the entries is of packages, so that nothing in the program makes the
   * leak as far as the file tells.
   */
  dependency_only: boolean;
  /**
   * The numbers.
   */
  evidence: string;
  /**
   * The script to look in, where a variable of it holds the container; null if another place says
   * more, or the file does not tell.
   */
  file?: string | null;
  /**
   * The same in every run of the program: made of the container's, class and pattern.
   */
  fingerprint: string;
  /**
   * What holds the entries; null where the file does not tell.
   */
  held_by?: Holder | null;
  /**
   * Where to look, the most telling place first, those of the program's own source before those of
   * packages.
   */
  locations: Place[];
  /**
   * The first place of the program's own; null if there is none.
   */
  own?: OwnPlace | null;
  /**
   * The pattern.
   */
  pattern: Pattern;
  /**
   * What was found.
   */
  title: string;
  /**
   * What was begun and never finished; null where that is not why it piles up.
   */
  unfinished?: Unfinished | null;
}
/**
 * A place of the program's own.
 */
export interface OwnPlace {
  /**
   * The file that it is in.
   */
  file: string;
  /**
   * Where it is; null where only the file is known.
   */
  location?: Place | null;
  /**
   * What it has to do with the leak.
   */
  part: Part;
}
/**
 * A gate and what came of it.
 */
export interface Gate {
  /**
   * How what is measured has to lie to the limit.
   */
  allowed: Comparator;
  /**
   * The condition that must not hold, as it was written.
   */
  condition: string;
  /**
   * The class or container that was measured, where each is on its own: the one that decides.
   * Of a verdict that tells a leak what it rests on.
   */
  decided_by?: string | null;
  /**
   * What it is held against.
   */
  limit: Measure;
  /**
   * Whether its pattern fits nothing in either file.
   */
  matched_nothing: boolean;
  /**
   * What was measured, beyond what a baseline accepts; null for a share of nothing.
   */
  measured?: Measure | null;
  /**
   * How it was measured; null if it could not be.
   */
  method?: Method | null;
  /**
   * What else should be known.
   */
  note?: string | null;
  /**
   * Whether the gate is kept: it could be judged, and the condition does not hold.
   */
  ok: boolean;
  /**
   * The same with the difference between what is broken and what could not be judged.
   */
  outcome: Outcome;
  /**
   * Where it was written: `--fail-on`, or the path of the file.
   */
  source: string;
}
/**
 * How far ids can be trusted.
 */
export interface IdentityReport {
  /**
   * Share of these whose kind and name agree, 0 to 1.
   */
  agreement: number;
  /**
   * Whether containers and suspects go by ids (or else by structure).
   */
  by_id: boolean;
  /**
   * Share of the older file's ids that the newer one has too, 0 to 1.
   */
  ids_kept: number;
  /**
   * Whether what is in both files stands in the same order in both, as in one process.
   */
  in_order: boolean;
  /**
   * What equal ids mean.
   */
  kind: IdentityKind;
  /**
   * Whether both files are the same snapshot.
   */
  same_snapshot: boolean;
  /**
   * Whether the newer file looks older.
   */
  swapped: boolean;
  /**
   * Whether the files look like those of two programs, or of two runtimes.
   */
  two_programs: boolean;
}
/**
 * Growth that the configuration tells to leave out.
 */
export interface Ignored {
  /**
   * What is left out of the heap's growth for them, in bytes: the classes' size delta, or what
   * the containers' new entries retain, whichever is more.
   */
  bytes: number;
  /**
   * Classes that are left out of the conditions.
   */
  classes: number;
  /**
   * Containers that are left out.
   */
  containers: number;
}
/**
 * One value for each of the two snapshots.
 */
export interface Pair2 {
  /**
   * Of the newer snapshot.
   */
  after: Outside;
  /**
   * Of the older snapshot.
   */
  before: Outside;
}
/**
 * Memory that the heap's objects hold outside of it, in bytes.
 */
export interface Outside {
  /**
   * Backing stores of ArrayBuffers (and so of Buffers and typed arrays); null if the file has
   * lost names.
   */
  array_buffers?: number | null;
  /**
   * Text of strings that lives outside; null if the file has lost names.
   */
  external_strings?: number | null;
  /**
   * Native memory that belongs to no object; null if the file does not say.
   */
  extra_native_bytes?: number | null;
}
/**
 * The experiment that the snapshots were taken in.
 */
export interface Run {
  /**
   * Why it ended early; null if it did not.
   */
  ended?: string | null;
  /**
   * Whether the snapshots are there for further questions.
   */
  kept: boolean;
  /**
   * What the load was, in words; null if the program was watched while it did what it does.
   */
  load?: string | null;
  /**
   * What of it could not be made, and why, in words.
   */
  omitted: string[];
  /**
   * The rounds, oldest first: the warm-up, then what lies between the snapshots.
   */
  rounds: Round[];
  /**
   * Why what is there may go by itself; null if the program came to rest after each load.
   */
  unsettled?: string | null;
}
/**
 * A load, and what the program took at rest afterwards. Sizes are in bytes.
 */
export interface Round {
  /**
   * Calls that were made; null if the load does not say.
   */
  calls?: number | null;
  /**
   * What they hold outside of it.
   */
  external: number;
  /**
   * Of the others, those that failed, by what came instead of an answer.
   */
  failed: {
    [k: string]: number;
  };
  /**
   * Objects of the heap.
   */
  heap: number;
  /**
   * Sockets, timers and others that the load has left active, by kind and number; null if none.
   */
  left?: string | null;
  /**
   * Of these, calls that were to fail or to be broken off.
   */
  meant_to_fail: number;
  /**
   * What it was for.
   */
  name: string;
  /**
   * The parts of the load, in their order: the ways to leave sessions. None if it is one.
   */
  parts: LoadPart[];
  /**
   * The whole process in memory.
   */
  rss: number;
}
/**
 * A part of a load, and what the program kept of it.
 */
export interface LoadPart {
  /**
   * Calls that were made in it.
   */
  calls: number;
  /**
   * By how much data in the heap, and outside of it, grew in it from rest to rest, in bytes. Compiled code
   * is no data.
   */
  kept: number;
  /**
   * Of these, calls that were to fail or to be broken off.
   */
  meant_to_fail: number;
  /**
   * How its sessions were left: `answered`, `closed`, `dropped`, `cancelled`, `invalid` or `stale`.
   */
  name: string;
  /**
   * Sessions that were opened in the pass that is measured, the second of two; 0 if the server has none.
   */
  sessions: number;
  /**
   * Of these, calls that were answered well all the same.
   */
  went_well: number;
}
/**
 * One value for each of the two snapshots.
 */
export interface Pair {
  /**
   * Of the newer snapshot.
   */
  after: Snapshot;
  /**
   * Of the older snapshot.
   */
  before: Snapshot;
}
/**
 * A class whose objects pile up.
 */
export interface SuspectReport {
  /**
   * The independent ways over which they are held, the most telling first.
   */
  chains: Way[];
  /**
   * Its name.
   */
  class: string;
  /**
   * What it is called without source maps, where these change it.
   */
  compiled_class?: string | null;
  /**
   * Path of the container they are in; null if the file does not tell.
   */
  container?: string | null;
  /**
   * Number of its new objects (for numbers in place: of new entries).
   */
  count: number;
  /**
   * Bytes freed if all these ways are cut.
   */
  frees_together: number;
  /**
   * Classes that come along with it.
   */
  inside: Inside[];
  /**
   * DevTools' public key.
   */
  key: string;
  /**
   * Where its constructor is written.
   */
  location?: Place | null;
  /**
   * Bytes that these retain.
   */
  retained: number;
  /**
   * Whether nothing in the file holds them and they are many: such count as a leak.
   */
  unheld: boolean;
}
/**
 * One way over which a suspect's objects are held.
 */
export interface Way {
  /**
   * Path of the container on this way.
   */
  container: string;
  /**
   * Bytes freed by removing the container's new entries.
   */
  frees: number;
  /**
   * How many of the new objects are held this way.
   */
  share: number;
  /**
   * From the root over the container to a typical object, and on to what weighs in it.
   */
  steps: WayStep[];
  /**
   * Of how many.
   */
  total: number;
}
/**
 * One step of a suspect's chain.
 */
export interface WayStep {
  /**
   * Its class.
   */
  class: string;
  /**
   * What the closure or the class is called without source maps, where these change it.
   */
  compiled_name?: string | null;
  /**
   * V8's name of the edge that leads into it; empty for the root itself, as is its kind.
   */
  edge: string;
  /**
   * V8's kind of that edge.
   */
  edge_type: string;
  /**
   * Its id.
   */
  id: number;
  /**
   * How the step before holds it, as code would say it: `.sessions`, `value of key`.
   */
  label: string;
  /**
   * Where a closure is written, or an object's constructor.
   */
  location?: Place | null;
  /**
   * A closure's own name.
   */
  name: string;
  /**
   * Its retained size, in bytes.
   */
  retained: number;
  /**
   * What the step is.
   */
  role: Role;
  /**
   * How many like steps stand here for one.
   */
  times: number;
}
/**
 * A class that comes along with a suspect.
 */
export interface Inside {
  /**
   * Its name.
   */
  class: string;
  /**
   * What it is called without source maps, where these change it.
   */
  compiled_class?: string | null;
  /**
   * Number of new objects that the suspect's objects lead to.
   */
  count: number;
}
/**
 * Name and version of the program.
 */
export interface Tool {
  /**
   * `heapdiff`.
   */
  name: string;
  /**
   * Its version.
   */
  version: string;
}
/**
 * Sums over all classes.
 */
export interface Totals {
  /**
   * Alloc. Size.
   */
  alloc_size: number;
  deleted: number;
  delta: number;
  /**
   * Freed Size.
   */
  freed_size: number;
  new: number;
  /**
   * Alloc. Size − Freed Size.
   */
  size_delta: number;
}
/**
 * What it comes to.
 */
export interface Verdict {
  /**
   * The conclusion.
   */
  kind: VerdictKind;
  /**
   * The facts it rests on, a sentence each.
   */
  reasons: string[];
}
