//! The page of a run: its result, what happened in the order of time, its sessions, and its needs.

use std::path::Path;
use std::time::Duration;

use maud::Markup;
use maud::html;

use crate::contract::Dictionary;
use crate::contract::Masker;
use crate::contract::Value;
use crate::contract::local_now;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::Fault;
use crate::hosts::bot::NodeNeeds;
use crate::hosts::bot::Summary;
use crate::report::amounts::count;
use crate::report::amounts::duration;
use crate::report::amounts::moment;
use crate::report::page::link;
use crate::report::page::page;
use crate::report::page_view::PageView;
use crate::report::run_needs::needs_table;
use crate::report::run_record::ActionRecord;
use crate::report::run_record::BotRecord;
use crate::report::run_recorder::Recorded;
use crate::report::run_recorder::RunRecorder;
use crate::report::run_recorder::problem;
use crate::report::run_tree::problem_box;
use crate::report::run_tree::tree;

/// The longest output that is shown, in characters
const MAX_OUTPUT: usize = 2000;

/// What the report of a run is about
pub(crate) struct RunReport {
    /// The bot file, as the command line names it
    file: String,
    /// The start of the run
    started: jiff::Zoned,
    /// The needs of the flow
    needs: Vec<NodeNeeds>,
}

impl RunReport {
    /// Creates the report of a run that begins now; takes the needs of the flow from its analysis
    pub(crate) fn of(file: &Path, analysis: &mut Analysis) -> Self {
        let needs = std::mem::take(&mut analysis.needs);
        RunReport { file: file.display().to_string(), started: local_now(), needs }
    }

    /// Returns the page of a flow that cannot run
    pub(crate) fn page_of_faults(&self, faults: &[Fault]) -> String {
        let masker = Masker::default();
        let view = PageView { fault: None, total: Duration::ZERO, masker: &masker };
        let file = view.shown(&self.file);
        let body = html! {
            main {
                h1 { "Run of " (file) }
                p class="verdict bad" { "Not started: " (count(faults.len() as u64, "error")) }
                p class="soft" { (moment(&self.started)) }
                section class="failure" aria-label="Why the flow cannot run" {
                    @for fault in faults { (problem_box(&view, &problem(&fault.error), &fault.place)) }
                }
                h2 { "What the flow needs" }
                (needs_table(&view, &self.needs, &[]))
            }
        };
        page(&format!("{file} cannot run"), &body)
    }

    /// Returns the page of a run that has ended
    pub(crate) fn page(&self, recorder: RunRecorder, summary: &Summary) -> String {
        let recorded = recorder.end();
        let fault = summary.result.as_ref().err();
        let view = PageView { fault, total: recorded.total, masker: &summary.masker };
        let name = view.shown(&recorded.root.name);
        let actions = recorded.root.actions();
        let body = html! {
            main {
                (self.head(&view, &name, summary))
                @if let Some(fault) = fault { (failure(&view, fault)) }
                @if let Ok(outputs) = &summary.result { (outputs_table(&view, outputs)) }
                h2 { "What happened" }
                (legend())
                (tree(&view, &recorded.root))
                (left_out(&recorded))
                (sessions(&view, &actions, &recorded.root))
                h2 { "What the flow needs, and what it had" }
                (needs_table(&view, &self.needs, &actions))
            }
        };
        page(&format!("Run of {name}"), &body)
    }

    fn head(&self, view: &PageView<'_>, name: &str, summary: &Summary) -> Markup {
        let (class, verdict) = match summary.result {
            Ok(_) => ("verdict good", "Succeeded"),
            Err(_) => ("verdict bad", "Failed"),
        };
        let facts = [
            duration(view.total),
            count(summary.actions, "action"),
            count(summary.requests, "request"),
            count(summary.sessions_opened as u64, "session"),
        ];
        html! {
            h1 { "Run of " (name) }
            p class=(class) { (verdict) }
            p class="soft" {
                (moment(&self.started)) " · " (facts.join(" · "))
            }
            p class="soft" { span class="code" { (view.shown(&self.file)) } " · bot run " span class="code" { (summary.bot_run.as_str()) } }
        }
    }
}

fn failure(view: &PageView<'_>, fault: &Fault) -> Markup {
    html! {
        section class="failure" aria-label="Why the run failed" {
            (problem_box(view, &problem(&fault.error), &fault.place))
        }
    }
}

fn outputs_table(view: &PageView<'_>, outputs: &Dictionary) -> Markup {
    let text = |value: &Value| match value {
        Value::Text(text) => view.masker.mask(text).excerpt(MAX_OUTPUT),
        other => {
            let json = serde_json::to_string(other).unwrap_or_default();
            view.masker.mask(&json).excerpt(MAX_OUTPUT)
        }
    };
    html! {
        @if !outputs.is_empty() {
            h2 { "Outputs" }
            table class="outputs" {
                thead { tr { th { "Output" } th { "Value" } } }
                tbody {
                    @for (name, value) in outputs {
                        tr { td data-head="Output" { (view.shown(name)) } td data-head="Value" { (text(value)) } }
                    }
                }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        p class="soft legend" {
            "The bars share one scale of time:"
            @for (class, meaning) in
                [("work", "the action works"), ("wait", "it waits for the service"), ("idle", "no action runs")]
            {
                " " span class="entry" { span class={ "key " (class) } {} (meaning) }
            }
        }
    }
}

fn left_out(recorded: &Recorded) -> Markup {
    html! {
        @if recorded.left_out > 0 {
            p class="soft" { (count(recorded.left_out, "more event")) " are not in this report; none of them failed." }
        }
    }
}

/// The sessions that the flow opened, each with its user
fn sessions(view: &PageView<'_>, actions: &[&ActionRecord], root: &BotRecord) -> Markup {
    let opened = actions.iter().filter_map(|action| Some((action, action.connection.as_ref()?)));
    html! {
        @if actions.iter().any(|action| action.connection.is_some()) {
            h2 { "Sessions" }
            table class="sessions" {
                thead { tr { th { "Session" } th { "Signed in as" } th { "Project" } th { "Opened at" } } }
                tbody {
                    @for (action, connection) in opened {
                        tr {
                            td data-head="Session" { (view.shown(&action.session)) }
                            td data-head="Signed in as" { (view.shown(&connection.user)) }
                            td data-head="Project" {
                                (link(&view.shown(&connection.organization), &view.shown(&connection.project)))
                            }
                            td data-head="Opened at" { (view.shown(&action.place.to_string())) }
                        }
                    }
                }
            }
            @if !root.closed.is_empty() {
                p class="soft" { "Closed at the end: " (view.shown(&root.closed.join(", "))) }
            }
        }
    }
}

#[cfg(test)]
#[path = "run_page_tests.rs"]
mod tests;
