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
 * How a figure was measured.
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
 * What a step of a suspect's way is.
 */
export type Role = 'root' | 'holder' | 'container' | 'entry' | 'object' | 'inside';

/**
 * Everything heapdiff has to say about two snapshots. Sizes are in bytes.
 */
export interface Report {
  /**
   * The files between them, as given; empty if there are two.
   */
  between: Snapshot[];
  /**
   * How often the operation in question ran between the first and the last snapshot; null if nobody
   * said.
   */
  calls: number | null;
  /**
   * How the snapshots were taken, if that stands beside both.
   */
  captured?: Captured;
  /**
   * For each class with any new object the shortest way to one of its objects: by the class's `new`
   * descending, then by `name`, then by `key`. Not the same as the `chains` of a suspect. All
   * together have at most one step for each 256 bytes of the newer file, or 10,000 (or the first one
   * alone more); a chain that would go beyond is left out, and `notes` says how many are. JSON
   * always has them; other reports may be made without.
   */
  chains: ChainReport[];
  /**
   * Every class with any new or deleted object: by `alloc_size` descending, then by `name` (in
   * UTF-16 code units), then by `key`.
   */
  classes: ClassRow[];
  /**
   * Containers that hold more now.
   */
  containers: ContainerReport[];
  /**
   * What kind of leaks they are, and what to do.
   */
  findings: Finding[];
  /**
   * Of several leaks the order in which to fix them: the one that frees most first. Empty if there are
   * not two.
   */
  fixes: FixReport[];
  /**
   * The gates and what came of them, those of the configuration first; empty if there are none.
   */
  gates: Gate[];
  /**
   * Whether equal ids mean equal objects.
   */
  identity: IdentityReport;
  /**
   * What the configuration tells to leave out; null if it tells nothing.
   */
  ignored: Ignored | null;
  /**
   * What to know before trusting the figures, in English; mostly empty.
   */
  notes: string[];
  /**
   * Memory outside the heap that the files know of.
   */
  outside: Pair2;
  /**
   * Bytes that objects in both files have more now (negative: less). With `totals.size_delta` it
   * makes what the heap has grown by.
   */
  resized: number;
  /**
   * What the program did between the snapshots, if `heapdiff run` or `heapdiff watch` took them.
   */
  run?: Run;
  /**
   * Version of this format.
   */
  schema: number;
  /**
   * What the program's own scripts are called in the last file, without folders, ends and what a bundler
   * adds: by them another report is known to be of the same program. Sorted, and at most 1,000.
   */
  scripts: string[];
  /**
   * The first and the last file.
   */
  snapshots: Pair;
  /**
   * Classes that pile up and why they stay, in order of suspicion.
   */
  suspects: SuspectReport[];
  /**
   * What made the report.
   */
  tool: Tool;
  /**
   * Sums over `classes`.
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
   * Number of edges: references.
   */
  edges: number;
  /**
   * Native memory that belongs to no node; null if the file does not say (before V8 13).
   */
  extra_native_bytes: number | null;
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
  same_as: number | null;
  /**
   * The mark of a file that `scrub` wrote, the same in all files of one run (`unknown` if it is none
   * that `scrub` writes); null of any other file.
   */
  scrubbed: string | null;
  /**
   * DevTools' total: all shallow sizes and `extra_native_bytes`.
   */
  total_size: number;
  /**
   * What is missing of a file that is cut off and was read all the same; null if it is whole.
   */
  truncated: Truncated | null;
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
 * How the first and the last snapshot were taken, as the files say that `heapdiff capture` writes
 * beside them. Sizes are in bytes.
 */
export interface Captured {
  /**
   * What the process took in memory; null if it did not tell.
   */
  memory: Pair3 | null;
  /**
   * Whether both are of one process, and of one thread of it.
   */
  same_process: boolean;
  /**
   * Whether both were taken on one connection to the process: when it closes, V8 makes all ids anew.
   */
  same_session: boolean;
  /**
   * Seconds from the first to the last; negative if the first is the newer one.
   */
  seconds: number;
  /**
   * Bytes that the process grew by in memory and its heap did not; null unless `same_process`, and
   * if it did not tell. It counts from the larger of `rss` and `rss_afterwards` of the first.
   */
  unexplained: number | null;
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
   * All of it, before the snapshot was written.
   */
  rss: number;
  /**
   * The same afterwards: writing takes memory, of which some may stay. Null if it did not tell.
   */
  rss_afterwards: number | null;
}
/**
 * A shortest way from the root to one object of a class, in the newer snapshot: of the class's new
 * objects the one of least distance, of these the one of largest retained size, of these the one of
 * lowest id.
 */
export interface ChainReport {
  /**
   * `name` of the class.
   */
  class: string;
  /**
   * DevTools' distance of the object; -5 if nothing reaches it. A chain that avoids a weak edge of
   * the root may be longer.
   */
  distance: number;
  /**
   * `key` of the class.
   */
  key: string;
  /**
   * Id of the object.
   */
  object: number;
  /**
   * From the root to the object, both included; empty if nothing reaches it.
   */
  steps: StepReport[];
}
/**
 * One step of a chain. Every edge is one, as in DevTools.
 */
export interface StepReport {
  /**
   * Class of the object.
   */
  class: string;
  /**
   * Name of the edge that leads from the step before into this one: of a property or variable, or an
   * index in decimal; null for the root.
   */
  edge: string | null;
  /**
   * V8's kind of that edge: `context` (a closure's variable), `element`, `property`, `internal`,
   * `hidden`, `shortcut`, `weak` (only of the root, where there is no other way), or `other` (a kind
   * this version does not know); null for the root.
   */
  edge_type: string | null;
  /**
   * Id of the object.
   */
  id: number;
  /**
   * The object's own name where it says more than the class: of functions, and of V8's code,
   * contexts, tables and roots; else empty.
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
   * What is said of a string. Only of strings.
   */
  string?: StringFacts;
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
  value?: string;
}
/**
 * One class of the comparison. An object is the same in both files if it has the same id and class,
 * whatever `identity` says.
 */
export interface ClassRow {
  /**
   * The whole class in the newer snapshot.
   */
  after: ClassFigures;
  /**
   * Shallow sizes of the new objects: Alloc. Size.
   */
  alloc_size: number;
  /**
   * The whole class in the older snapshot, its plain objects named by the shapes found in the newer
   * one.
   */
  before: ClassFigures;
  /**
   * Objects in the older snapshot only: # Deleted.
   */
  deleted: number;
  /**
   * `new` − `deleted`, which is also `after.count` − `before.count`: # Delta.
   */
  delta: number;
  /**
   * Whether the text folds the class as the engine's own: V8's internal kinds, arrays that belong to
   * no object, and runtime objects that are all new and all deleted at once.
   */
  engine: boolean;
  /**
   * Shallow sizes of the deleted objects: Freed Size.
   */
  freed_size: number;
  /**
   * DevTools' key of the class: `,NAME`, or `SCRIPT,LINE,COLUMN,NAME` for objects whose
   * constructor's place is known (script id, line and column from 0). Unique in the list, unless it
   * is masked.
   */
  key: string;
  /**
   * The name DevTools shows. Not unique, and for a class of plain objects that is in the older
   * snapshot only, not always the name in `key`.
   */
  name: string;
  /**
   * Objects in the newer snapshot only: # New.
   */
  new: number;
  /**
   * What its author calls it. Only where a source map tells of another name.
   */
  original?: string;
  /**
   * Retained sizes (in the newer snapshot) of those new objects that no other new object of the
   * class dominates.
   */
  retained_new: number;
  /**
   * `alloc_size` − `freed_size`: Size Delta.
   */
  size_delta: number;
}
/**
 * The figures of one class. Objects of size 0 belong to no class, as in DevTools.
 */
export interface ClassFigures {
  /**
   * Number of objects; 0 if the class is not in that snapshot.
   */
  count: number;
  /**
   * The least distance of any of them; 0 if there is none. JSON always has it; other reports may be
   * made without.
   */
  distance: number;
  /**
   * Sum of the retained sizes of those that no other object of the class dominates: DevTools'
   * retained size of the class. JSON always has it; other reports may be made without.
   */
  retained: number;
  /**
   * Sum of their shallow sizes.
   */
  shallow: number;
}
/**
 * An object that was there before and holds more now. In the list by `retained_new` descending; those
 * that have stopped growing, those of the module loader, and lists of the runtime's own timers come
 * last.
 */
export interface ContainerReport {
  /**
   * Whether the counts are computed from the container's size, because small integers and doubles
   * leave no edges.
   */
  approximate: boolean;
  /**
   * Its class, as DevTools names it.
   */
  class: string;
  /**
   * What it is called and known by in the script. Only where source maps change it.
   */
  compiled?: CompiledContainer;
  /**
   * Entries in every snapshot, oldest first; the first and the last are the two above. A snapshot
   * between them that has lost edges or names is left out.
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
   * The script whose variable or export the path begins with; null if it begins elsewhere, or the
   * file does not tell.
   */
  file: string | null;
  /**
   * 16 hexadecimal digits, the same in every run of the program: made of `path` without keys in
   * quotes and numbers of the engine, and of `kind`. Not of lines, ids, counts, or where the program
   * is installed.
   */
  fingerprint: string;
  /**
   * What holds it; null where the file does not tell.
   */
  held_by: Holder | null;
  /**
   * Its id in the newest snapshot; of several taken together the heaviest one's.
   */
  id: number;
  /**
   * `Map` (also WeakMap), `Set` (also WeakSet), `Array`, `Object` (properties), `list` (entries that
   * hold each other), `rope` (concatenated strings), `context` (a function's variables), or `holder`
   * (anything else).
   */
  kind: string;
  /**
   * How sure that is: of the entries that it had, how many it still has, 0 to 1. What was taken out
   * of it lowers it as well. Null if it had none.
   */
  known_again: number | null;
  /**
   * Where to look: where the functions are written that it was filled with (listeners, callbacks),
   * or else the nearest class of the program that has it. Null for a variable, whose line the file
   * does not tell.
   */
  location: Place | null;
  /**
   * How it is known to be the one that was there before: `id`, `structure`, `place` (it stands where
   * one stood that held less), or `class` (what only the runtime holds).
   */
  matched: string;
  /**
   * The access path alone.
   */
  name: string;
  /**
   * Why it does not, if that is not for its size, in English: `filled once, then stopped growing`.
   */
  note: string | null;
  /**
   * What people call it: the file, shortly, and an access path as code in it has it: `server.mjs:
   * cache`, `lru: store.byId`; the path alone where it begins at the global object: `sessions.byId`.
   * A file of a package is called after the package, other files by the last part of their paths.
   * `[…]` is any element or entry, `*` a step that is repeated. Of more than 192 steps the first 48
   * and the last 144 are told, `…(511 more)…` between; a name of more than 200 code units, and a
   * path of more than 1,000, are cut in the middle.
   */
  path: string;
  /**
   * Whether it counts for `leak_likely`.
   */
  piles_up: boolean;
  /**
   * Bytes that its new entries retain, none counted twice. Of an entry that retains mostly older
   * objects, only what is new counts.
   */
  retained_new: number;
  /**
   * How many containers at like places are counted as one here (the arrays in a Map of arrays);
   * mostly 1.
   */
  together: number;
}
/**
 * What a container is called and known by without source maps.
 */
export interface CompiledContainer {
  /**
   * As `fingerprint` of the container.
   */
  fingerprint: string;
  /**
   * As `path` of the container.
   */
  path: string;
}
/**
 * What holds the entries of a container: the nearest object on the way of a class that is written
 * somewhere, a variable, or the runtime.
 */
export interface Holder {
  /**
   * Where its class is written; null for a variable and for the runtime.
   */
  location: Place | null;
  /**
   * Whose it is.
   */
  owner: Owner;
  /**
   * The package that it is of. Only of one, and where the path tells.
   */
  package?: Package;
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
  compiled?: Compiled;
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
  package?: Package;
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
  version: string | null;
}
/**
 * What kind of leak it is, what to do, and what that rests on. Of each container that piles up the
 * first pattern of its first suspect, of each suspect that nothing holds its first pattern, and at
 * last `duplicate-strings`, if it applies.
 */
export interface Finding {
  /**
   * What to do, in English.
   */
  advice: string;
  /**
   * `class` of the suspect; null for `duplicate-strings`.
   */
  class: string | null;
  /**
   * What the class is called in the script. Only where source maps change it.
   */
  compiled_class?: string;
  /**
   * The same without source maps. Only where these change it.
   */
  compiled_fingerprint?: string;
  /**
   * `path` of the container; null if the file does not tell.
   */
  container: string | null;
  /**
   * Whether all that leads to the entries is of packages, so that nothing in the program makes the
   * leak as far as the file tells.
   */
  dependency_only: boolean;
  /**
   * The numbers it rests on, in English.
   */
  evidence: string;
  /**
   * The script whose variable holds the container, to look in where no place says more.
   */
  file: string | null;
  /**
   * The same in every run of the program: made of the container's, `class` and `pattern`.
   */
  fingerprint: string;
  /**
   * What holds the entries; null where the file does not tell.
   */
  held_by: Holder | null;
  /**
   * Where to look, the most telling place first: the `location` of the container, the functions on
   * the way, the suspect's class; the program's own files before those of packages. None twice;
   * often empty.
   */
  locations: Place[];
  /**
   * The first place of the program's own; null if there is none.
   */
  own: OwnPlace | null;
  /**
   * What kind of leak it is.
   */
  pattern: Pattern;
  /**
   * What was found, in English.
   */
  title: string;
  /**
   * What was begun and never finished; null where that is not why it piles up.
   */
  unfinished: Unfinished | null;
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
   * The place; null where only the file is known, whose variable it is.
   */
  location: Place | null;
  /**
   * What it has to do with the leak.
   */
  part: Part;
}
/**
 * One leak of several, and what mending it frees.
 */
export interface FixReport {
  /**
   * Paths of the containers that have to let go of their new entries: several where these hold the same.
   */
  containers: string[];
  /**
   * Bytes of what is new that this alone frees.
   */
  frees: number;
  /**
   * Bytes of what is new that this frees with all those before it.
   */
  frees_so_far: number;
}
/**
 * A gate and what came of it.
 */
export interface Gate {
  /**
   * How `measured` has to lie to `limit` for the gate to be kept.
   */
  allowed: Comparator;
  /**
   * The condition that must not hold, as it was written.
   */
  condition: string;
  /**
   * The class or container that was measured, where each is on its own; of a verdict `leak_likely`
   * what it rests on.
   */
  decided_by: string | null;
  /**
   * What it is held against.
   */
  limit: Measure;
  /**
   * Whether what the pattern names is in neither file.
   */
  matched_nothing: boolean;
  /**
   * What was measured, beyond what the baseline accepts; null for a share of nothing, and if it
   * could not be judged.
   */
  measured: Measure | null;
  /**
   * How it was measured; null if it could not be.
   */
  method: Method | null;
  /**
   * What else to know, in English.
   */
  note: string | null;
  /**
   * Whether `outcome` is `kept`.
   */
  ok: boolean;
  /**
   * Whether the condition holds.
   */
  outcome: Outcome;
  /**
   * Where it was written: `--fail-on`, or the path of the file as seen from the current folder.
   */
  source: string;
}
/**
 * Whether equal ids mean equal objects.
 */
export interface IdentityReport {
  /**
   * Of these (a regular sample of about 32,768, the same in every run), how many have the same kind
   * and name in both files, 0 to 1. Below 0.95 `kind` is `different_process`.
   */
  agreement: number;
  /**
   * Whether `verdict`, `containers` and `suspects` go by ids, or else by structure. `--identity`
   * decides it, else `kind`.
   */
  by_id: boolean;
  /**
   * How many of the older file's ids the newer one has too, 0 to 1. Below 0.05 `kind` is
   * `unstable_ids`.
   */
  ids_kept: number;
  /**
   * Whether what is in both files stands in the same order in both, as in one process; always true
   * if `by_id`.
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
   * Whether the second file looks older than the first. They are compared as given.
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
   * What `heap.delta` leaves out for them: the size delta of these classes, or what the new entries
   * of these containers retain, whichever is more; 0 if that is below 0.
   */
  bytes: number;
  /**
   * Entries of `classes` that conditions leave out.
   */
  classes: number;
  /**
   * Entries of `containers` that they leave out.
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
 * Memory outside the heap that the file knows of, in bytes. All of it is part of `total_size`. Of what
 * a native addon allocates it knows nothing.
 */
export interface Outside {
  /**
   * Backing stores of ArrayBuffers, and so of Buffers and typed arrays; null if the file has lost
   * names, by which they are known.
   */
  array_buffers: number | null;
  /**
   * Text of strings that lives outside; null if the file has lost names.
   */
  external_strings: number | null;
  /**
   * Native memory that belongs to no node; null if the file does not say.
   */
  extra_native_bytes: number | null;
}
/**
 * The experiment that the snapshots were taken in.
 */
export interface Run {
  /**
   * Why a watch ended before all snapshots were taken; null if it did not.
   */
  ended: string | null;
  /**
   * Whether the snapshots are there for further questions.
   */
  kept: boolean;
  /**
   * What the load was, in words; null if the program was watched.
   */
  load: string | null;
  /**
   * What of the load could not be made, and why.
   */
  omitted: string[];
  /**
   * The loads, oldest first: the one to warm up, then those between the snapshots; of a watch the
   * snapshots.
   */
  rounds: Round[];
  /**
   * Why what is there may go by itself; null if the program came to rest. If not, there is no
   * verdict of a leak, and conditions cannot be judged.
   */
  unsettled: string | null;
}
/**
 * A load, and what the program took at rest afterwards. Sizes are in bytes.
 */
export interface Round {
  /**
   * Calls that were made; null if the load does not say.
   */
  calls: number | null;
  /**
   * What they hold outside of it; 0 if the process does not tell (browsers, workerd).
   */
  external: number;
  /**
   * Of the others, those that failed, by what came instead of an answer.
   */
  failed: {
    [k: string]: number;
  };
  /**
   * Objects of the heap at rest afterwards, or when the snapshot was taken.
   */
  heap: number;
  /**
   * Sockets, timers and others that the load has left active, by kind and number; null if none.
   */
  left: string | null;
  /**
   * Those of them that were to fail or to be broken off.
   */
  meant_to_fail: number;
  /**
   * What it was for: `warm-up`, `load 1`, `load 2`; of a watch when it was taken: `after 10m`.
   */
  name: string;
  /**
   * The ways to leave sessions, in their order; empty for other loads, and for the warm-up.
   */
  parts: LoadPart[];
  /**
   * The whole process in memory; 0 if it does not tell.
   */
  rss: number;
}
/**
 * A way to leave sessions, and what the program kept of those that were left so.
 */
export interface LoadPart {
  /**
   * Calls of the same pass.
   */
  calls: number;
  /**
   * By how much data in the heap, and outside of it, grew in that pass from rest to rest; negative
   * if it shrank. Compiled code is no data.
   */
  kept: number;
  /**
   * Those of them that were to fail or to be broken off.
   */
  meant_to_fail: number;
  /**
   * How its sessions were left: `answered`, `closed`, `dropped`, `cancelled`, `invalid` or `stale`.
   */
  name: string;
  /**
   * Sessions that were opened in the pass that is measured, the second of two; 0 if the server has
   * none.
   */
  sessions: number;
  /**
   * Of these, those that were answered well all the same.
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
 * A class whose new objects pile up, and why they stay. In the list, suspects in a container that
 * piles up come first, then the others; among each, by the weight of the container. Objects that
 * nothing in the file holds come first if they outweigh all others, else last.
 */
export interface SuspectReport {
  /**
   * Up to three ways over which the objects are held, the first the most telling. Empty if the file
   * records no retainer.
   */
  chains: Way[];
  /**
   * The class whose name tells most about what piles up.
   */
  class: string;
  /**
   * What it is called in the script. Only where source maps change it.
   */
  compiled_class?: string;
  /**
   * `path` of the container they are in; a probable one if `chains` is empty; null if the file does
   * not tell.
   */
  container: string | null;
  /**
   * Its new objects. Mostly the `new` of `classes`; but an object whose class has changed is not new
   * here, nor is one that is matched by structure where ids mean nothing. Of numbers in place, the
   * new entries.
   */
  count: number;
  /**
   * Bytes freed if all of `chains` are cut.
   */
  frees_together: number;
  /**
   * Up to six other classes that hang below the same container.
   */
  inside: Inside[];
  /**
   * Its key, as in `classes`.
   */
  key: string;
  /**
   * Where its constructor is written; null if the file does not tell.
   */
  location: Place | null;
  /**
   * Bytes that these retain, none counted twice.
   */
  retained: number;
  /**
   * Whether nothing in the file holds them and they are many: at least 100, and 65,536 bytes. Such
   * count for `leak_likely`.
   */
  unheld: boolean;
}
/**
 * One way over which a suspect's objects are held: from a root over a container and one of its new
 * entries to a typical object, and on to what weighs in it.
 */
export interface Way {
  /**
   * `path` of the container.
   */
  container: string;
  /**
   * Bytes that nothing would reach any more, were the edges from the container to its new entries
   * removed: shallow sizes of what is new. 0 if all of it is also held otherwise.
   */
  frees: number;
  /**
   * How many of the suspect's new objects this container's new entries lead to; 0 for numbers in
   * place.
   */
  share: number;
  /**
   * From the root down. Hash tables, elements, contexts and other parts of an object are folded into
   * the step that they implement, so an edge need not start at the step before.
   */
  steps: WayStep[];
  /**
   * `count` of the suspect.
   */
  total: number;
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
  compiled_name?: string;
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
  location: Place | null;
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
 * A class that comes along with a suspect.
 */
export interface Inside {
  /**
   * Its name.
   */
  class: string;
  /**
   * What it is called in the script. Only where source maps change it.
   */
  compiled_class?: string;
  /**
   * Its new objects below the container; at least 10.
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
   * Version of the program.
   */
  version: string;
}
/**
 * Sums of the fields of the same names over all classes.
 */
export interface Totals {
  /**
   * Shallow sizes of the new objects: Alloc. Size.
   */
  alloc_size: number;
  /**
   * Objects in the older snapshot only: # Deleted.
   */
  deleted: number;
  /**
   * `new` − `deleted`: # Delta.
   */
  delta: number;
  /**
   * Shallow sizes of the deleted objects: Freed Size.
   */
  freed_size: number;
  /**
   * Objects in the newer snapshot only: # New.
   */
  new: number;
  /**
   * `alloc_size` − `freed_size`: Size Delta.
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
   * The facts it rests on, a sentence each, in English.
   */
  reasons: string[];
}
