//! A pattern that is repeated more and more often: the work, the memory and the output grow no
//! faster than the files.
//!
//! That a phase takes more for each byte than ever before, or grows faster, counts as coverage, so
//! that libFuzzer goes on from there.
#![no_main]

use heapdiff::compare::compare;
use heapdiff::dump::dump;
use heapdiff::glob::Glob;
use heapdiff::input::Source;
use heapdiff::pair::Pair;
use heapdiff::render::{View, json_to, text};
use heapdiff::report::Options;
use heapdiff::scrub::{Scrubber, Snapshot};
use heapdiff_fuzz::{Pattern, Scale, file, one_line};
use libfuzzer_sys::fuzz_target;
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex, Once};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Bytes of both files at first; then four times and sixteen times as many.
const BYTES: usize = 32_000;
const STEP: usize = 4;
/// Work and memory may grow this much faster than the files, twice in a row; sorting does.
const GROWTH: f64 = 1.8;
/// For each byte, as many times as much work as a list takes, and bytes of output.
const WORK: f64 = 60.0;
const OUTPUT: f64 = 32.0;
/// Nanoseconds below which a phase is not told from chance.
const CHANCE: u64 = 100_000;

/// What one run took.
#[derive(Clone, Copy)]
struct Taken {
    bytes: usize,
    /// Nanoseconds of this thread, altogether and in each phase.
    time: u64,
    phases: [u64; PHASES.len()],
    memory: usize,
    output: usize,
}

impl Taken {
    fn time_per_byte(&self) -> f64 {
        self.time as f64 / self.bytes as f64
    }

    /// How many times as much work each byte takes here.
    fn times(&self, smaller: &Self) -> f64 {
        self.time_per_byte() / smaller.time_per_byte()
    }

    /// Bytes of memory for every byte more in the files.
    fn memory_per_byte(&self, smaller: &Self) -> f64 {
        let more = self.bytes.saturating_sub(smaller.bytes).max(1);
        self.memory.saturating_sub(smaller.memory) as f64 / more as f64
    }

    fn output_per_byte(&self) -> f64 {
        self.output.saturating_sub(100_000) as f64 / self.bytes as f64
    }

    /// Whether it is too much, seen from a run over smaller files.
    fn excess(&self, smaller: &Self, job: Job) -> Option<String> {
        let figures = [
            ("times as much work for each byte", self.times(smaller), GROWTH),
            ("times the work of a list", self.time_per_byte() / *LIST, WORK),
            ("bytes of memory for each byte", self.memory_per_byte(smaller), job.memory()),
            ("bytes of output for each byte", self.output_per_byte(), OUTPUT),
        ];
        let figure = figures.into_iter().find(|(_, figure, limit)| figure > limit);
        figure.map(|(what, figure, _)| format!("{figure:.2} {what}"))
    }
}

/// What is done with the files; the first byte says which.
#[derive(Clone, Copy)]
enum Job {
    Compare { by_id: Option<bool>, swapped: bool },
    Dump,
    Scrub,
}

impl Job {
    fn of(byte: u8) -> Self {
        match byte % 8 {
            4 => Self::Compare { by_id: Some(false), swapped: false },
            5 => Self::Compare { by_id: None, swapped: true },
            6 => Self::Dump,
            7 => Self::Scrub,
            _ => Self::Compare { by_id: None, swapped: false },
        }
    }

    /// Bytes of memory for each byte. A class takes 600, and as few as 30 of a file; a dump is made in
    /// memory, with each name three times.
    fn memory(self) -> f64 {
        if matches!(self, Self::Dump) { 40.0 } else { 30.0 }
    }

    /// Bytes of output.
    fn run(self, files: &Pair<&std::path::Path>) -> usize {
        match self {
            Self::Compare { by_id, swapped } => {
                let files = if swapped { Pair::new(files.after, files.before) } else { *files };
                let options = Options { by_id, ..Options::default() };
                let report = compare(files, &[], &options).inspect_err(one_line);
                let report = report.expect("sound files are compared");
                let brief = View::plain(Some(100));
                let whole = View {
                    top: Some(0),
                    all: true,
                    class: Some(Glob::new("*")),
                    chains: Some(9),
                    ..brief.clone()
                };
                let mut json = Length(0);
                json_to(&report, &mut json).expect("JSON");
                json.0 + text(&report, &brief).len().max(text(&report, &whole).len())
            }
            Self::Dump => {
                let files = dump(&Source::from(files.after), None, false).inspect_err(one_line);
                files.expect("a sound file is dumped").iter().map(Vec::len).sum()
            }
            Self::Scrub => {
                let sources = [Source::from(files.before), Source::from(files.after)];
                let read = Snapshot::read(&sources, None).inspect_err(one_line);
                let mut scrubber = Scrubber::new(read.expect("sound files are read"));
                let mut out = Length(0);
                for at in 0..sources.len() {
                    scrubber.write(at, &mut out).expect("a sound file is scrubbed");
                }
                out.0
            }
        }
    }
}

/// How much is written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn measure(job: Job, files: &[Vec<u8>; 2]) -> Taken {
    let paths = [file("before", &files[0]), file("after", &files[1])];
    let paths = Pair::new(paths[0].as_path(), paths[1].as_path());
    MEASURED.lock().unwrap().phases.fill(0);
    let (held, begin) = (HELD.load(Relaxed), now());
    MOST.store(held, Relaxed);
    let output = job.run(&paths);
    Taken {
        bytes: files.iter().map(Vec::len).sum(),
        time: now() - begin,
        phases: MEASURED.lock().unwrap().phases,
        memory: MOST.load(Relaxed) - held,
        output,
    }
}

/// The least of some runs.
fn least(job: Job, files: &[Vec<u8>; 2], runs: usize) -> Taken {
    let runs = (0..runs).map(|_| measure(job, files));
    runs.min_by_key(|taken| taken.time).expect("a run")
}

/// How many copies make files of so many bytes.
fn scale(pattern: &Pattern, bytes: usize) -> Scale {
    let letters = bytes / 16;
    let size =
        |copies| -> usize { pattern.write(Scale { copies, letters }).iter().map(Vec::len).sum() };
    let (few, more) = (size(16), size(48));
    let each = (more.saturating_sub(few) / 32).max(1);
    let copies = bytes.saturating_sub(few.saturating_sub(16 * each)) / each;
    Scale { copies: copies.clamp(16, bytes / 8), letters }
}

/// Nanoseconds for each byte of a linked list.
static LIST: LazyLock<f64> = LazyLock::new(|| {
    let list = [[0; 8], [2, 3, 1, 2, 0, 0, 0, 0], [4, 2, 1, 2, 0, 2, 28, 0]].concat();
    let pattern = Pattern::of(&list);
    let files = pattern.write(scale(&pattern, BYTES * STEP));
    least(Job::of(0), &files, 9).time_per_byte()
});

fuzz_target!(|data: &[u8]| {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        drop(file("first", b""));
        let _ = tracing::subscriber::set_global_default(Phases);
        LazyLock::force(&LIST);
    });
    let Some((first, records)) = data.split_first() else { return };
    let (job, pattern) = (Job::of(*first), Pattern::of(records));
    let scale = scale(&pattern, BYTES);
    let at = |times: usize| {
        let scale = Scale { copies: scale.copies * times, letters: scale.letters * times };
        pattern.write(scale)
    };
    let files = [at(1), at(STEP)];
    // Where the pattern does not grow, or all in one place.
    let bytes: Vec<usize> = files.iter().map(|files| files[0].len() + files[1].len()).collect();
    if bytes[1] < 2 * bytes[0] || bytes[1] > 40 * BYTES {
        return;
    }
    let small = measure(job, &files[0]);
    let large = measure(job, &files[1]);
    count(&small, &large);
    if large.excess(&small, job).is_none() {
        return;
    }
    let small = least(job, &files[0], 5);
    let large = least(job, &files[1], 5);
    if large.excess(&small, job).is_none() {
        return;
    }
    let largest = least(job, &at(STEP * STEP), 3);
    if let Some(excess) = largest.excess(&large, job) {
        let line = |taken: &Taken| {
            let (time, memory) = (taken.time / 1000, taken.memory / 1000);
            let (bytes, output) = (taken.bytes / 1000, taken.output / 1000);
            format!("{bytes} kB: {time} µs, {memory} kB of memory, {output} kB of output\n")
        };
        let all: String = [small, large, largest].iter().map(line).collect();
        let mut slowest: Vec<(u64, &str)> = largest.phases.into_iter().zip(PHASES).collect();
        slowest.sort_unstable_by(|a, b| b.cmp(a));
        panic!("{excess}\n{all}{:?}", &slowest[..4]);
    }
});

/// Says how much each phase took in a way that libFuzzer understands.
fn count(small: &Taken, large: &Taken) {
    let bytes = large.bytes as f64;
    for (phase, time) in large.phases.iter().enumerate().filter(|(_, time)| **time > CHANCE) {
        set(phase, *time as f64 / bytes * 16.0);
        let growth = *time as f64 / small.phases[phase].max(CHANCE / 8) as f64;
        set(PHASES.len() + phase, growth * small.bytes as f64 / bytes * 16.0);
    }
    let whole = 2 * PHASES.len();
    set(whole, large.time_per_byte());
    set(whole + 1, large.times(small) * 16.0);
    set(whole + 2, large.memory_per_byte(small) * 16.0);
    set(whole + 3, large.output_per_byte() * 16.0);
}

const BUCKETS: usize = 32;
const COUNTERS: usize = (2 * PHASES.len() + 4) * BUCKETS;

/// libFuzzer takes each that is not zero for something new, once.
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static mut COUNTED: [u8; COUNTERS] = [0; COUNTERS];

/// Two buckets for each doubling.
fn set(row: usize, value: f64) {
    let bucket = ((value.max(1.0).log2() * 2.0) as usize).min(BUCKETS - 1);
    // SAFETY: this thread alone writes it, within its bounds, and libFuzzer reads it later.
    unsafe { (&raw mut COUNTED).cast::<u8>().add(row * BUCKETS + bucket).write(1) };
}

/// Nanoseconds that this thread has worked.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the system writes this one value.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// As heapdiff calls them; the last is whatever is none of them.
const PHASES: [&str; 25] = [
    "anchors",
    "classes",
    "deltas",
    "diagnosis",
    "distances",
    "dominators",
    "edges",
    "ephemerons",
    "figures",
    "frontier",
    "growth",
    "locations",
    "looks",
    "matching",
    "nodes",
    "order",
    "outward",
    "owners",
    "preferred ways",
    "report",
    "retained sizes",
    "same objects",
    "shapes",
    "survivors",
    "",
];

/// Time that passes in a phase and in none within it.
struct Measured {
    phases: [u64; PHASES.len()],
    within: Vec<usize>,
    since: u64,
}

static MEASURED: Mutex<Measured> =
    Mutex::new(Measured { phases: [0; PHASES.len()], within: Vec::new(), since: 0 });

impl Measured {
    fn pass(&mut self) {
        let now = now();
        let phase = self.within.last().map_or(PHASES.len() - 1, |phase| *phase);
        self.phases[phase] += now - self.since.min(now);
        self.since = now;
    }
}

/// Listens to the phases.
struct Phases;

impl Subscriber for Phases {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("heapdiff")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let name = span.metadata().name();
        let phase = PHASES.iter().position(|phase| *phase == name).unwrap_or(PHASES.len() - 1);
        Id::from_u64(phase as u64 + 1)
    }

    fn enter(&self, span: &Id) {
        let mut measured = MEASURED.lock().unwrap();
        measured.pass();
        measured.within.push(span.into_u64() as usize - 1);
    }

    fn exit(&self, _: &Id) {
        let mut measured = MEASURED.lock().unwrap();
        measured.pass();
        measured.within.pop();
    }

    fn event(&self, _: &Event<'_>) {}
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

/// Bytes that are held, and the most that were.
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

fn more(bytes: usize) {
    let held = HELD.fetch_add(bytes, Relaxed) + bytes;
    MOST.fetch_max(held, Relaxed);
}

// SAFETY: everything is passed on to an allocator that keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        more(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
