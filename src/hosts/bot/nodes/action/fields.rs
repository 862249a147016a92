//! Reads the fields of an action from the attributes of its node.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LockerCredential;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::check::CredentialSource;
use crate::hosts::bot::check::CredentialUse;
use crate::hosts::bot::check::FieldUse;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::format::RawValue;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::FileUse;
use crate::package::RUN_TREE_NAME;
use crate::package::Returns;

/// Returns the attributes that are set, at any level and each once, and the fields that unknown
/// attributes were probably meant to be
pub(crate) fn given<'a>(
    checker: &mut Checker<'_>,
    card: &'static ActionCard,
    raw: &'a RawNode,
) -> (Vec<(&'static Attribute, &'a RawValue)>, Vec<&'static str>) {
    let mut misspelled = Vec::new();
    let mut all = Vec::new();
    flatten(&raw.attributes, &mut all);
    let mut found: Vec<(&Attribute, &RawValue)> = Vec::new();
    // A group of further fields is no field, whatever the designer writes as its value.
    let is_field = |one: &&RawAttribute| one.value.is_given() && !card.has_group(&one.name);
    for attribute in all.into_iter().filter(is_field) {
        if card.returns == Returns::Session && attribute.name == RUN_TREE_NAME {
            names_global_session(checker, raw, &attribute.value);
            continue;
        }
        // Older packages have a text attribute with this name for the session.
        let known = card
            .attribute(&attribute.name)
            .or_else(|| (attribute.name == "sessionName").then(|| card.attribute("session")).flatten());
        match known {
            Some(known) if !found.iter().any(|(earlier, _)| earlier.name == known.name) => {
                found.push((known, &attribute.value));
            }
            Some(_) => {}
            None => {
                let near = nearest(&attribute.name, card.attributes.iter().map(|known| known.name.as_str()));
                let hint = did_you_mean(near);
                misspelled.extend(near);
                let name = printable(&attribute.name, 256);
                let message = format!("{}: there is no field \"{name}\"{hint}", card.words);
                let known: Vec<&str> = card.attributes.iter().map(|known| known.name.as_str()).collect();
                let mut error = Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("The fields are: {}.", known.join(", ")))
                    .with("field", name);
                if holds_token(&attribute.name) {
                    error = error.help(TOKEN_AS_NAME);
                }
                checker.fault::<()>(error);
            }
        }
    }
    (found, misspelled)
}

/// Checks the name in the run tree: outside of Automation 360, a global session has one name
fn names_global_session(checker: &mut Checker<'_>, raw: &RawNode, name: &RawValue) {
    let target = &raw.return_to;
    let is_same = |named: &RawValue| named.string == name.string && named.expression == name.expression;
    if target.session_target != "GLOBAL" || !target.session_name.as_deref().is_some_and(is_same) {
        let message =
            "has to be the name of the global session in \"returnTo\", by which other processes find it";
        checker.invalid::<()>(RUN_TREE_NAME, message);
    }
}

fn flatten<'a>(attributes: &'a [RawAttribute], all: &mut Vec<&'a RawAttribute>) {
    for attribute in attributes {
        all.push(attribute);
        flatten(&attribute.attributes, all);
    }
}

pub(crate) fn input(
    checker: &mut Checker<'_>,
    card: &'static ActionCard,
    attribute: &'static Attribute,
    raw: &RawValue,
) -> Option<Expr> {
    let name = attribute.name.as_str();
    let expected = match attribute.kind {
        AttributeType::Text | AttributeType::TextArea | AttributeType::Select | AttributeType::File => {
            Expected::Text
        }
        AttributeType::Number => Expected::Number,
        AttributeType::Checkbox => Expected::Boolean,
        AttributeType::List => Expected::List,
        AttributeType::Dictionary => Expected::Dictionary,
        AttributeType::Credential => Expected::Credential,
        AttributeType::Session => Expected::Session,
    };
    let value = checker.value(name, raw, expected)?;
    if let Some(constant) = value.constant()
        && let Err(error) = card.check_field(name, constant)
    {
        return checker.fault(error);
    }
    if let (AttributeType::File, Some(path)) = (attribute.kind, value.constant().and_then(Value::as_text)) {
        let folder = checker.around.folder;
        let allowed = match card.file_use {
            FileUse::Writes => folder.writable(path).map(drop),
            FileUse::Reads => folder.may_become_readable(path),
        };
        checker.parsed(name, allowed)?;
    }
    if let (Some(variable), Expected::Text) = (value.only_variable(), expected) {
        checker.fields.push(FieldUse {
            place: checker.place.clone(),
            card,
            field: name,
            bot: checker.number,
            variable: variable.to_owned(),
        });
    }
    if attribute.kind == AttributeType::Credential {
        let source = credential_source(raw, &value);
        warn_about_default(checker, name, &source);
        checker.credentials.push(CredentialUse {
            place: checker.place.clone(),
            source,
            resolved: Vec::new(),
            organization: None,
            field: name.to_owned(),
            bot: checker.number,
            variable: value.only_variable().map(str::to_owned),
        });
    }
    Some(value)
}

fn credential_source(raw: &RawValue, value: &Expr) -> CredentialSource {
    let credential = &raw.credential;
    match value {
        Expr::Reference(reference, _) => CredentialSource::Variable(reference.to_string()),
        _ if raw.kind == "CREDENTIAL" => CredentialSource::Locker(LockerCredential {
            locker_name: credential.locker_name.clone(),
            name: credential.name.clone(),
            attribute_name: credential.attribute_name.clone(),
        }),
        _ => CredentialSource::Insecure,
    }
}

/// Warns if the default of a credential variable is an insecure string, which is in the file as well
fn warn_about_default(checker: &mut Checker<'_>, field: &str, source: &CredentialSource) {
    let CredentialSource::Variable(variable) = source else { return };
    let declarations = &checker.around.declarations[checker.number];
    if declarations.get(variable.trim_matches('$')).is_some_and(|declared| declared.insecure) {
        checker.warn(format!("\"{field}\": the default of {variable} is an insecure string in the bot file"));
    }
}

/// Returns whether an attribute is required, by itself or by the selected option, and missing
pub(crate) fn is_missing(
    attribute: &Attribute,
    card: &ActionCard,
    given: &[(&Attribute, &RawValue)],
) -> bool {
    let value = |name: &str| given.iter().find(|(found, _)| found.name == name).map(|(_, value)| *value);
    if !attribute.required || attribute.default.is_some() || value(&attribute.name).is_some() {
        return false;
    }
    let Some((chooser, option)) = &attribute.inside else { return true };
    let default = card.attribute(chooser).and_then(|chooser| chooser.default.as_ref()?.as_text());
    match value(chooser) {
        Some(chosen) => chosen.string == *option,
        None => default.is_none_or(|default| default == option),
    }
}
