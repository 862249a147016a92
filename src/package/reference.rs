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

/// Every action with its fields, needs, errors, answers and examples
pub(super) fn actions_page() -> String {
    let mut page = format!("# Actions\n\n{GENERATED}\n");
    page += "Every host spells these names its own way: `createRepository` in the manifest, bot files and JSON,\n";
    page += "`create-repository` on the command line. Every action but Connect works through a session.\n\n";
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
        ([], None) => "needs nothing of the service".to_owned(),
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
    text += "\n| Field | Name | Type | Default | What it is |\n|---|---|---|---|---|\n";
    for attribute in &card.attributes {
        text += &row(attribute);
    }
    text += &match &card.returns {
        Returns::Session => {
            "\nReturns a session: Local (default, named `Default`), Global, or in a variable. Beside it:\n"
                .to_owned()
        }
        Returns::Dictionary => "\nReturns:\n".to_owned(),
        Returns::List(name) => format!("\nReturns a list, `{name}`:\n"),
    };
    text += &outputs(&card.outputs);
    if card.lost_response != LostResponse::NotApplicable {
        let (how, by) = (card.lost_response.as_str(), card.lost_response.by());
        text += &format!(
            "\nWhen its response is lost, its outcome is found out [{how}](lost-answers.md): {by}.\n"
        );
    }
    if !card.errors.is_empty() {
        let codes: Vec<String> = card.errors.iter().map(|code| format!("`{code}`")).collect();
        text += &format!("\nErrors a flow may branch on: {}.\n", codes.join(", "));
    }
    for example in card.examples() {
        text += &format!("\n{}:\n\n```json\n{:#}\n```\n", example.title, example.inputs);
    }
    text
}

/// A table of outputs, and one for the entries of each list in it
fn outputs(all: &[OutputField]) -> String {
    let mut text = "\n| Output | Type | What it is |\n|---|---|---|\n".to_owned();
    for output in all {
        text += &format!("| `{}` | {} | {} |\n", output.name, output.kind.as_str(), output.description);
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

/// How the outcome of each action that changes something is found out when its response is lost
pub fn lost_responses_table() -> String {
    let mut table = "| Action | Settled | By |\n|---|---|---|\n".to_owned();
    for card in actions().iter().filter(|card| card.lost_response != LostResponse::NotApplicable) {
        let link = format!("[{}](actions.md#{})", card.label, card.words.replace(' ', "-"));
        table += &format!("| {link} | {} | {} |\n", card.lost_response.as_str(), card.lost_response.by());
    }
    table
}

/// Every error code with its meaning and what to do
pub(super) fn errors_page() -> String {
    let mut page = format!("# Errors\n\n{GENERATED}\n");
    page += "An error has a code, a message that names the thing, a help that can be followed, and a context for\n";
    page += "support (`activityId`, `status`, `field`, `retryAfterSeconds`). In a flow's catch the message begins\n";
    page += "with the code. Codes are stable; a flow may branch on them.\n\n";
    page += "| Code | What it means | What to do |\n|---|---|---|\n";
    for code in ErrorCode::ALL {
        page += &format!("| `{code}` | {} | {} |\n", code.meaning(), code.advice());
    }
    page
}
