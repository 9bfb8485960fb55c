//! One HTML page that opens from disk.

use super::{conclusion, growth, retained, side, word};
use crate::render::html::{capital, name, page};
use crate::verify::{LeakChange, Outcome, Verification};
use maud::{Markup, html as markup};

/// What has become of each leak, as a page.
#[must_use]
pub fn html(verification: &Verification) -> String {
    let title = format!("{} · heapdiff verify", word(verification.outcome));
    page(&title, &[head(verification), leaks(verification)])
}

fn head(verification: &Verification) -> Markup {
    let class = match verification.outcome {
        Outcome::NewLeak | Outcome::StillLeaks => "leak",
        Outcome::NotJudged => "odd",
        Outcome::Fixed => "calm",
    };
    markup! {
        header class=(class) {
            p.kicker { "heapdiff verify" }
            h1 { (word(verification.outcome)) }
            ul.reasons { li { (capital(&conclusion(verification))) } }
            p.small { "Old: " (side(&verification.old, str::to_owned)) }
            p.small { "New: " (side(&verification.new, str::to_owned)) }
        }
    }
}

fn leaks(verification: &Verification) -> Markup {
    markup! {
        @if !verification.leaks.is_empty() {
            section #leaks {
                h2 { "Leaks" }
                div.scroll tabindex="0" role="region" aria-label="Leaks" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Container" } th scope="col" { "" }
                                th.n scope="col" { "Grows by" } th.n scope="col" { "Retained" }
                            }
                        }
                        tbody { @for change in &verification.leaks { (row(change)) } }
                    }
                }
            }
        }
    }
}

fn row(change: &LeakChange) -> Markup {
    let (class, mark) = match change.outcome {
        Outcome::NewLeak | Outcome::StillLeaks => ("broken", "✗"),
        Outcome::NotJudged => ("broken", "?"),
        Outcome::Fixed => ("kept", "✓"),
    };
    markup! {
        tr class=(class) {
            th scope="row" {
                @if let Some(kind) = &change.kind { (kind) " " }
                (name(&change.path))
                @if let Some(note) = &change.note { div.small { (note) } }
            }
            td.mark { span aria-hidden="true" { (mark) " " } (change.outcome.word()) }
            td.n { (growth(change)) }
            td.n { (retained(change)) }
        }
    }
}
