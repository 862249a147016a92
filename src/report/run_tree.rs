//! The tree of a run: bots and their actions in the order of time, each with its bar.

use std::time::Duration;

use maud::Markup;
use maud::html;

use crate::hosts::bot::Location;
use crate::report::amounts::count;
use crate::report::amounts::duration;
use crate::report::page::link;
use crate::report::page::text_with_code;
use crate::report::page_view::PageView;
use crate::report::run_record::ActionRecord;
use crate::report::run_record::BotRecord;
use crate::report::run_record::Item;
use crate::report::run_record::Note;
use crate::report::run_record::NoteKind;
use crate::report::run_record::Problem;

/// The shortest time without an action that is shown
const SHORTEST_GAP: Duration = Duration::from_secs(1);

/// Returns the tree of a run
pub(super) fn tree(view: &PageView<'_>, root: &BotRecord) -> Markup {
    html! { ol class="tree" { (bot(view, root, true)) } }
}

/// Returns an error with its help and its place
pub(super) fn problem_box(view: &PageView<'_>, problem: &Problem, place: &Location) -> Markup {
    html! {
        div class="problem" {
            p class="message" { (view.shown(&problem.message)) }
            p class="help" { (text_with_code(&view.shown(&problem.help))) }
            p class="facts" { "At " (view.shown(&place.to_string())) " · " span class="code" { (problem.code) } }
        }
    }
}

/// A bot is open if it is the root, or if the run failed in it
fn bot(view: &PageView<'_>, bot: &BotRecord, is_root: bool) -> Markup {
    let failed = fails_in(view, bot);
    let end = bot.end.unwrap_or(view.total);
    let class = if failed { "bot failed" } else { "bot" };
    let times = duration(end.saturating_sub(bot.start));
    let from = bot.place.as_ref().map(|place| format!(" · run at line {}", place.line)).unwrap_or_default();
    html! {
        li class=(class) {
            details open[is_root || failed] {
                summary {
                    "Bot " b { (view.shown(&bot.name)) }
                    span class="facts" { " " (times) (from) @if bot.end.is_none() { " · stopped" } }
                }
                ol { (items(view, bot)) }
                @if !is_root && !bot.closed.is_empty() {
                    p class="facts" { "Closed at its end: " (view.shown(&bot.closed.join(", "))) }
                }
            }
        }
    }
}

fn items(view: &PageView<'_>, of: &BotRecord) -> Markup {
    let mut until = of.start;
    let mut rows = Vec::new();
    for item in &of.items {
        rows.push(gap(view, until, item.start()));
        rows.push(match item {
            Item::Bot(child) => bot(view, child, false),
            Item::Action(one) => action(view, one),
            Item::Note(one) => note(view, one),
        });
        until = until.max(item.end());
    }
    rows.push(gap(view, until, of.end.unwrap_or(until)));
    html! { @for row in rows { (row) } }
}

/// Time in which no action runs: the flow pauses, waits for a condition, or computes
fn gap(view: &PageView<'_>, from: Duration, to: Duration) -> Markup {
    let time = to.saturating_sub(from);
    html! {
        @if time >= SHORTEST_GAP {
            li class="gap" {
                div class="row" {
                    div class="facts" { "No action for " (duration(time)) }
                    div class="track" { (bar(view, from, to, "idle")) }
                }
            }
        }
    }
}

fn action(view: &PageView<'_>, action: &ActionRecord) -> Markup {
    let end = action.end.unwrap_or(view.total);
    let waits_from = action.waits_from.unwrap_or(end);
    let class = if action.problem.is_some() { "action failed" } else { "action" };
    html! {
        li class=(class) {
            div class="row" {
                div {
                    (action.card.label) @if !action.what.is_empty() { " " b { (view.shown(&action.what)) } }
                    " " (outcome(action))
                    div class="facts" { (facts(view, action, end)) }
                }
                div class="track" {
                    (bar(view, action.start, waits_from, "work"))
                    @if action.waits_from.is_some() { (bar(view, waits_from, end, "wait")) }
                }
            }
            @if let Some(problem) = &action.problem {
                @if view.ends_at(action) {
                    (problem_box(view, problem, &action.place))
                } @else {
                    details { summary class="facts" { "The error" } (problem_box(view, problem, &action.place)) }
                }
            }
        }
    }
}

fn outcome(action: &ActionRecord) -> Markup {
    html! {
        @match (&action.problem, action.end) {
            (Some(problem), _) => span class="bad" { "failed: " (problem.code) },
            (None, Some(_)) => span class="good" { "done" },
            (None, None) => span class="warn" { "not finished" },
        }
    }
}

/// The session, the requests, the times and the place of an action
fn facts(view: &PageView<'_>, action: &ActionRecord, end: Duration) -> Markup {
    let mut facts = Vec::new();
    // An action that opens or closes a session works on it.
    if !action.session.is_empty() && action.session != action.what {
        facts.push(view.shown(&action.session));
    }
    facts.push(count(action.requests, "request"));
    facts.push(duration(end.saturating_sub(action.start)));
    if let Some(from) = action.waits_from {
        let waited = duration(end.saturating_sub(from));
        facts.push(format!("waited {waited}: {}", view.shown(&action.progress)));
    }
    facts.push(format!("line {}", action.place.line));
    html! {
        (facts.join(" · "))
        @if let Some(address) = &action.link { " · " (link(&view.shown(address), "open in Azure DevOps")) }
    }
}

fn note(view: &PageView<'_>, note: &Note) -> Markup {
    let (class, word) = match note.kind {
        NoteKind::Caught => ("note warn", "The flow caught "),
        NoteKind::Message => ("note", "Message: "),
        NoteKind::Logged => ("note", "Wrote to the file "),
        NoteKind::Warning => ("note warn", "Warning: "),
    };
    html! {
        li class=(class) {
            (word) (view.shown(&note.text))
            span class="facts" { " · after " (duration(note.at)) " · line " (note.place.line) }
        }
    }
}

/// A part of the time of the run
fn bar(view: &PageView<'_>, from: Duration, to: Duration, class: &str) -> Markup {
    let whole = view.total.as_secs_f64().max(f64::MIN_POSITIVE);
    let percent = |time: Duration| (100.0 * time.as_secs_f64() / whole).clamp(0.0, 100.0);
    let (left, width) = (percent(from), percent(to.saturating_sub(from)));
    // A short bar at the end is inside its track, where it can be seen.
    html! { i class=(class) style=(format!("left:min({left:.2}%,100% - 2px);width:{width:.2}%")) {} }
}

/// Returns whether the run failed in a bot or in one of its child bots
fn fails_in(view: &PageView<'_>, bot: &BotRecord) -> bool {
    let Some(fault) = view.fault else { return false };
    bot.items.iter().any(|item| match item {
        Item::Bot(child) => fails_in(view, child),
        Item::Action(action) => action.place.file == fault.place.file,
        Item::Note(note) => note.place.file == fault.place.file,
    })
}
