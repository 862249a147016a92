//! The inputs of an action on the command line, converted to the types of their fields.

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::json_fields::same;
use crate::cli::setup::spelling::kebab;
use crate::cli::setup::values::plain;
use crate::cli::setup::values::read_at;
use crate::cli::setup::values::refuse_other_stores;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::contract::read_json;
use crate::credentials::CredentialResolver;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::setup::Lookup;

/// The largest list or dictionary that is accepted as a value, in bytes
const MAX_VALUE: usize = 1 << 20;

/// Converts the inputs of the command line to the types of their fields
pub(super) async fn inputs(
    card: &ActionCard,
    given: &[(String, String)],
    lookup: &Lookup,
    resolver: &CredentialResolver,
    simulated: bool,
) -> Result<Dictionary, Fail> {
    let mut inputs = Dictionary::new();
    for (name, text) in given {
        let attribute = card
            .attributes
            .iter()
            .find(|one| same(&one.name, name))
            .ok_or_else(|| unknown_input(card, name))?;
        let shown = kebab(&attribute.name);
        if simulated {
            refuse_other_stores(text)?;
        }
        let is_secret = attribute.kind == AttributeType::Credential;
        let value = match (is_secret, text.strip_prefix('@')) {
            // Only a credential is checked like one.
            (true, Some(reference)) => Value::from(read_at(resolver, reference).await?.expose().to_owned()),
            (true, None) => {
                return Err(Fail::usage(format!(
                    "{shown} is a secret: write {shown}=@env:NAME or {shown}=@file:PATH"
                )));
            }
            (false, _) => {
                let text = plain(text, lookup, resolver).await?;
                typed(attribute, &text).map_err(|expected| wrong_type(card, &shown, &expected))?
            }
        };
        if inputs.insert(attribute.name.clone(), value).is_some() {
            return Err(Fail::usage(format!("{shown} is given twice")));
        }
    }
    Ok(inputs)
}

fn unknown_input(card: &ActionCard, name: &str) -> Fail {
    let names: Vec<String> = card.attributes.iter().map(|one| kebab(&one.name)).collect();
    let hint = did_you_mean(nearest(name, names.iter().map(String::as_str)));
    let action = kebab(&card.name);
    let message = format!("{action} has no input \"{}\"{hint}", printable(name, 512));
    let help = match holds_token(name) {
        true => TOKEN_AS_NAME.to_owned(),
        false => format!("The inputs are: {}. `azdo-bot actions {action}` describes them.", names.join(", ")),
    };
    Fail::new(Error::new(ErrorCode::InputInvalid, message).help(help), USAGE)
}

fn wrong_type(card: &ActionCard, name: &str, expected: &str) -> Fail {
    let action = kebab(&card.name);
    let error = Error::new(ErrorCode::InputInvalid, format!("{action}: {name} takes {expected}"));
    Fail::new(error.help(format!("`azdo-bot actions {action}` describes the inputs.")), USAGE)
}

/// Returns a text as a value of the input's type; the error is what the input takes
fn typed(attribute: &Attribute, text: &str) -> Result<Value, String> {
    match attribute.kind {
        AttributeType::Number => {
            text.trim().parse::<i64>().map(Value::from).map_err(|_| "a whole number".to_owned())
        }
        AttributeType::Checkbox => {
            text.trim().parse::<bool>().map(Value::from).map_err(|_| "true or false".to_owned())
        }
        AttributeType::List | AttributeType::Dictionary => {
            read_json(text.as_bytes(), MAX_VALUE).map_err(|error| format!("JSON: {error}"))
        }
        AttributeType::Select => {
            let choice = attribute.options.iter().find(|choice| same(&choice.value, text));
            Ok(Value::from(choice.map_or(text, |choice| choice.value.as_str())))
        }
        _ => Ok(Value::from(text)),
    }
}
