//! What the actions of a flow need, beside what the run showed that its token and its user have.

use indexmap::IndexMap;
use maud::Markup;
use maud::html;

use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::hosts::bot::NodeNeeds;
use crate::package::ActionCard;
use crate::package::FlowNeeds;
use crate::report::amounts::count;
use crate::report::page_view::PageView;
use crate::report::run_record::ActionRecord;

/// An action of the flow: its needs with all options that the flow selects, and its nodes
struct Row {
    card: &'static ActionCard,
    needs: Vec<Needs>,
    nodes: Vec<String>,
}

/// Returns a table of the needs, one row for each action
pub(super) fn needs_table(view: &PageView<'_>, needs: &[NodeNeeds], actions: &[&ActionRecord]) -> Markup {
    let mut rows: IndexMap<&str, Row> = IndexMap::new();
    for node in needs {
        let row = || Row { card: node.card, needs: Vec::new(), nodes: Vec::new() };
        let row = rows.entry(node.card.name.as_str()).or_insert_with(row);
        if !row.needs.contains(&node.needs) {
            row.needs.push(node.needs);
        }
        row.nodes.push(format!("{} {}", node.bot, node.place.line));
    }
    let all: Vec<Needs> = needs.iter().map(|node| node.needs).collect();
    let scopes: Vec<&str> = FlowNeeds::of(&all).scopes.iter().map(|scope| scope.label()).collect();
    html! {
        @if rows.is_empty() {
            p class="soft" { "The flow calls no action." }
        } @else {
            table class="needs" {
                thead { tr { th { "Action" } th { "Permission" } th { "Token scope" } th { "In this run" } } }
                tbody {
                    @for row in rows.values() {
                        tr {
                            td data-head="Action" {
                                (row.card.label)
                                div class="facts" { (view.shown(&row.nodes.join(", "))) }
                            }
                            td data-head="Permission" { (permissions(row)) }
                            td data-head="Token scope" { (scope(row)) }
                            td data-head="In this run" { (had(row, actions)) }
                        }
                    }
                }
            }
            @if !scopes.is_empty() {
                p class="soft" { "A token for all of these actions has: " (scopes.join("; ")) "." }
            }
        }
    }
}

fn permissions(row: &Row) -> String {
    let all = row.needs.iter().flat_map(|needs| needs.permissions).map(ToString::to_string);
    let different: indexmap::IndexSet<String> = all.collect();
    different.into_iter().collect::<Vec<_>>().join(", ")
}

fn scope(row: &Row) -> String {
    let all = row.needs.iter().filter_map(|needs| needs.scope).map(Scope::label);
    let different: indexmap::IndexSet<&str> = all.collect();
    different.into_iter().collect::<Vec<_>>().join(", ")
}

/// What the calls of an action showed
fn had(row: &Row, actions: &[&ActionRecord]) -> Markup {
    let calls: Vec<&&ActionRecord> =
        actions.iter().filter(|action| action.card.name == row.card.name).collect();
    let worked = calls.iter().filter(|call| call.problem.is_none() && call.end.is_some()).count();
    let failed_with = |code: ErrorCode| {
        let is_one =
            |call: &&&ActionRecord| call.problem.as_ref().is_some_and(|one| one.code == code.as_str());
        calls.iter().any(is_one)
    };
    html! {
        @if failed_with(ErrorCode::AuthScopeMissing) {
            span class="bad" { "The token lacks the scope" }
        } @else if failed_with(ErrorCode::PermissionDenied) {
            span class="bad" { "The user lacks the permission" }
        } @else if worked > 0 {
            span class="good" { "Enough" } ": worked " (count(worked as u64, "time"))
        } @else if calls.is_empty() {
            span class="soft" { "Not called" }
        } @else {
            span class="warn" { "Not shown" } ": failed for another reason"
        }
    }
}
