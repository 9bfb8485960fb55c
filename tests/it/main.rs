//! One test binary. Each file is one promise.

mod drawing;
mod fixtures;
mod golden;
mod layouts;
mod markup;
mod packing;
mod sample;
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
mod formats_files;
mod formats_golden;
mod formats_hostile;
mod formats_limits;
mod frees;
mod gates;
mod growth;
mod html;
mod inputs_change;
mod inputs_cut;
mod inputs_refusals;
mod inputs_series;
mod inputs_ways;
mod laws;
mod memory;

mod pairs;
mod parsing;
mod paths;

mod refusals;
mod regressions;
mod rules;
mod scrub;
mod secrets;
mod series;
mod stories;
mod text;
mod tidy;
