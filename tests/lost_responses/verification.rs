//! Verifies what calls reported against what the proxy recorded.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use azdo_bot::actions::LostResponse;
use serde_json::Value;

use crate::cases::Case;
use crate::processes::Report;
use crate::processes::plain;
use crate::proxy::Sent;
use crate::schedule::Ended;
use crate::schedule::Order;
use crate::schedule::Place;
use crate::schedule::Schedule;

/// The warning of a success that was proven by content
const BY_CONTENT: &str = "service.settled_by_content";

/// An upload is not visible until it is attached to a work item, so sending it twice has no effect
const UPLOAD: &str = "/wit/attachments?";

/// The outcomes of calls with an interrupted change
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) schedules: usize,
    /// It was carried out, and the call reported success
    pub(crate) found: usize,
    /// The same, with the warning
    pub(crate) by_content: usize,
    /// It was carried out, and the call reported an unknown outcome
    pub(crate) unknown: usize,
    /// The call reported that it was not carried out
    pub(crate) failed: usize,
}

/// One of the calls
struct Verified {
    success: bool,
    warned: bool,
    /// Returns whether it sent no change at all
    idle: bool,
    /// Returns whether it sent changes and all were carried out
    carried_out: bool,
    /// The resource in its outputs
    named: Option<String>,
    /// The resource in the service's response
    own: Option<String>,
}

impl Verified {
    /// Returns whether no request is sent since the state exists already; such a success names no resource of its own
    fn found_nothing_to_do(&self, case: &Case) -> bool {
        let is_state = matches!(case.settled, LostResponse::ByState(_));
        self.idle && (is_state || case.own.is_some() && self.named.is_none())
    }
}

fn verified(case: &Case, report: &Report, sent: &[&Sent]) -> Verified {
    let same = |one: &Sent, other: &Sent| one.what() == other.what();
    let arrived = |one: &&Sent| sent.iter().any(|other| same(one, other) && other.carried_out());
    let carried_out = !sent.is_empty() && sent.iter().all(arrived);
    let own = case.own.as_ref();
    let answer = sent.last().and_then(|one| one.answer.as_ref());
    Verified {
        success: report.outputs.is_some(),
        warned: report.warnings.iter().any(|code| code == BY_CONTENT),
        idle: sent.is_empty(),
        carried_out,
        named: own.and_then(|[output, _]| report.output(output)),
        own: own.and_then(|[_, pointer]| plain(answer?.1.pointer(pointer)?)).filter(|_| carried_out),
    }
}

/// Returns the errors in the outcomes of a schedule's calls
///
/// `seen`: whether the service shows new resources at once.
pub(crate) fn faults(
    case: &Case,
    schedule: &Schedule,
    ended: &Ended,
    seen: bool,
    counts: &mut Counts,
) -> Vec<String> {
    let mut faults = Vec::new();
    if ended.sent.iter().any(|sent| sent.caller == usize::MAX) {
        faults.push("a change belongs to neither call".to_owned());
    }
    let mut calls = Vec::new();
    for (caller, report) in ended.reports.iter().enumerate() {
        let sent: Vec<&Sent> = ended.sent.iter().filter(|sent| sent.caller == caller).collect();
        let mut arrived = BTreeMap::<_, usize>::new();
        for one in sent.iter().filter(|one| one.carried_out() && !one.target.contains(UPLOAD)) {
            *arrived.entry(one.what()).or_default() += 1;
        }
        if let Some(((method, target, _), times)) = arrived.iter().find(|(_, times)| **times > 1) {
            faults.push(format!("doubled: {method} {target} arrived {times} times"));
        }
        calls.push(verified(case, report, &sent));
    }
    counts.schedules += 1;
    match (calls[0].success, calls[0].carried_out) {
        (true, true) if calls[0].warned => counts.by_content += 1,
        (true, true) => counts.found += 1,
        (false, true) => counts.unknown += 1,
        _ => counts.failed += 1,
    }
    let state = matches!(case.settled, LostResponse::ByState(_));
    let marked = matches!(case.settled, LostResponse::Marked(_));
    if marked && seen && calls[0].carried_out && !calls[0].success {
        faults.push(format!("it has a mark and was not found: {}", ended.reports[0].error));
    }
    // Different inputs may lead to the same request, such as the current revision of a work item.
    let asked_for = |caller| {
        ended.sent.iter().filter(|one| one.caller == caller).map(Sent::what).collect::<BTreeSet<_>>()
    };
    let same = !ended.sent.is_empty() && asked_for(0) == asked_for(1);
    let equal = schedule.order != Order::Alone && (schedule.differs.is_none() || same);
    for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.success) {
        let other = calls.get(1 - at);
        let who = if at == 0 { "the call" } else { "the rival" };
        if marked && call.warned {
            faults.push(format!("{who} has a mark and was found by its content"));
        }
        if call.found_nothing_to_do(case) {
            continue;
        }
        if schedule.has_one_key() && call.idle {
            // It made no request, and returns what the other call with the key made.
            let others = other.and_then(|other| other.own.as_ref());
            if call.named.is_none() || call.named.as_ref() != others {
                faults.push(format!(
                    "{who} names {:?}, and the other call with the key made {others:?}",
                    call.named
                ));
            }
            continue;
        }
        if call.carried_out {
            let others = equal && call.warned && other.is_some_and(|other| other.own == call.named);
            if call.own.is_some() && call.named != call.own && !others {
                faults.push(format!("{who} made {:?} and names {:?}", call.own, call.named));
            }
            continue;
        }
        let by_other = other.is_some_and(|other| other.carried_out);
        let inputs_of = |caller: usize| &schedule.inputs[caller];
        let covered = schedule.order != Order::Alone
            && inputs_of(at)
                .iter()
                .all(|(name, value)| inputs_of(1 - at).get(name).is_some_and(|other| includes(other, value)));
        let allowed = match (state, equal) {
            (true, _) => by_other && covered,
            // Within a process, only the number of successes matters.
            (false, true) if marked => false,
            (false, true) if schedule.place != Place::OtherProcess => by_other,
            (false, true) => by_other && call.warned,
            (false, false) => false,
        };
        if !allowed {
            faults.push(format!("{who} says that it worked, and its change did not get through"));
        }
    }
    if equal && !state && schedule.place != Place::OtherProcess {
        let successes: Vec<_> = calls
            .iter()
            .filter(|call| call.success && !call.found_nothing_to_do(case))
            .filter(|call| !(call.idle && schedule.has_one_key()))
            .collect();
        let made = calls.iter().filter(|call| call.carried_out).count();
        if successes.len() > made {
            faults.push(format!("{} successes, and {made} were made", successes.len()));
        }
        for one in successes.iter().filter_map(|call| call.named.as_ref()) {
            let times = successes.iter().filter(|call| call.named.as_ref() == Some(one)).count();
            let made = calls.iter().filter(|call| call.own.as_ref() == Some(one)).count();
            if times > made {
                faults.push(format!("{times} successes name {one}, which was made {made} times"));
            }
        }
    }
    faults
}

/// Returns whether a state with this value of an input is also the state with the other: a list includes its parts
fn includes(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Array(all), Value::Array(some)) => some.iter().all(|one| all.contains(one)),
        _ => value == part,
    }
}
