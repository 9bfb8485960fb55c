//! One test binary. Each file is one promise.

mod adversarial;

mod fixtures;
mod golden;

mod pairs;
