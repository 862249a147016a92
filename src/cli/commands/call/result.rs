//! The result of an action on the command line: a table, one output as it is, or JSON; printed or written to a file.

use std::io::IsTerminal as _;
use std::io::Write as _;
use std::path::Path;

use textwrap::core::display_width;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::json_fields::same;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::table::Cell;
use crate::cli::output::table::fits;
use crate::cli::output::table::table;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::Success;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::files;
use crate::package::ActionCard;
use crate::package::OutputField;
use crate::package::Returns;

/// The most characters of a text in a table
const MOST: usize = 4000;

/// The form of the result
pub(super) enum Form<'a> {
    /// A table
    Text,
    /// One output as it is
    Field(&'a OutputField),
    /// A document
    Json(&'a JsonFields),
}

/// Returns the output of an action that `--field` names
pub(super) fn field<'a>(card: &'a ActionCard, name: &str) -> Result<&'a OutputField, Fail> {
    card.outputs.iter().find(|output| same(&output.name, name)).ok_or_else(|| {
        let names: Vec<&str> = card.outputs.iter().map(|output| output.name.as_str()).collect();
        let hint = did_you_mean(nearest(name, names.iter().copied()));
        let message =
            format!("{} has no output \"{}\"{hint}", card.words.replace(' ', "-"), printable(name, 256));
        let help = match names.is_empty() {
            true => "It has no outputs.".to_owned(),
            false => format!("The outputs are: {}.", names.join(", ")),
        };
        Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
    })
}

/// Checks the members that `--json=FIELDS` selects, before the action runs
pub(super) fn check(card: &ActionCard, fields: &JsonFields) -> Result<(), Fail> {
    let outputs = match &card.returns {
        Returns::List(name) => {
            card.outputs.iter().find(|output| output.name == *name).map(|list| &list.parts)
        }
        _ => Some(&card.outputs),
    };
    let names: Vec<&str> = outputs.into_iter().flatten().map(|output| output.name.as_str()).collect();
    // The entries of some lists are texts.
    if names.is_empty() { Ok(()) } else { fields.check(&names) }
}

/// Prints the result, or writes it to a file; `-` is standard output
pub(super) fn write(
    card: &ActionCard,
    success: &Success,
    masker: &Masker,
    form: &Form<'_>,
    file: Option<&Path>,
) -> Result<(), Fail> {
    let file = file.filter(|file| *file != Path::new("-"));
    let stdout = std::io::stdout();
    let is_terminal = file.is_none() && stdout.is_terminal();
    let look = if file.is_some() { Look::PLAIN } else { Look::stdout() };
    let text = match form {
        Form::Text => text(card, &success.outputs, masker, &look),
        Form::Field(output) => one(&success.outputs, output, masker, is_terminal)?,
        Form::Json(fields) => format!("{}\n", document(card, success, fields)),
    };
    match file {
        Some(file) => files::write(file, text.as_bytes()).map_err(|error| {
            let shown = printable(&file.to_string_lossy(), 512);
            let help = "The action was carried out; only its output is missing.";
            Fail::new(files::failed(&format!("{shown} cannot be written"), error).help(help), FAILED)
        }),
        None => Ok(stdout.lock().write_all(text.as_bytes())?),
    }
}

/// The outcome as a document; with selected fields, the outputs alone
fn document(card: &ActionCard, success: &Success, fields: &JsonFields) -> serde_json::Value {
    if fields.is_all() {
        return serde_json::json!(success);
    }
    let list = match &card.returns {
        Returns::List(name) => success.outputs.get(name),
        _ => None,
    };
    fields.project(&list.map_or_else(|| serde_json::json!(success.outputs), |list| serde_json::json!(list)))
}

/// One output: a text as it is, any other value as JSON
fn one(
    outputs: &Dictionary,
    output: &OutputField,
    masker: &Masker,
    is_terminal: bool,
) -> Result<String, Fail> {
    let value = outputs.get(&output.name).unwrap_or(&Value::Null);
    let text = match value {
        Value::Text(text) if is_terminal => format!("{}\n", lines(text, masker).join("\n")),
        Value::Text(text) => masker.mask(text).into_owned(),
        Value::Null => {
            let message = format!("the action returned no \"{}\"", output.name);
            let help = format!("{}.", output.description.trim_end_matches('.'));
            return Err(Fail::new(Error::new(ErrorCode::ResourceNotFound, message).help(help), FAILED));
        }
        other => format!("{}\n", json(other)),
    };
    Ok(text)
}

/// The outputs as text: a list as a table, others one below the other
fn text(card: &ActionCard, outputs: &Dictionary, masker: &Masker, look: &Look) -> String {
    let items = match &card.returns {
        Returns::List(name) => outputs.get(name),
        _ => None,
    };
    let lines = match items {
        Some(Value::List(items)) => list(items, masker, look),
        _ => outputs_below_each_other(outputs, masker, look),
    };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn outputs_below_each_other(outputs: &Dictionary, masker: &Masker, look: &Look) -> Vec<String> {
    let width = outputs.keys().map(display_width).max().unwrap_or(0);
    let mut shown = Vec::new();
    for (name, value) in outputs {
        let label = format!("{}{}", look.paint(Tone::Heading, name), " ".repeat(width - display_width(name)));
        match value {
            // Several lines keep their form, each behind the names.
            Value::Text(text) if text.trim_end().contains('\n') => {
                let indent = " ".repeat(width);
                let labels = std::iter::once(&label).chain(std::iter::repeat(&indent));
                let lines = lines(text, masker);
                shown.extend(labels.zip(lines).map(|(label, line)| format!("{label}  {line}")));
            }
            value => shown.push(format!("{label}  {}", cell(value, masker))),
        }
    }
    shown.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A list as a table with the members of its first entry; if the table would break words, the entries one below the other
fn list(items: &[Value], masker: &Masker, look: &Look) -> Vec<String> {
    let Some(Value::Dictionary(first)) = items.first() else { return vec!["(none)".to_owned()] };
    let head: Vec<&str> = first.keys().collect();
    let row = |item: &Dictionary| {
        let cells = head.iter().map(|name| item.get(name).map(|value| cell(value, masker)));
        cells.map(|cell| Cell::from(cell.unwrap_or_default())).collect()
    };
    let entries = || items.iter().filter_map(Value::as_dictionary);
    let rows: Vec<Vec<Cell>> = entries().map(row).collect();
    if fits(&head, &rows, look) {
        return table(&head, &rows, look);
    }
    let below = entries().map(|entry| outputs_below_each_other(entry, masker, look));
    below.collect::<Vec<_>>().join(&[String::new()][..])
}

/// The lines of a text, masked and without other control characters
fn lines(text: &str, masker: &Masker) -> Vec<String> {
    masker
        .mask(text)
        .lines()
        .map(|line| line.replace('\t', "    "))
        .map(|line| printable(&line, usize::MAX))
        .collect()
}

/// A value on one line, masked
fn cell(value: &Value, masker: &Masker) -> String {
    match value {
        Value::Text(text) => {
            let words: Vec<&str> = text.split(['\r', '\n', '\t']).filter(|part| !part.is_empty()).collect();
            masker.mask(&words.join(" ")).excerpt(MOST)
        }
        Value::Null => String::new(),
        other => json(other),
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
