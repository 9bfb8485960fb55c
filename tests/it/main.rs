//! One test binary. Each file is one promise.

mod drawing;
mod fixtures;
mod golden;
mod layouts;
mod writing;

mod adversarial;
mod answer;
mod calm;
mod chains;
mod classing;
mod cli;
mod conditions;
mod configuration;
mod details;
mod frees;
mod gates;
mod growth;
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
