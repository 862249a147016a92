//! The checks of a run's template parameters and variables.

use serde_json::Map;
use serde_json::Value;

use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::state::Pipeline;
use crate::state::pipelines::yaml;

/// Refuses a template parameter that is not sent as a text.
pub(super) fn check_are_texts(given: &Map<String, Value>) -> Result<(), Response> {
    let kind = |value: &Value| match value {
        Value::Array(_) => Some("Array"),
        Value::Object(_) => Some("Object"),
        _ => None,
    };
    match given.values().find_map(kind) {
        Some(kind) => {
            let message = format!("Unable to convert from {kind} to String. Value: {kind}");
            Err(refusals::bad_argument(&message))
        }
        None => Ok(()),
    }
}

pub(super) fn check_template_parameters(
    pipeline: &Pipeline,
    text: &str,
    given: &Map<String, Value>,
) -> Result<(), Response> {
    let path = &pipeline.yaml;
    let declared =
        yaml::parameters(text).map_err(|message| refusals::pipeline_invalid(&format!("{path} {message}")))?;
    if let Some(name) = given.keys().find(|name| !declared.iter().any(|known| names::same(&known.name, name)))
    {
        return Err(refusals::pipeline_invalid(&format!("{path}: Unexpected parameter '{name}'")));
    }
    for known in &declared {
        let value = given.iter().find(|(name, _)| names::same(&known.name, name)).map(|(_, value)| value);
        let text = value.and_then(Value::as_str).unwrap_or_default();
        if value.is_some() && known.is_object && !yaml::is_object(text) {
            let message = format!("{path}: The '{}' parameter is not a valid Object.", known.name);
            return Err(refusals::pipeline_invalid(&message));
        }
    }
    let missing = declared
        .iter()
        .find(|known| !known.has_default && !given.keys().any(|name| names::same(&known.name, name)));
    match missing {
        Some(parameter) => Err(refusals::pipeline_invalid(&format!(
            "{path}: A value for the '{}' parameter must be provided.",
            parameter.name
        ))),
        None => Ok(()),
    }
}

pub(super) fn check_variables(pipeline: &Pipeline, given: &Map<String, Value>) -> Result<(), Response> {
    // The service's own variable for verbose logs is always settable.
    let settable = |name: &String| {
        names::same(name, "system.debug")
            || pipeline.settable.iter().any(|known| names::same(known, name))
            || pipeline
                .rest
                .get("variables")
                .and_then(|all| all.get(name))
                .is_some_and(|known| known["allowOverride"] == true)
    };
    let refused: Vec<&str> = given.keys().filter(|name| !settable(name)).map(String::as_str).collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(refusals::pipeline_invalid(&format!(
        "See https://aka.ms/AzPipelines/SettingVariablesAtQueueTime - You can't set the following variables ({}). \
         If you want to be able to set these variables, then edit the pipeline and select Settable at queue time \
         on the variables tab of the pipeline editor.",
        refused.join(",")
    )))
}
