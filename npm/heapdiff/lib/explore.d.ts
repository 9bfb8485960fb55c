// Made by npm/types.mjs from docs/explore.schema.json. Change the types in src/ that the schema is made from.

/**
 * An answer, and what was asked.
 */
export type Reply = {
  /**
   * What a reader should know before trusting the figures.
   */
  notes: string[];
  /**
   * The one from before; null if there is none.
   */
  older?: Snapshot | null;
  /**
   * [`SCHEMA`].
   */
  schema: number;
  /**
   * The snapshot that was asked.
   */
  snapshot: Snapshot;
  /**
   * What made the answer.
   */
  tool: Tool;
} & (
  | {
      summary: Summary;
    }
  | {
      show: Shown;
    }
  | {
      retainers: Retainers;
    }
  | {
      path: Paths;
    }
  | {
      inside: Inside;
    }
  | {
      list: List;
    }
  | {
      strings: Strings;
    }
);
/**
 * Whose a script is.
 */
export type Owner = 'program' | 'package' | 'runtime';
/**
 * Whether an object was there before.
 */
export type Age = 'new' | 'survived';
/**
 * How an object has another one.
 */
export type Held = 'field' | 'element' | 'variable' | 'local' | 'entry' | 'item' | 'internal';
/**
 * What a step of a suspect's way is.
 */
export type Role = 'root' | 'holder' | 'container' | 'entry' | 'object' | 'inside';

/**
 * One file.
 */
export interface Snapshot {
  /**
   * Number of edges: references.
   */
  edges: number;
  /**
   * Native memory that belongs to no node; null if the file does not say (before V8 13).
   */
  extra_native_bytes?: number | null;
  /**
   * Size of the file as it lies there, so the packed size of a compressed one; of a file in an
   * archive its size there, of a stream what came in.
   */
  file_bytes: number;
  /**
   * Number of nodes: objects, and the engine's own entries.
   */
  nodes: number;
  /**
   * The path as given; of a file in an archive the archive's path and the file's own behind it. What
   * is not UTF-8 is replaced.
   */
  path: string;
  /**
   * The first of the files, counted from 1, that is this very snapshot; null if it is this one.
   */
  same_as?: number | null;
  /**
   * The mark of a file that `scrub` wrote, the same in all files of one run (`unknown` if it is none
   * that `scrub` writes); null of any other file.
   */
  scrubbed?: string | null;
  /**
   * DevTools' total: all shallow sizes and `extra_native_bytes`.
   */
  total_size: number;
  /**
   * What is missing of a file that is cut off and was read all the same; null if it is whole.
   */
  truncated?: Truncated | null;
}
/**
 * What a file that is cut off lacks. If edges or names are lost in the first or the last file, there
 * are no containers, suspects and findings: what a container held cannot be told.
 */
export interface Truncated {
  /**
   * Where the content ends, unpacked.
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
   * Inside which part, in English.
   */
  inside: string;
  /**
   * Nodes whose name is missing; they are called `(lost)`.
   */
  names_lost: number;
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
   * Version of the program.
   */
  version: string;
}
/**
 * What a snapshot is made of.
 */
export interface Summary {
  /**
   * All classes, in DevTools' order: retained size descending, then by name.
   */
  classes: ClassSummary[];
  /**
   * Variables that functions keep, by whose variables they are.
   */
  closures: Rows5;
  /**
   * Containers by their number of entries.
   */
  containers: Rows2;
  /**
   * Strings of equal text.
   */
  copies: Copies;
  /**
   * Nodes of the DOM that are in no document, by class.
   */
  detached: Rows4;
  /**
   * The objects that retain most, none inside another one.
   */
  dominators: Rows;
  /**
   * All of V8's kinds that there are objects of, heaviest first. With the native memory beside them
   * they make the total.
   */
  kinds: KindRow[];
  /**
   * So many rows of a list are told at most; of the classes a text tells so many.
   */
  limit: number;
  /**
   * Listeners, by the emitter's class and the event.
   */
  listeners: Rows9;
  /**
   * Number of objects, the engine's parts among them.
   */
  nodes: number;
  /**
   * Memory outside the heap.
   */
  outside: Outside;
  /**
   * DevTools' Statistics.
   */
  statistics: Statistics;
  /**
   * Timers, by what they call.
   */
  timers: Rows10;
  /**
   * DevTools' total: the sizes of all objects and the native memory beside them.
   */
  total_size: number;
  /**
   * Variables that no function reads any more; null if the file does not tell who reads what.
   */
  unread?: Unread | null;
  /**
   * What waits for promises, by function.
   */
  waiting: Rows8;
}
/**
 * A class.
 */
export interface ClassSummary {
  /**
   * Number of objects.
   */
  count: number;
  /**
   * The least distance of any of them.
   */
  distance: number;
  /**
   * DevTools' key of it.
   */
  key: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * How many of the objects the older snapshot does not have; null without one that tells.
   */
  new?: number | null;
  /**
   * What its author calls it, where a source map tells of another name.
   */
  original?: string | null;
  /**
   * What they retain: DevTools' figure.
   */
  retained: number;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows5 {
  /**
   * The first ones.
   */
  rows: ClosureRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * The variables of one function, of all its calls.
 */
export interface ClosureRow {
  /**
   * Number of closures that have them.
   */
  closures: number;
  /**
   * Number of contexts, which hold the variables of one call each.
   */
  contexts: number;
  /**
   * The function whose variables they are; empty if the file does not tell.
   */
  declared_in: string;
  /**
   * A function that has them: of those with the most closures the first.
   */
  function: Object;
  /**
   * Number of functions of the source that have them.
   */
  functions: number;
  /**
   * What the contexts retain together.
   */
  retained: number;
  /**
   * The variables, heaviest first.
   */
  variables: Rows6;
}
/**
 * One object, as a line tells it.
 */
export interface Object {
  /**
   * Its class, as DevTools names it.
   */
  class: string;
  /**
   * Number of its entries, if it is a container that has any.
   */
  entries?: number | null;
  /**
   * Its id.
   */
  id: number;
  /**
   * V8's kind of the node: object, closure, string, ...
   */
  kind: string;
  /**
   * What a number, a boolean, null, undefined, a symbol or a regular expression is, as far as the file
   * has it.
   */
  literal?: string | null;
  /**
   * Where a function is written, or the class of an object.
   */
  location?: Place | null;
  /**
   * What it is called beside its class: a function's own name, or that of a part of the engine; empty
   * for others.
   */
  name: string;
  /**
   * What its author calls the function, or the class, where a source map tells of another name.
   */
  original?: string | null;
  /**
   * Its retained size.
   */
  retained: number;
  /**
   * Its shallow size.
   */
  shallow: number;
  /**
   * What is said of a string.
   */
  string?: StringFacts | null;
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
   * The place in the script that runs. Only where a source map tells that it was made from this one.
   */
  compiled?: Compiled | null;
  /**
   * Path or URL of the script, as in the file; empty for a script without a name. With a source map
   * the file that the author wrote.
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
   * The package that it is of. Only of one, and where the path tells.
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
   * As its `package.json` says, or else as the path does.
   */
  name: string;
  /**
   * The same; null where neither tells.
   */
  version?: string | null;
}
/**
 * A string, whose value is not shown unless it was asked for.
 */
export interface StringFacts {
  /**
   * FNV-1a, 32 bits, of the value in UTF-16LE, as 8 hexadecimal digits: equal values have equal
   * hashes.
   */
  hash: string;
  /**
   * UTF-16 code units, as far as the file has the value (V8 cuts at 1,024).
   */
  length: number;
  /**
   * The value. Only with `--show-strings`.
   */
  value?: string | null;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows6 {
  /**
   * The first ones.
   */
  rows: VariableRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * A variable, in all contexts.
 */
export interface VariableRow {
  /**
   * Its name.
   */
  name: string;
  /**
   * Sum of the retained sizes of its values, each counted once.
   */
  retained: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows2 {
  /**
   * The first ones.
   */
  rows: Holding[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * A container.
 */
export interface Holding {
  /**
   * Number of entries, as far as they leave a trace in the file.
   */
  entries: number;
  /**
   * The container.
   */
  object: Object;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
  /**
   * Map, Set, Array or Object.
   */
  shape: string;
}
/**
 * Strings of equal text.
 */
export interface Copies {
  /**
   * Bytes that one copy each would save, of all texts.
   */
  saved: number;
  /**
   * Number of strings that say what another one says too.
   */
  strings: number;
  /**
   * The texts, by what one copy each would save.
   */
  texts: Rows3;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows3 {
  /**
   * The first ones.
   */
  rows: CopiesRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * Strings of one text and one size.
 */
export interface CopiesRow {
  /**
   * How many there are.
   */
  count: number;
  /**
   * Whether the file has but the beginning of the text, so that they may differ behind it.
   */
  cut: boolean;
  /**
   * One of them.
   */
  object: Object;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
  /**
   * Bytes of all but one.
   */
  saved: number;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows4 {
  /**
   * The first ones.
   */
  rows: DetachedRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * Nodes of the DOM of one class that are in no document.
 */
export interface DetachedRow {
  /**
   * The class.
   */
  class: string;
  /**
   * How many there are.
   */
  count: number;
  /**
   * The heaviest of them.
   */
  object: Object;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
  /**
   * What they retain together.
   */
  retained: number;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows {
  /**
   * The first ones.
   */
  rows: Heavy[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * An object that retains much.
 */
export interface Heavy {
  /**
   * The object.
   */
  object: Object;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
}
/**
 * All objects of one of V8's kinds.
 */
export interface KindRow {
  /**
   * Number of objects.
   */
  count: number;
  /**
   * The kind, in V8's words.
   */
  kind: string;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows9 {
  /**
   * The first ones.
   */
  rows: ListenerRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * Listeners for one event of the emitters of one class.
 */
export interface ListenerRow {
  /**
   * The emitter's class.
   */
  class: string;
  /**
   * The emitter that has most.
   */
  emitter: Object;
  /**
   * Number of emitters that have any.
   */
  emitters: number;
  /**
   * The event.
   */
  event: string;
  /**
   * Number of listeners.
   */
  listeners: number;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
}
/**
 * Memory outside the heap that the file knows of, in bytes. All of it is part of `total_size`. Of what
 * a native addon allocates it knows nothing.
 */
export interface Outside {
  /**
   * Backing stores of ArrayBuffers, and so of Buffers and typed arrays; null if the file has lost
   * names, by which they are known.
   */
  array_buffers?: number | null;
  /**
   * Text of strings that lives outside; null if the file has lost names.
   */
  external_strings?: number | null;
  /**
   * Native memory that belongs to no node; null if the file does not say.
   */
  extra_native_bytes?: number | null;
}
/**
 * DevTools' Statistics, in bytes.
 */
export interface Statistics {
  /**
   * Compiled code.
   */
  code: number;
  /**
   * Arrays with their elements.
   */
  js_arrays: number;
  /**
   * Native memory, with that which belongs to no object.
   */
  native: number;
  /**
   * What is left of the heap.
   */
  other: number;
  /**
   * Strings.
   */
  strings: number;
  /**
   * Hidden classes and other things of the engine.
   */
  system: number;
  /**
   * Everything.
   */
  total: number;
  /**
   * Of it the bytes of typed arrays.
   */
  typed_arrays: number;
  /**
   * The total without native memory.
   */
  v8_heap: number;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows10 {
  /**
   * The first ones.
   */
  rows: TimerRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * Timers that call one function.
 */
export interface TimerRow {
  /**
   * Number of timers.
   */
  count: number;
  /**
   * The function.
   */
  function: Object;
  /**
   * What the timers retain together.
   */
  retained: number;
}
/**
 * Variables that no function reads any more.
 */
export interface Unread {
  /**
   * Contexts that were not looked at, since that would take too long.
   */
  skipped: number;
  /**
   * The variables, heaviest first.
   */
  variables: Rows7;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows7 {
  /**
   * The first ones.
   */
  rows: UnreadRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * A variable that no function reads any more.
 */
export interface UnreadRow {
  /**
   * Number of contexts that have it.
   */
  contexts: number;
  /**
   * The function whose variable it is; empty if that has no name.
   */
  declared_in: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * Sum of the retained sizes of its values, each counted once.
   */
  retained: number;
  /**
   * The script; empty if the file does not tell.
   */
  script: string;
  /**
   * The heaviest value.
   */
  value: Object;
}
/**
 * The first rows of a list, and how many there are.
 */
export interface Rows8 {
  /**
   * The first ones.
   */
  rows: WaitingRow[];
  /**
   * How many there are, with those that are not told.
   */
  total: number;
}
/**
 * What waits for promises in one function.
 */
export interface WaitingRow {
  /**
   * How often it waits.
   */
  count: number;
  /**
   * The async function, or the one given to `then()`; null where only another promise waits.
   */
  function?: Object | null;
  /**
   * The way to it as code would write it; null if nothing leads to it.
   */
  path?: string | null;
  /**
   * The promise that is waited for most often.
   */
  promise: Object;
  /**
   * For how many promises.
   */
  promises: number;
}
/**
 * One object.
 */
export interface Shown {
  /**
   * Whether it was there before; null without an older snapshot that tells.
   */
  age?: Age | null;
  /**
   * DevTools' distance; -5 if nothing reaches it.
   */
  distance: number;
  /**
   * The nearest object that every way to it leads over, parts of the engine apart; null for the root.
   */
  dominator?: Object | null;
  /**
   * References that are the engine's own and are not told.
   */
  engine_references: number;
  /**
   * What it was in the older snapshot; null if it was not there, or nothing is known of it.
   */
  former?: Former | null;
  /**
   * How many of these are passed over.
   */
  from: number;
  /**
   * What it has, in the order of the file.
   */
  members: MemberReport[];
  /**
   * The object.
   */
  object: Object;
  /**
   * The way to it as code would write it: `server.mjs: sessions[…]`; null if nothing leads to it.
   */
  path?: string | null;
  /**
   * Whether these are the references of the file as they are.
   */
  raw: boolean;
  /**
   * How many there are.
   */
  total: number;
  /**
   * What waits for it, if it is a promise that is not settled: by function, the most frequent first.
   */
  waiting: Waiter[];
  /**
   * From the root to the object; empty if nothing leads to it.
   */
  way: WayStep[];
}
/**
 * What an object was before.
 */
export interface Former {
  /**
   * What it has now and had not.
   */
  added: Change[];
  /**
   * What has another value.
   */
  changed: Change[];
  /**
   * Its class then.
   */
  class: string;
  /**
   * What is the same and retains more, the most first; five at most.
   */
  grown: Change[];
  /**
   * Changes that are not told.
   */
  left_out: number;
  /**
   * What it had and has not.
   */
  removed: Change[];
  /**
   * Its retained size then.
   */
  retained: number;
  /**
   * Its shallow size then.
   */
  shallow: number;
  /**
   * How many fields, elements, entries and variables it had.
   */
  total: number;
  /**
   * What waited for it, if it is a promise.
   */
  waiting: number;
}
/**
 * What has changed.
 */
export interface Change {
  /**
   * What it is.
   */
  after?: Object | null;
  /**
   * What it was, with its sizes of then.
   */
  before?: Object | null;
  /**
   * How the object has it, or had it.
   */
  held: Held;
  /**
   * Of an entry: the key.
   */
  key?: Object | null;
  /**
   * The name or number; empty for entries.
   */
  name: string;
}
/**
 * What an object has: one field, element, entry or variable.
 */
export interface MemberReport {
  /**
   * How it has it.
   */
  held: Held;
  /**
   * Of an entry: the key; null if it leaves no trace in the file, as small integers do.
   */
  key?: Object | null;
  /**
   * The name, or the number of an element; empty for entries.
   */
  name: string;
  /**
   * Of a variable: how many functions further out it is declared.
   */
  out?: number | null;
  /**
   * The value; null if it leaves no trace in the file.
   */
  value?: Object | null;
  /**
   * Whether the reference keeps nothing alive.
   */
  weak: boolean;
}
/**
 * Functions that wait for a promise.
 */
export interface Waiter {
  /**
   * How often.
   */
  count: number;
  /**
   * The function: an async one, or the one given to `then()`; null where only another promise depends
   * on it.
   */
  function?: Object | null;
}
/**
 * One step of a suspect's way.
 */
export interface WayStep {
  /**
   * Class of the object.
   */
  class: string;
  /**
   * What the function, or else the class, is called in the script. Only where source maps change it.
   */
  compiled_name?: string | null;
  /**
   * V8's name of the last edge into it: of a property or variable, or an index in decimal; empty for
   * the root.
   */
  edge: string;
  /**
   * V8's kind of that edge, as in `chains` of the report, but never `weak`; empty for the root.
   */
  edge_type: string;
  /**
   * Id of the object.
   */
  id: number;
  /**
   * How the step before holds it, as code would say it: `.name`, `["a name"]`, `[symbol]`, `[…]` (an
   * element), `variable NAME`, `export NAME`, `value of key`, `key`, `value of weak key`, `global`,
   * `module`, `top-level code`; else V8's own name of the reference or of the root. Of a part of a
   * way with more than 256 steps the first and last 128 are told, and the first behind the gap
   * begins `…(446 steps more)…`.
   */
  label: string;
  /**
   * Where a function is written, or an object's constructor; null if the file does not tell.
   */
  location?: Place | null;
  /**
   * Own name of a function; else empty.
   */
  name: string;
  /**
   * Its retained size.
   */
  retained: number;
  /**
   * What the step is.
   */
  role: Role;
  /**
   * How many like steps in a row this one stands for (a list); mostly 1.
   */
  times: number;
}
/**
 * Who holds an object.
 */
export interface Retainers {
  /**
   * Its distance from the roots, as DevTools counts; -5 if nothing reaches it.
   */
  distance: number;
  /**
   * What every way to the object leads over, the nearest first, up to the root; null if it was not
   * asked for.
   */
  dominators?: Object[] | null;
  /**
   * Holders that are not told.
   */
  left_out: number;
  /**
   * The object.
   */
  object: Object;
  /**
   * Who holds it: those that keep it alive first.
   */
  retainers: Retainer[];
}
/**
 * Who holds an object in one way.
 */
export interface Retainer {
  /**
   * How many of this class hold it in this way.
   */
  alike: number;
  /**
   * Its distance from the roots, as DevTools counts; -5 if nothing reaches it.
   */
  distance: number;
  /**
   * Whether it stands above already, or is the object itself: a loop, which goes on as it began.
   */
  is_loop: boolean;
  /**
   * How it holds it, as code would say: `.sessions`, `value of key`.
   */
  label: string;
  /**
   * Of these, how many are not told; where the tree is deep enough, references to it.
   */
  left_out: number;
  /**
   * One that holds it so: of several the nearest to the roots.
   */
  object: Object;
  /**
   * Whether the preferred way leads over it.
   */
  preferred: boolean;
  /**
   * Who holds it in turn; empty where the tree is deep enough, for the global object, a root, a loop, and
   * one that does not keep it alive.
   */
  retainers: Retainer[];
  /**
   * Whether it keeps the object alive.
   */
  strong: boolean;
}
/**
 * Over which ways an object is reached.
 */
export interface Paths {
  /**
   * Bytes that are free when the last references of all these ways are cut.
   */
  frees_together: number;
  /**
   * Whether there are more such ways than are told.
   */
  more: boolean;
  /**
   * The object.
   */
  object: Object;
  /**
   * The shortest way, by number of references; null if it is one of these, or ends as one of them.
   */
  shortest?: WayStep[] | null;
  /**
   * Ways that have no reference of the program in common, the one that tells most first; then such as
   * share some but end in another one. Empty if nothing reaches the object.
   */
  ways: OneWay[];
}
/**
 * One way to an object.
 */
export interface OneWay {
  /**
   * Bytes that are free when its last reference is cut, and no other.
   */
  frees: number;
  /**
   * As code would write it: `server.mjs: sessions[…]`.
   */
  path: string;
  /**
   * Whether it shares references of the program with ways before it, and only ends in another one.
   */
  shares: boolean;
  /**
   * From the root to the object.
   */
  steps: WayStep[];
}
/**
 * What some retained bytes consist of.
 */
export interface Inside {
  /**
   * The object, if one was asked for.
   */
  object?: Object | null;
  /**
   * How many objects were asked for.
   */
  objects: number;
  /**
   * The whole: the object, or those of the classes that were asked for which no other of them has below
   * it. Its class is empty if they are of several.
   */
  whole: Portion;
}
/**
 * A portion of retained bytes. Its own bytes, those of its parts and those of the rest add up to it.
 */
export interface Portion {
  /**
   * Bytes that they retain, none counted twice.
   */
  bytes: number;
  /**
   * The class of its objects.
   */
  class: string;
  /**
   * How many objects.
   */
  count: number;
  /**
   * How the portion above has it: `.log`, `keys`, `values`; empty for the whole.
   */
  label: string;
  /**
   * How many more such parts there are.
   */
  more: number;
  /**
   * Of these, their own, with what the engine needs to make them.
   */
  own: number;
  /**
   * What they retain, by how they have it and class, the heaviest first.
   */
  parts: Portion[];
  /**
   * Bytes of those.
   */
  rest: number;
}
/**
 * Objects of some classes, put in an order or together.
 */
export interface List {
  /**
   * What they have in common and the others of their classes have not, the most telling first; null
   * if that was not asked for.
   */
  common?: Common[] | null;
  /**
   * How many such things there are.
   */
  common_total: number;
  /**
   * How many of these are passed over.
   */
  from: number;
  /**
   * By value or shape, the most frequent first; null if they were not to be put together.
   */
  groups?: Group[] | null;
  /**
   * How many groups there are.
   */
  groups_total: number;
  /**
   * How many others of these classes there are that were not chosen.
   */
  others: number;
  /**
   * Bytes that they retain together; 0 for those that only the older snapshot has.
   */
  retained: number;
  /**
   * The objects; empty where they are put together.
   */
  rows: Listed[];
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
  /**
   * How many there are.
   */
  total: number;
}
/**
 * What objects have in common.
 */
export interface Common {
  /**
   * Of strings that only begin alike: how many code units, which are the value; null for whole values.
   */
  beginning?: number | null;
  /**
   * How many of the objects have it.
   */
  count: number;
  /**
   * The field or variable.
   */
  field: string;
  /**
   * How many of the others have it.
   */
  others: number;
  /**
   * Its value.
   */
  value: ValueReport;
}
/**
 * What a field is worth: one of these, or none where it leaves no trace in the file.
 */
export interface ValueReport {
  /**
   * The class of an object.
   */
  class?: string | null;
  /**
   * A number, a boolean, null or the like.
   */
  literal?: string | null;
  /**
   * Where a function is written, or the class of an object.
   */
  location?: Place | null;
  /**
   * The names of an object's fields.
   */
  shape?: string[] | null;
  /**
   * A string.
   */
  string?: StringFacts | null;
}
/**
 * Objects of one value or shape.
 */
export interface Group {
  /**
   * How many objects have it.
   */
  count: number;
  /**
   * One of them.
   */
  example: Object;
  /**
   * Bytes that they retain together.
   */
  retained: number;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
  /**
   * The value or shape.
   */
  value: ValueReport;
}
/**
 * One object of a list.
 */
export interface Listed {
  /**
   * Whether it was there before; null without an older snapshot that tells.
   */
  age?: Age | null;
  /**
   * Its first fields and variables.
   */
  fields: FieldValue[];
  /**
   * The object.
   */
  object: Object;
}
/**
 * One field of an object.
 */
export interface FieldValue {
  /**
   * Its name.
   */
  name: string;
  /**
   * Its value.
   */
  value: Object;
}
/**
 * Strings of a heap.
 */
export interface Strings {
  /**
   * Sum of their sizes.
   */
  bytes: number;
  /**
   * How many strings these are.
   */
  count: number;
  /**
   * How many of these are passed over.
   */
  from: number;
  /**
   * Different texts, those first whose copies take most.
   */
  rows: StringRow[];
  /**
   * Bytes that one copy of each would save.
   */
  saved: number;
  /**
   * How many different texts there are.
   */
  total: number;
}
/**
 * One text, and its copies.
 */
export interface StringRow {
  /**
   * Sum of their sizes.
   */
  bytes: number;
  /**
   * How many strings have it.
   */
  count: number;
  /**
   * The id of one.
   */
  example: number;
  /**
   * How most of the first ones are held, as code would write it; null if nothing leads to them.
   */
  path?: string | null;
  /**
   * Bytes that one copy would save.
   */
  saved: number;
  /**
   * What is said of it.
   */
  string: StringFacts;
}
