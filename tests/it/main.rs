//! One test binary. Each file is one promise.

mod drawing;
mod fixtures;
mod golden;
mod writing;

mod adversarial;
mod chains;
mod classing;
mod cli;
mod laws;
mod pairs;
mod parsing;

mod refusals;
mod regressions;
mod rules;
mod stories;
mod text;
mod tidy;
