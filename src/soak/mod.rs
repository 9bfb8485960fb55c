//! A program and a load in, snapshots of it before and after out.

#![allow(dead_code, unused_imports, reason = "the command comes with the next commits")]

mod tally;

pub(crate) use tally::Tally;
