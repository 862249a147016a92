//! The page of one action: what it does and needs, its inputs with their choices, its outputs, an example to paste.

use serde_json::Value as Json;

use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::table::Cell;
use crate::cli::output::table::described;
use crate::cli::setup::spelling::kebab;
use crate::contract::Scope;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::OutputField;
use crate::package::Returns;

/// Returns the lines of the page
pub(super) fn page(card: &ActionCard, look: &Look) -> Vec<String> {
    let heading = |text: &str| look.paint(Tone::Heading, text);
    let mut lines = vec![heading(&look.wrap(&format!("{}: {}", card.label, card.summary), "  "))];
    if !card.details.is_empty() {
        lines.push(String::new());
        lines.extend(paragraphs(&card.details).iter().map(|text| look.wrap(text, "")));
    }
    lines.push(String::new());
    lines.extend(needs(card).iter().map(|line| look.wrap(line, "          ")));
    lines.push(look.wrap(&format!("works on  {}", target(card)), "          "));
    let inputs: Vec<Vec<Cell>> = card.in_form_order().into_iter().map(input).collect();
    if !inputs.is_empty() {
        lines.push(String::new());
        lines.extend(described(&["input", "type", "default", "description"], &inputs, look));
    }
    if !card.outputs.is_empty() {
        lines.push(String::new());
        lines.extend(described(&["output", "type", "description"], &outputs(&card.outputs, ""), look));
    }
    if card.returns != Returns::Session {
        lines.push(format!("\n{}", heading("Example, which --simulate runs without an organization:")));
        lines.push(format!("  {}", example(card)));
    }
    lines
}

/// The paragraphs of a text whose lines are as long as in its source
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let last = paragraphs.last_mut().expect("there is one");
        // A list keeps its lines.
        if line.is_empty() || line.starts_with(['-', '|', ' ']) || last.starts_with(['-', '|', ' ']) {
            paragraphs.push(line.to_owned());
        } else if last.is_empty() {
            line.clone_into(last);
        } else {
            *last += " ";
            *last += line;
        }
    }
    paragraphs
}

fn needs(card: &ActionCard) -> Vec<String> {
    let line = |permissions: Vec<String>, scope: Option<Scope>, with: &str| {
        let permissions = if permissions.is_empty() { "none".to_owned() } else { permissions.join(", ") };
        format!("needs     permission {permissions}; token scope {}{with}", scope.map_or("any", Scope::label))
    };
    let names = |needs: &crate::contract::Needs| needs.permissions.iter().map(ToString::to_string).collect();
    let mut lines = Vec::new();
    if !card.needs.permissions.is_empty() || card.needs.scope.is_some() {
        lines.push(line(names(&card.needs), card.needs.scope, ""));
    }
    for choice in card.choices {
        let with = format!(", with {}={}", kebab(choice.field), choice.choice);
        lines.push(line(names(&choice.needs), choice.needs.scope, &with));
    }
    lines
}

/// Which session the action works on, or opens
fn target(card: &ActionCard) -> &'static str {
    match card.returns {
        Returns::Session => {
            "a new session: LOCAL for its bot, GLOBAL for the whole run tree, or VARIABLE for the bots that get it"
        }
        _ => "an open session; azdo-bot call opens one for the action",
    }
}

/// The row of an input
fn input(attribute: &Attribute) -> Vec<Cell> {
    let default = match &attribute.default {
        Some(default) => serde_json::to_string(default).unwrap_or_default(),
        None => attribute.requirement(),
    };
    vec![
        kebab(&attribute.name).into(),
        attribute.kind.as_str().to_lowercase().into(),
        default.into(),
        description(attribute).into(),
    ]
}

/// The description of an input with its choices, its bounds and the option that it belongs to
fn description(attribute: &Attribute) -> String {
    let mut text = attribute.description.clone();
    let mut add = |more: String| {
        let end = if text.is_empty() || text.ends_with('.') { "" } else { "." };
        text = format!("{text}{end} {more}").trim_start().to_owned();
    };
    if !attribute.options.is_empty() {
        let choices: Vec<String> = attribute
            .options
            .iter()
            .map(|one| match one.label == one.value {
                true => one.value.clone(),
                false => format!("{} ({})", one.value, one.label),
            })
            .collect();
        add(format!("One of {}", choices.join(", ")));
    }
    if let Some((least, most)) = attribute.bounds {
        add(format!("From {least} to {most}"));
    }
    if let Some((field, option)) = &attribute.inside {
        add(format!("Only with {}={option}", kebab(field)));
    }
    text
}

/// The rows of outputs; the members of the entries of a list are below it
fn outputs(fields: &[OutputField], indent: &str) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for field in fields {
        rows.push(vec![
            format!("{indent}{}", field.name).into(),
            field.kind.as_str().to_lowercase().into(),
            field.description.as_str().into(),
        ]);
        rows.extend(outputs(&field.parts, &format!("{indent}  ")));
    }
    rows
}

/// A command line that calls the action with the inputs of its first example
fn example(card: &ActionCard) -> String {
    let mut words = vec!["azdo-bot call".to_owned(), kebab(&card.name)];
    let first = card.examples().into_iter().next();
    for (name, value) in first.iter().filter_map(|example| example.inputs.as_object()).flatten() {
        if card.attribute(name).is_some_and(|attribute| attribute.kind != AttributeType::Session) {
            words.push(format!("{}={}", kebab(name), quoted(&plain(value))));
        }
    }
    words.join(" ")
}

/// A value as the command line takes it: a text as it is, any other value as JSON
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) if text.starts_with('@') => format!("@{text}"),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns a word for a shell, in quotes if it needs them
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@,+%".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Value;
    use crate::package;

    #[test]
    fn every_action_has_an_example_that_its_own_parser_accepts() {
        for card in package::actions() {
            let examples = card.examples();
            let first = examples.first().unwrap_or_else(|| panic!("{} has no example", card.name));
            let Value::Dictionary(inputs) = Value::from(first.inputs.clone()) else {
                panic!("{}", card.name)
            };
            assert!(card.check(inputs).is_ok(), "{}", card.name);
            let text = page(card, &Look::PLAIN).join("\n");
            let is_session = card.returns == Returns::Session;
            assert_ne!(
                text.contains(&format!("  azdo-bot call {}", kebab(&card.name))),
                is_session,
                "{text}"
            );
        }
    }

    #[test]
    fn a_word_is_quoted_for_a_shell_only_if_it_has_to_be() {
        for (word, expected) in
            [("main", "main"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''"), ("$HOME", "'$HOME'")]
        {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn choices_and_bounds_are_part_of_the_description() {
        let card = package::action("vote on pull request").expect("the package has it");
        let text = page(card, &Look::PLAIN).join("\n");
        assert!(text.contains("One of APPROVE"), "{text}");
        let list = page(package::action("listRepositories").expect("the package has it"), &Look::PLAIN);
        assert!(list.iter().any(|line| line.contains("From 1 to ")), "{list:#?}");
    }
}
