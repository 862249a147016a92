//! Checks the fields of actions that are set by a variable, by the values that the variable may have.

use crate::contract::Credential;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind as _;
use crate::contract::TokenOrigin;
use crate::contract::Value;
use crate::contract::check_token;
use crate::contract::decode;
use crate::hosts::bot::check::CredentialSource;
use crate::hosts::bot::check::CredentialUse;
use crate::hosts::bot::check::NodeNeeds;
use crate::hosts::bot::check::Origins;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::finding::FlowWarning;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

/// A field of an action that is set by a variable
pub(crate) struct FieldUse {
    pub(crate) place: Location,
    pub(crate) card: &'static ActionCard,
    pub(crate) field: &'static str,
    pub(crate) bot: usize,
    pub(crate) variable: String,
}

/// Finds fields whose variable has a value that the action rejects
///
/// If nothing sets the variable, its default is the value, and an invalid default is a fault. If it is an input,
/// there is only a warning, since the flow may check it first.
pub(crate) fn check_fields(uses: &[FieldUse], origins: &Origins<'_>) -> (Vec<Fault>, Vec<FlowWarning>) {
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for one in uses {
        let Some(values) = origins.values(one.bot, &one.variable) else { continue };
        let failed = |value: &Value| one.card.check_field(one.field, value).err();
        let Some(error) = values.iter().find_map(failed) else { continue };
        let place = one.place.clone();
        let message = format!("{} (the value of the variable ${}$)", error.message(), one.variable);
        if origins.is_input(one.bot, &one.variable) {
            warnings.push(FlowWarning { place, text: message, may_fail: true });
        } else {
            let help = error.help_text().to_owned();
            faults.push(Fault {
                place,
                error: Error::new(error.code(), message).help(help).with("field", one.field),
            });
        }
    }
    (faults, warnings)
}

/// Sets what the operator's policy asks about nodes whose fields are variables, by the values that the variables may have
pub(crate) fn follow_policy_fields(needs: &mut [NodeNeeds], uses: &[FieldUse], origins: &Origins<'_>) {
    for one in uses.iter().filter(|one| NodeNeeds::depends_on(one.card, one.field)) {
        if let Some(values) = origins.values(one.bot, &one.variable)
            && let Some(node) = needs.iter_mut().find(|node| node.place == one.place)
        {
            node.set(one.field, Some(&values));
        }
    }
}

/// Finds the credentials that every credential variable may hold
///
/// A variable that can hold no credential is a fault; if a parent or an input may set it, there is only a warning.
pub(crate) fn check_credentials(
    uses: &mut [CredentialUse],
    origins: &Origins<'_>,
) -> (Vec<Fault>, Vec<FlowWarning>) {
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for one in uses {
        let Some(variable) = &one.variable else { continue };
        let values = origins.values(one.bot, variable).unwrap_or_default();
        let is_input = origins.is_input(one.bot, variable);
        let mut failed = None;
        for value in &values {
            match source(one, variable, value) {
                Ok(source) => one.resolved.push(source),
                Err(error) => failed = Some(error),
            }
        }
        let Some(error) = failed else { continue };
        let place = one.place.clone();
        if one.resolved.is_empty() && !is_input {
            faults.push(Fault { place, error });
        } else {
            warnings.push(FlowWarning { place, text: error.message().to_owned(), may_fail: true });
        }
    }
    (faults, warnings)
}

/// Returns the credential that a value refers to
fn source(one: &CredentialUse, variable: &str, value: &Value) -> Result<CredentialSource, Error> {
    let field = one.field.as_str();
    if *value == Value::Null {
        let message =
            format!("\"{field}\": the variable ${variable}$ holds no credential, and nothing sets it");
        return Err(Error::new(ErrorCode::BotExpression, message)
            .help("Set a credential of the Credential Vault as the default of the variable, or pass one as an input.")
            .with("field", field));
    }
    let message = format!("\"{field}\": the value of the variable ${variable}$ is not a credential");
    // The reason never quotes the value, which may be a token.
    let because = |refusal: ParseError| {
        let error = Error::new(refusal.code, format!("{message}: {}", refusal.reason));
        match refusal.help {
            Some(help) => error.help(help),
            None => error,
        }
    };
    let insecure = match value {
        Value::Dictionary(entries) => entries.get("insecure").and_then(Value::as_text),
        _ => None,
    };
    let credential = match (value, insecure) {
        (Value::Text(text), _) => Credential::parse(text).map_err(because),
        (_, Some(text)) => check_token(text, TokenOrigin::Typed).map(Credential::Insecure).map_err(because),
        _ => {
            let given = Dictionary::from_iter([("credential".to_owned(), value.clone())]);
            let decoded = decode::<GivenCredential>("", given);
            decoded
                .map(|given| given.credential)
                .map_err(|error| Error::new(error.code(), message).help(error.help_text().to_owned()))
        }
    };
    match credential.map_err(|error| error.with("field", field))? {
        Credential::Locker(locker) => Ok(CredentialSource::Locker(locker)),
        Credential::Reference(reference) => Ok(CredentialSource::Reference(reference)),
        Credential::Insecure(_) => Ok(CredentialSource::Insecure),
    }
}

#[derive(serde::Deserialize)]
struct GivenCredential {
    credential: Credential,
}
