//! Variables of pipelines and of release pipelines.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::runtime::OpenSession;
use crate::actions::shared::differences::Differences;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ParameterValue;
use crate::contract::VariableName;
use crate::contract::printable;
use crate::devops::Document;

/// A variable in a response of the service; one that is null has no value
#[derive(Deserialize)]
#[serde(from = "Option<VariableRecord>")]
pub(crate) struct Variable {
    value: Option<String>,
    pub(crate) is_secret: Option<bool>,
    allow_override: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VariableRecord {
    value: Option<String>,
    is_secret: Option<bool>,
    allow_override: Option<bool>,
}

impl From<Option<VariableRecord>> for Variable {
    fn from(record: Option<VariableRecord>) -> Self {
        let VariableRecord { value, is_secret, allow_override } = record.unwrap_or_default();
        Variable { value, is_secret, allow_override }
    }
}

/// A variable of a new pipeline, which runs may override
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewVariable<'a> {
    value: &'a ParameterValue,
    allow_override: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_secret: bool,
}

/// Returns the values of variables without the secret ones
pub(crate) fn shown(variables: IndexMap<String, Variable>) -> IndexMap<String, String> {
    let open = |variable: Variable| variable.value.filter(|_| variable.is_secret != Some(true));
    variables.into_iter().filter_map(|(name, variable)| Some((name, open(variable)?))).collect()
}

/// Returns the names of the variables that a run may set
pub(crate) fn settable(variables: Option<&IndexMap<String, Variable>>) -> Vec<String> {
    let all = variables.into_iter().flatten();
    all.filter(|(_, one)| one.allow_override == Some(true)).map(|(name, _)| name.clone()).collect()
}

/// Returns the variables of a new pipeline; `action` begins the messages
///
/// Errors: `input.invalid` for a secret variable without a value.
pub(crate) fn new<'a>(
    session: &OpenSession<'_>,
    action: &str,
    values: &'a IndexMap<String, ParameterValue>,
    secret: &[VariableName],
) -> Result<IndexMap<&'a str, NewVariable<'a>>, Error> {
    for name in secret {
        if !values.keys().any(|known| same(known, name.as_str())) {
            return Err(unknown(action, "secretVariables", name));
        }
    }
    let new = |name: &str, value: &'a ParameterValue| {
        let is_secret = secret.iter().any(|one| same(one.as_str(), name));
        if is_secret {
            session.remember_secret(value.as_str());
        }
        NewVariable { value, allow_override: true, is_secret }
    };
    Ok(values.iter().map(|(name, value)| (name.as_str(), new(name, value))).collect())
}

/// The changes of the variables of an existing definition; the other settings of a variable stay
pub(crate) struct VariableChanges<'a> {
    /// New variables, and new values of existing ones
    pub(crate) values: &'a IndexMap<String, ParameterValue>,
    /// Variables to remove
    pub(crate) removed: &'a [VariableName],
    /// Variables that a run may set
    pub(crate) settable: &'a [VariableName],
    /// Variables whose values nothing shows any more
    pub(crate) secret: &'a [VariableName],
}

/// Returns whether two names are of one variable
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn unknown(action: &str, field: &str, name: &VariableName) -> Error {
    let name = printable(name.as_str(), 256);
    let message = format!("{action}: {field}: there is no variable \"{name}\"");
    Error::new(ErrorCode::InputInvalid, message)
        .help("Give its value in variables, or correct its name.")
        .with("field", field)
}

/// Compares changes with the variables in a response, of which `settable` are those that a run may set
///
/// The values of secret variables are not in the response.
pub(crate) fn compare<'a>(
    mut differences: Differences<'a>,
    changes: &VariableChanges<'_>,
    shown: Option<&IndexMap<String, String>>,
    settable: &[String],
) -> Differences<'a> {
    let Some(shown) = shown else { return differences };
    let value =
        |name: &str| shown.iter().find(|(known, _)| same(known, name)).map(|(_, value)| value.as_str());
    let named = |name: &str| format!("the variable {name}");
    for (name, given) in changes.values {
        differences = differences.value(&named(name), Some(given.as_str()), value(name));
    }
    for name in changes.removed.iter().map(VariableName::as_str) {
        let is_given_again = changes.values.keys().any(|given| same(given, name));
        differences = differences.state(&named(name), "removed", is_given_again || value(name).is_none());
    }
    for name in changes.secret.iter().map(VariableName::as_str) {
        differences = differences.state(&named(name), "secret", value(name).is_none());
    }
    for name in changes.settable.iter().map(VariableName::as_str) {
        let is_settable = settable.iter().any(|known| same(known, name));
        differences = differences.state(&named(name), "settable by a run", is_settable);
    }
    differences
}

impl VariableChanges<'_> {
    /// Returns whether nothing is to be changed
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.removed.is_empty()
            && self.settable.is_empty()
            && self.secret.is_empty()
    }

    /// Changes the variables of a definition; `action` begins the messages
    ///
    /// Errors: `input.invalid` for a variable to be made settable or secret that does not exist.
    pub(crate) fn apply(
        &self,
        session: &OpenSession<'_>,
        action: &str,
        document: &mut Document,
    ) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        let mut variables: IndexMap<String, Document> = document.get("variables").unwrap_or_default();
        let known = |variables: &IndexMap<String, Document>, name: &str| {
            variables.keys().find(|known| same(known, name)).cloned()
        };
        for name in self.removed {
            if let Some(name) = known(&variables, name.as_str()) {
                variables.shift_remove(&name);
            }
        }
        for (name, value) in self.values {
            let name = known(&variables, name).unwrap_or_else(|| name.clone());
            let variable = variables.entry(name).or_default();
            variable.set("value", value)?;
            if variable.get("isSecret") == Some(true) {
                session.remember_secret(value.as_str());
            }
        }
        for (field, flag, names) in [
            ("settableVariables", "allowOverride", self.settable),
            ("secretVariables", "isSecret", self.secret),
        ] {
            for name in names {
                let variable = known(&variables, name.as_str()).and_then(|name| variables.get_mut(&name));
                let variable = variable.ok_or_else(|| unknown(action, field, name))?;
                variable.set(flag, &true)?;
                if flag == "isSecret"
                    && let Some(value) = variable.get::<String>("value")
                {
                    session.remember_secret(&value);
                }
            }
        }
        document.set("variables", &variables)
    }
}
