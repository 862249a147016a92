//! The outcomes as text and as a JSON document.

use std::io;
use std::io::Write;

use serde_json::json;

use crate::cli::commands::test::outcome::TestOutcome;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::contract::mask_tokens;

/// Writes a line for each test, and below it what was not as expected
pub(super) fn write(out: &mut impl Write, outcomes: &[TestOutcome], look: &Look) -> io::Result<()> {
    for outcome in outcomes {
        let (tone, word) = if outcome.passed() { (Tone::Good, "ok    ") } else { (Tone::Bad, "FAILED") };
        let line = format!("{}  {}: {}", look.paint(tone, word), outcome.file, outcome.name);
        writeln!(out, "{}", look.wrap(&line, "        "))?;
        for failure in &outcome.failures {
            let line = format!("        {}", mask_tokens(failure.clone()));
            writeln!(out, "{}", look.wrap(&line, "          "))?;
        }
    }
    let tone = if outcomes.iter().all(TestOutcome::passed) { Tone::Good } else { Tone::Bad };
    writeln!(out, "{}", look.paint(tone, &summary(outcomes)))
}

/// `2 tests passed.`, `1 of 3 tests failed.`
fn summary(outcomes: &[TestOutcome]) -> String {
    let all = outcomes.len();
    let plural = if all == 1 { "" } else { "s" };
    match outcomes.iter().filter(|outcome| !outcome.passed()).count() {
        0 => format!("{all} test{plural} passed."),
        failed => format!("{failed} of {all} test{plural} failed."),
    }
}

/// Returns the outcomes as a JSON document
pub(super) fn document(outcomes: &[TestOutcome]) -> serde_json::Value {
    let tests: Vec<serde_json::Value> = (outcomes.iter())
        .map(|outcome| {
            let failures: Vec<String> = outcome.failures.iter().cloned().map(mask_tokens).collect();
            json!({ "file": outcome.file, "name": outcome.name, "passed": outcome.passed(), "failures": failures })
        })
        .collect();
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    json!({ "tests": tests, "passed": outcomes.len() - failed, "failed": failed })
}
