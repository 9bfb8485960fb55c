//! What `--help` says beside the options themselves.

use clap::ArgAction;

/// The option of each command.
#[derive(Debug, clap::Args)]
pub(super) struct Help {
    /// Print help
    #[arg(short, long, action = ArgAction::Help, help_heading = MORE)]
    help: Option<bool>,
}

/// Headings of groups of options.
pub(super) const OUTPUT: &str = "Output";
pub(super) const TEXT: &str = "Text";
pub(super) const ANALYSIS: &str = "Analysis";
pub(super) const INPUT: &str = "Input";
#[cfg(feature = "capture")]
pub(super) const LOAD: &str = "Load";
pub(super) const GATES: &str = "Gates";
pub(super) const MACHINE: &str = "Machine";
pub(super) const MORE: &str = "More";

/// Below `-h`.
pub(super) const SHORT: &str = "\
Formats: text json html ndjson csv tsv markdown github junit sarif agent openmetrics
Exit codes: 0 fine, 1 a gate is broken, 2 wrong usage or a gate not judged, 3 a bad file, 4 memory";

/// Without any argument.
pub(super) const USAGE: &str = "\
usage: heapdiff <BEFORE> <AFTER>... [OPTIONS]
example: heapdiff before.heapsnapshot after.heapsnapshot
hint: v8.writeHeapSnapshot() or DevTools writes them; --help has all options";

/// Below `--help`.
pub(super) const LONG: &str = "\
Formats, and the names of files that have them:
  text         the answer, a table, why it stays          text=FILE
  json         the whole report                           .json
  html         a page to open in a browser                .html .htm
  ndjson       the whole report, a JSON object a line     .ndjson .jsonl
  csv, tsv     the comparison for a spreadsheet           .csv .tsv
  markdown     for a CI job's summary, a comment          .md .markdown
  github       annotations in GitHub Actions              github=FILE
  junit        test results for CI systems                .xml
  sarif        findings for code scanning                 .sarif .sarif.json
  agent        60 lines at most for a language model      agent=FILE
  openmetrics  gauges for node_exporter                   .prom

Examples:
  The answer on the terminal:
    heapdiff before.heapsnapshot after.heapsnapshot
  One analysis, three outputs:
    heapdiff before.heapsnapshot after.heapsnapshot -o heap.json -o heap.md -o heap.sarif
  In GitHub Actions, annotations and the summary of the job:
    heapdiff before.heapsnapshot after.heapsnapshot -f github -o markdown=\"$GITHUB_STEP_SUMMARY\"
  Every class as a table:
    heapdiff before.heapsnapshot after.heapsnapshot -f csv > classes.csv
  What holds one class:
    heapdiff before.heapsnapshot after.heapsnapshot --class Session
  One of its objects, of which a report tells the id:
    heapdiff show before.heapsnapshot after.heapsnapshot @79939

For a shell and for man: heapdiff completions SHELL, heapdiff man

Exit codes:
  0  the files were compared, and no gate is broken
  1  a gate is broken (--fail-on, configuration)
  2  wrong usage, or a gate that could not be judged
  3  a file cannot be read or written, or is no snapshot
  4  there is not enough memory

Without a gate, growth is never a failure.";
