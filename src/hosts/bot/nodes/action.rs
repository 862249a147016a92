//! An action of this package: its attributes become an invocation, its outcome goes to variables.

mod session_step;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::LockerCredential;
use crate::contract::OrganizationUrl;
use crate::contract::SessionName;
use crate::contract::SessionTarget;
use crate::contract::Success;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::analysis::CredentialSource;
use crate::hosts::bot::analysis::CredentialUse;
use crate::hosts::bot::analysis::NodeNeeds;
use crate::hosts::bot::checker::Checker;
use crate::hosts::bot::checker::TargetVariable;
use crate::hosts::bot::expr::Expr;
use crate::hosts::bot::file::RawAttribute;
use crate::hosts::bot::file::RawNode;
use crate::hosts::bot::file::RawValue;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observer::ActionCall;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::read as read_value;
use crate::hosts::bot::variable_check::FieldUse;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::ChoiceNeeds;
use crate::package::FileUse;
use crate::package::Returns;
use crate::package::action as find_action;
use crate::package::unknown_action;

pub(super) use session_step::session_step;

/// An action, its inputs, and where its result goes
pub(super) struct ActionNode {
    card: &'static ActionCard,
    inputs: Vec<(String, Expr)>,
    result: Outlet,
}

/// Where a result goes
#[derive(Debug)]
enum Outlet {
    /// Nowhere, or all of it to one variable
    Whole(Option<TargetVariable>),
    /// Each part to a variable of its own
    Parts(Vec<(String, TargetVariable)>),
    /// A session under a name
    Named { global: bool, name: Expr },
    /// A session into a variable
    SessionVariable(String),
}

impl std::fmt::Debug for ActionNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Action({})", self.card.name)
    }
}

pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<ActionNode> {
    let Some(card) = find_action(&raw.command_name) else {
        return checker.fault(unknown_action(&raw.command_name));
    };
    let (given, misspelt) = given(checker, card, raw);
    let inputs: Vec<_> = given
        .iter()
        .map(|(attribute, value)| Some((attribute.name.clone(), input(checker, card, attribute, value)?)))
        .collect();
    tell_organization(checker, &inputs);
    let needs = card.needs_with(|one| may_be_chosen(&inputs, one));
    let place = checker.place.clone();
    checker.needs.push(NodeNeeds { place, bot: checker.around.names[checker.number].clone(), card, needs });
    // A misspelt field was told of as that; telling that it is missing too helps nobody.
    let missing = |attribute: &&Attribute| {
        is_missing(attribute, card, &given) && !misspelt.contains(&attribute.name.as_str())
    };
    for attribute in card.attributes.iter().filter(missing) {
        checker.invalid::<()>(&attribute.name, format!("is missing, and \"{}\" needs it", card.label));
    }
    let result = match &card.returns {
        Returns::Session => Some(session_outlet(checker, &raw.return_to)?),
        Returns::List(_) => outlet(checker, card, raw, Expected::List),
        Returns::Dictionary => outlet(checker, card, raw, Expected::Dictionary),
    };
    let names_session = given
        .iter()
        .zip(&inputs)
        .all(|((attribute, _), input)| attribute.kind != AttributeType::Session || input.is_some());
    if !names_session || misspelt.contains(&"session") {
        return None;
    }
    let inputs: Vec<_> = inputs.into_iter().flatten().collect();
    check_together(checker, card, &inputs);
    // What is at fault is left out and was reported, and the flow does not run; its session is followed all the same.
    Some(ActionNode { card, inputs, result: result.unwrap_or(Outlet::Whole(None)) })
}

/// Adds to a node's credentials what organization it writes out
fn tell_organization(checker: &mut Checker<'_>, inputs: &[Option<(String, Expr)>]) {
    let url = inputs.iter().flatten().find(|(name, _)| name == "organizationUrl");
    let url = url.and_then(|(_, value)| OrganizationUrl::parse(value.constant()?.as_text()?).ok());
    let place = &checker.place;
    for one in checker.credentials.iter_mut().filter(|one| one.place == *place) {
        one.organization.clone_from(&url);
    }
}

/// Checks fields that are right by themselves and may not go together, when all of them are written out
fn check_together(checker: &mut Checker<'_>, card: &ActionCard, inputs: &[(String, Expr)]) {
    let place = &checker.place;
    if checker.faults.iter().any(|fault| fault.place == *place) {
        return;
    }
    let constants = inputs.iter().map(|(name, value)| Some((name.clone(), value.constant()?.clone())));
    if let Some(Err(error)) = constants.collect::<Option<Dictionary>>().map(|inputs| card.check(inputs)) {
        checker.fault::<()>(error);
    }
}

/// Whether the choice is made, or nobody knows before the flow runs
fn may_be_chosen(inputs: &[Option<(String, Expr)>], one: &ChoiceNeeds) -> bool {
    let given = inputs.iter().flatten().find(|(name, _)| name == one.field);
    given.is_some_and(|(_, value)| value.constant().is_none_or(|value| value.as_text() == Some(one.choice)))
}

/// The attributes that are given, each once, nested under the option or beside it; and those that
/// unknown ones were probably meant to be
fn given<'a>(
    checker: &mut Checker<'_>,
    card: &'static ActionCard,
    raw: &'a RawNode,
) -> (Vec<(&'static Attribute, &'a RawValue)>, Vec<&'static str>) {
    let mut misspelt = Vec::new();
    let mut all = Vec::new();
    flatten(&raw.attributes, &mut all);
    let mut found: Vec<(&Attribute, &RawValue)> = Vec::new();
    for attribute in all.into_iter().filter(|attribute| attribute.value.is_given()) {
        // Older packages name a session by a text attribute of this name.
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
                misspelt.extend(near);
                let name = printable(&attribute.name, 256);
                let message = format!("{}: there is no field \"{name}\"{hint}", card.words);
                let mut error = Error::new(ErrorCode::InputInvalid, message).with("field", name);
                if holds_token(&attribute.name) {
                    error = error.help(TOKEN_AS_NAME);
                }
                checker.fault::<()>(error);
            }
        }
    }
    (found, misspelt)
}

fn flatten<'a>(attributes: &'a [RawAttribute], all: &mut Vec<&'a RawAttribute>) {
    for attribute in attributes {
        all.push(attribute);
        flatten(&attribute.attributes, all);
    }
}

fn input(
    checker: &mut Checker<'_>,
    card: &'static ActionCard,
    attribute: &'static Attribute,
    raw: &RawValue,
) -> Option<Expr> {
    let name = attribute.name.as_str();
    let expected = match attribute.kind {
        AttributeType::Text | AttributeType::Select | AttributeType::File => Expected::Text,
        AttributeType::Number => Expected::Number,
        AttributeType::Checkbox => Expected::Boolean,
        AttributeType::List => Expected::List,
        AttributeType::Dictionary => Expected::Dictionary,
        AttributeType::Credential => Expected::Credential,
        AttributeType::Session => Expected::Session,
    };
    let value = read_value(checker, name, raw, expected)?;
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
        warn_of_default(checker, name, &source);
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

/// A token as the default of the variable is in the file as well
fn warn_of_default(checker: &mut Checker<'_>, field: &str, source: &CredentialSource) {
    let CredentialSource::Variable(variable) = source else { return };
    let declarations = &checker.around.declarations[checker.number];
    if declarations.get(variable.trim_matches('$')).is_some_and(|declared| declared.insecure) {
        checker.warn(format!("\"{field}\": the default of {variable} is an insecure string in the bot file"));
    }
}

/// Whether an attribute has to be given, by itself or by the option that is chosen
fn is_missing(attribute: &Attribute, card: &ActionCard, given: &[(&Attribute, &RawValue)]) -> bool {
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

/// Where Connect puts the session: Local `Default` if nothing is said
fn session_outlet(checker: &mut Checker<'_>, raw: &RawValue) -> Option<Outlet> {
    if raw.kind == "VARIABLE" || (raw.kind == "SESSION" && !raw.expression.is_empty()) {
        let value = read_value(checker, "returnTo", raw, Expected::Session)?;
        return match value.whole_variable() {
            Some(variable) => Some(Outlet::SessionVariable(variable.to_owned())),
            None => checker.session_expected("returnTo", "a part of a variable"),
        };
    }
    let global = match raw.session_target.as_str() {
        "GLOBAL" => true,
        "" | "LOCAL" | "NONE" => false,
        _ => return checker.invalid("returnTo", "the session's target is not LOCAL or GLOBAL"),
    };
    let name = match raw.session_name.as_deref().filter(|name| name.is_given()) {
        Some(name) => read_value(checker, "returnTo", name, Expected::Text)?,
        None => Expr::Constant(SessionName::default().as_str().into()),
    };
    if let Some(Value::Text(text)) = name.constant() {
        checker.parsed("returnTo", session_name(text))?;
    }
    Some(Outlet::Named { global, name })
}

fn outlet(checker: &mut Checker<'_>, card: &ActionCard, raw: &RawNode, whole: Expected) -> Option<Outlet> {
    let mapped = raw.return_to.dictionary.iter().map(|entry| (&entry.key, &entry.value));
    let parts: Vec<_> = mapped.chain(&raw.returns).filter(|(_, value)| value.is_given()).collect();
    if parts.is_empty() {
        let named = !raw.return_to.variable_name.is_empty();
        let target = checker.target("returnTo", &raw.return_to, whole);
        return (target.is_some() || !named).then_some(Outlet::Whole(target));
    }
    let mut targets = Vec::new();
    for (name, value) in parts {
        let Some(output) = card.outputs.iter().find(|output| output.name == *name) else {
            let near = nearest(name, card.outputs.iter().map(|output| output.name.as_str()));
            let hint = did_you_mean(near);
            checker
                .invalid::<()>("returnTo", format!("there is no output \"{}\"{hint}", printable(name, 256)));
            continue;
        };
        let result = match output.kind {
            AttributeType::Number => Expected::Number,
            AttributeType::Checkbox => Expected::Boolean,
            AttributeType::List => Expected::List,
            AttributeType::Dictionary => Expected::Dictionary,
            _ => Expected::Text,
        };
        targets.extend(checker.target("returnTo", value, result).map(|target| (name.clone(), target)));
    }
    Some(Outlet::Parts(targets))
}

fn session_name(text: &str) -> Result<SessionName, Error> {
    SessionName::parse(text).map_err(|refusal| Error::new(refusal.code, refusal.reason))
}

pub(super) async fn run(node: &ActionNode, place: &Location, frame: &Frame<'_>) -> Result<(), Error> {
    let mut inputs = Dictionary::new();
    for (name, value) in &node.inputs {
        inputs.insert(name.clone(), value.value(&frame.scope)?);
    }
    let target = target(&node.result, frame)?;
    let what = what(node.card, &inputs, target.as_ref());
    let call = ActionCall { place, bot: &frame.bot.name, bot_run: &frame.run, card: node.card, what: &what };
    let invocation =
        Invocation { bot_run: frame.run.clone(), action: node.card.name.clone(), inputs, target };
    let success = frame.execute(&call, invocation).await?;
    take(node, success, frame)
}

fn target(outlet: &Outlet, frame: &Frame<'_>) -> Result<Option<SessionTarget>, Error> {
    match outlet {
        Outlet::Whole(_) | Outlet::Parts(_) => Ok(None),
        Outlet::SessionVariable(_) => Ok(Some(SessionTarget::Variable)),
        Outlet::Named { global, name } => {
            let name = session_name(&name.text(&frame.scope)?)?;
            Ok(Some(if *global { SessionTarget::Global(name) } else { SessionTarget::Local(name) }))
        }
    }
}

/// What the action works on, in a few words: the session that is opened, else its first text or number
///
/// Of an action that opens a session no input is shown: what is typed wrongly there may be a token.
fn what(card: &ActionCard, inputs: &Dictionary, target: Option<&SessionTarget>) -> String {
    if let Some(target) = target {
        return target.to_string();
    }
    let plain =
        |attribute: &&Attribute| matches!(attribute.kind, AttributeType::Text | AttributeType::Number);
    let first = card.attributes.iter().filter(plain).find_map(|attribute| inputs.get(&attribute.name));
    match first {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => match inputs.get("session").and_then(Value::as_text).map(SessionName::parse) {
            Some(Ok(name)) => format!("session \"{name}\""),
            Some(Err(_)) => "session in a variable".to_owned(),
            None => String::new(),
        },
    }
}

fn take(node: &ActionNode, mut success: Success, frame: &Frame<'_>) -> Result<(), Error> {
    match &node.result {
        Outlet::Named { .. } => Ok(()),
        Outlet::SessionVariable(variable) => {
            let handle = success.session.map(|handle| Value::Text(handle.to_string()));
            frame.scope.set(variable, handle.unwrap_or_default());
            Ok(())
        }
        Outlet::Parts(parts) => parts.iter().try_for_each(|(name, target)| {
            frame.assign(Some(target), success.outputs.get(name).cloned().unwrap_or_default())
        }),
        Outlet::Whole(target) => {
            let value = match &node.card.returns {
                Returns::List(name) => success.outputs.swap_remove(name).unwrap_or_default(),
                _ => Value::Dictionary(success.outputs),
            };
            frame.assign(target.as_ref(), value)
        }
    }
}
