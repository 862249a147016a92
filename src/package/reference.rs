//! The reference pages: `docs/actions.md` and `docs/errors.md`.

use crate::actions::LostResponse;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::OutputField;
use crate::package::Returns;
use crate::package::actions;

const GENERATED: &str =
    "<!-- Generated from the actions' own declarations. Do not edit; see CONTRIBUTING.md. -->\n";

/// Returns the page of all actions with their fields, needs, errors, outputs and examples
pub(super) fn actions_page() -> String {
    let mut page = format!("# Actions\n\n{GENERATED}\n");
    page += "Every host has its own spelling of these names: `createRepository` in the manifest, bot files and JSON,\n";
    page += "`create-repository` on the command line. Every action except Connect needs a session.\n\n";
    for card in actions() {
        page += &format!("- [{}](#{}): {}\n", card.label, card.words.replace(' ', "-"), card.summary);
    }
    for card in actions() {
        page += &action(card);
    }
    page
}

fn needs(needs: &Needs) -> String {
    let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
    match (permissions.as_slice(), needs.scope) {
        ([], None) => "no permission or token scope".to_owned(),
        (_, scope) => format!(
            "permission {} · token scope {}",
            if permissions.is_empty() { "none".to_owned() } else { permissions.join(", ") },
            scope.map_or("any", Scope::label)
        ),
    }
}

fn action(card: &ActionCard) -> String {
    let mut text = format!("\n## {}\n\n{}.\n", card.label, card.summary);
    if !card.details.is_empty() {
        text += &format!("\n{}\n", card.details);
    }
    text += &format!("\n`{}` · {} · {}\n", card.name, card.effect.as_str(), needs(&card.needs));
    for one in card.choices {
        text += &format!("\nWith `{}` `{}`: {}\n", one.field, one.choice, needs(&one.needs));
    }
    text += "\n| Field | Name | Type | Default | Description |\n|---|---|---|---|---|\n";
    for attribute in &card.attributes {
        text += &row(attribute);
    }
    text += &match &card.returns {
        Returns::Session => {
            "\nReturns a session: Local (default, named `Default`), Global, or in a variable. It also returns:\n"
                .to_owned()
        }
        Returns::Dictionary => "\nReturns:\n".to_owned(),
        Returns::List(name) => format!("\nReturns a list, `{name}`:\n"),
    };
    text += &outputs(&card.outputs);
    if card.lost_response != LostResponse::NotApplicable {
        let (how, by) = (card.lost_response.as_str(), card.lost_response.by());
        text +=
            &format!("\nProof of the outcome when the response is lost: [{how}](lost-responses.md): {by}.\n");
    }
    if !card.errors.is_empty() {
        let codes: Vec<String> = card.errors.iter().map(|code| format!("`{code}`")).collect();
        text += &format!("\nErrors that a flow may branch on: {}.\n", codes.join(", "));
    }
    for example in card.examples() {
        text += &format!("\n{}:\n\n```json\n{:#}\n```\n", example.title, example.inputs);
    }
    text
}

/// Returns a table of outputs, and one for the entries of each list in it
fn outputs(all: &[OutputField]) -> String {
    let mut text = "\n| Output | Type | Description |\n|---|---|---|\n".to_owned();
    for output in all {
        let kind = output.kind.as_str();
        let empty = if output.may_be_empty { ", may be empty" } else { "" };
        text += &format!("| `{}` | {kind}{empty} | {} |\n", output.name, output.description);
    }
    for output in all.iter().filter(|output| !output.parts.is_empty()) {
        text += &format!("\nEach of `{}` has:\n{}", output.name, outputs(&output.parts));
    }
    text
}

fn row(attribute: &Attribute) -> String {
    let default = match &attribute.default {
        Some(default) => {
            format!("`{}`", serde_json::to_string(default).unwrap_or_default().trim_matches('"'))
        }
        None => attribute.requirement(),
    };
    let options: Vec<String> =
        attribute.options.iter().map(|option| format!("`{}` {}", option.value, option.label)).collect();
    let choices = if options.is_empty() { String::new() } else { format!(": {}", options.join("; ")) };
    format!(
        "| {} | `{}` | {} | {default} | {}{choices} |\n",
        attribute.label,
        attribute.name,
        attribute.kind.as_str(),
        attribute.description
    )
}

/// Returns a Markdown table of how each change is settled when its response is lost
pub fn lost_responses_table() -> String {
    let mut table = "| Action | Settled | By |\n|---|---|---|\n".to_owned();
    for card in actions().iter().filter(|card| card.lost_response != LostResponse::NotApplicable) {
        let link = format!("[{}](actions.md#{})", card.label, card.words.replace(' ', "-"));
        table += &format!("| {link} | {} | {} |\n", card.lost_response.as_str(), card.lost_response.by());
    }
    table
}

/// Returns the page of all error codes with their meaning and advice
pub(super) fn errors_page() -> String {
    let mut page = format!("# Errors\n\n{GENERATED}\n");
    page += "An error has a code, a message that names what it is about, a help with the next step, and a context for\n";
    page += "support (`activityId`, `status`, `field`, `retryAfterSeconds`). In a flow's error handler, the message begins\n";
    page += "with the code. Codes are stable; a flow may branch on them. On an Azure DevOps Server, the messages and helps say\n";
    page += "*collection* where this page says *organization*.\n\n";
    page += "| Code | Meaning | What to do |\n|---|---|---|\n";
    for code in ErrorCode::ALL {
        page += &format!("| `{code}` | {} | {} |\n", code.meaning(), code.advice());
    }
    page
}
