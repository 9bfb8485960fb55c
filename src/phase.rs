//! A phase's name and its work in, the work's result out, with a span around it.
//!
//! The spans are `tracing`'s. Who wants to know what takes how long sets a subscriber, as the
//! command line does for `--timings` and the progress bar; without one they cost nothing.

/// Does some work within a span.
macro_rules! phase {
    ($name:literal, $work:expr) => {
        tracing::info_span!($name).in_scope(|| $work)
    };
}

pub(crate) use phase;
