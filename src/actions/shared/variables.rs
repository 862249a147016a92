//! Variables of pipelines and of release pipelines.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::shared::differences::Differences;
use crate::contract::Error;
use crate::contract::ParameterValue;
use crate::contract::VariableName;
use crate::devops::Document;

/// A variable in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variable {
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    is_secret: Option<bool>,
}

/// A variable of a new pipeline, which runs may override
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewVariable<'a> {
    value: &'a ParameterValue,
    allow_override: bool,
}

/// Returns the values of variables without the secret ones
pub(crate) fn shown(variables: IndexMap<String, Variable>) -> IndexMap<String, String> {
    let open = |variable: Variable| variable.value.filter(|_| variable.is_secret != Some(true));
    variables.into_iter().filter_map(|(name, variable)| Some((name, open(variable)?))).collect()
}

/// Returns the variables of a new pipeline
pub(crate) fn new(values: &IndexMap<String, ParameterValue>) -> IndexMap<&str, NewVariable<'_>> {
    let new = |value| NewVariable { value, allow_override: true };
    values.iter().map(|(name, value)| (name.as_str(), new(value))).collect()
}

/// Compares given values with those in a response; the values of secret variables are not shown
pub(crate) fn compare<'a>(
    differences: Differences<'a>,
    given: &IndexMap<String, ParameterValue>,
    shown: Option<&IndexMap<String, String>>,
) -> Differences<'a> {
    given.iter().fold(differences, |differences, (name, given)| {
        let same = |known: &&String| known.to_lowercase() == name.to_lowercase();
        let actual = shown.and_then(|shown| Some(shown.get(shown.keys().find(same)?)?.as_str()));
        differences.value(&format!("the variable {name}"), Some(given.as_str()), actual)
    })
}

/// Sets and removes variables of a definition; the other settings of a variable stay
pub(crate) fn set(
    document: &mut Document,
    values: &IndexMap<String, ParameterValue>,
    removed: &[VariableName],
) -> Result<(), Error> {
    if values.is_empty() && removed.is_empty() {
        return Ok(());
    }
    let mut variables: IndexMap<String, Document> = document.get("variables").unwrap_or_default();
    let known = |variables: &IndexMap<String, Document>, name: &str| {
        variables.keys().find(|known| known.to_lowercase() == name.to_lowercase()).cloned()
    };
    for name in removed {
        if let Some(name) = known(&variables, name.as_str()) {
            variables.shift_remove(&name);
        }
    }
    for (name, value) in values {
        let name = known(&variables, name).unwrap_or_else(|| name.clone());
        variables.entry(name).or_default().set("value", value)?;
    }
    document.set("variables", &variables)
}
