//! One test binary. Each file is one promise.

mod drawing;
mod fixtures;
mod golden;
mod invariants;
mod layouts;
mod writing;

mod adversarial;
mod answer;
mod calm;
mod chains;
mod classing;
mod cli;
mod details;
mod frees;
mod growth;
mod hostile_files;
mod hostile_graphs;
mod hostile_mutations;
mod hostile_text;
mod laws;

mod pairs;
mod parsing;
mod paths;

mod refusals;
mod regressions;
mod rules;
mod series;
mod stories;
mod text;
mod tidy;
