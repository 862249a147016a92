//! A chain of tests, joined with AND and OR.

use std::time::Duration;

use tokio::time::Instant;

use crate::contract::Error;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::condition::table::CONDITION_TYPES;
use crate::hosts::bot::nodes::condition::test::Test;
use crate::hosts::bot::run::Frame;

/// How often a condition that is waited for is tested
const INTERVAL: Duration = Duration::from_millis(100);

/// A chain of tests; AND and OR have the same precedence and are evaluated from left to right
#[derive(Debug)]
pub(crate) struct Condition {
    first: Box<dyn Test>,
    rest: Vec<(Join, Box<dyn Test>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

/// Reads all conditions of a node
pub(crate) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Condition> {
    if raw.attributes.iter().any(|attribute| !matches!(attribute.group_attribute.as_str(), "" | "false")) {
        return checker.unsupported("this host does not support groups of conditions");
    }
    let conditions: Vec<&RawAttribute> =
        raw.attributes.iter().filter(|attribute| attribute.value.kind == "CONDITIONAL").collect();
    checker.outputs.set_in_condition(true);
    let tests: Vec<Option<Box<dyn Test>>> =
        conditions.iter().map(|attribute| test(checker, attribute)).collect();
    checker.outputs.set_in_condition(false);
    let joins = joins(checker, raw, tests.len());
    let mut tests = tests.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
    let Some(first) = tests.next() else { return checker.invalid("condition", "is missing") };
    Some(Condition { first, rest: joins?.into_iter().zip(tests).collect() })
}

/// Reads the operators between the conditions
///
/// They are members of the conditions or of separate attributes; some files have one at the first
/// condition as well, which is ignored.
fn joins(checker: &mut Checker<'_>, raw: &RawNode, conditions: usize) -> Option<Vec<Join>> {
    let joining =
        |attribute: &&RawAttribute| attribute.value.kind == "CONDITIONAL" || !attribute.value.is_given();
    let words: Vec<&str> = raw
        .attributes
        .iter()
        .filter(joining)
        .map(|attribute| attribute.operator.as_str())
        .filter(|word| !word.is_empty())
        .collect();
    let needed = conditions.saturating_sub(1);
    let surplus = words.len().saturating_sub(needed);
    if words.len() < needed || surplus > 1 {
        return checker.invalid("condition", "needs AND or OR between each two conditions");
    }
    let joined: Option<Vec<Join>> = words[surplus..]
        .iter()
        .map(|word| match *word {
            "AND" => Some(Join::And),
            "OR" => Some(Join::Or),
            _ => None,
        })
        .collect();
    joined.or_else(|| checker.invalid("condition", "needs AND or OR between each two conditions"))
}

fn test(checker: &mut Checker<'_>, raw: &RawAttribute) -> Option<Box<dyn Test>> {
    let (package, name) = (raw.value.package_name.as_str(), raw.value.conditional_name.as_str());
    match CONDITION_TYPES.iter().find(|kind| kind.package == package && kind.names.contains(&name)) {
        Some(kind) => (kind.read)(checker, raw),
        None => {
            let hint = did_you_mean(nearest(name, CONDITION_TYPES.iter().map(|kind| kind.names[0])));
            checker.unsupported(format!(
                "this host supports only conditions on texts, numbers, booleans and dates, and on whether a file or \
                 folder exists{hint}"
            ))
        }
    }
}

/// Evaluates a condition, and waits for it as long as its tests ask for
///
/// Errors: those of its tests.
pub(crate) async fn holds(condition: &Condition, frame: &Frame<'_>) -> Result<bool, Error> {
    if holds_now(condition, frame)? {
        return Ok(true);
    }
    let mut patience = Duration::ZERO;
    for test in condition.tests() {
        patience = patience.max(test.patience(frame)?);
    }
    match patience {
        Duration::ZERO => Ok(false),
        patience => holds_within(condition, patience, frame).await,
    }
}

/// Waits until a condition holds, and returns `false` if it does not within the time
///
/// Errors: those of its tests.
pub(crate) async fn holds_within(
    condition: &Condition,
    time: Duration,
    frame: &Frame<'_>,
) -> Result<bool, Error> {
    let end = Instant::now().checked_add(time);
    loop {
        if holds_now(condition, frame)? {
            return Ok(true);
        }
        if !frame.delays() || end.is_some_and(|end| Instant::now() >= end) {
            return Ok(false);
        }
        frame.pause(INTERVAL.min(time)).await;
    }
}

/// Evaluates a condition; every test is evaluated, so that an error shows on the first run
fn holds_now(condition: &Condition, frame: &Frame<'_>) -> Result<bool, Error> {
    let mut result = condition.first.passes(frame)?;
    for (join, test) in &condition.rest {
        let passed = test.passes(frame)?;
        result = match join {
            Join::And => result && passed,
            Join::Or => result || passed,
        };
    }
    Ok(result)
}

impl Condition {
    fn tests(&self) -> impl Iterator<Item = &dyn Test> {
        std::iter::once(&*self.first).chain(self.rest.iter().map(|(_, test)| &**test))
    }
}
