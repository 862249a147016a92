//! Reads what the simulator needs of a committed pipeline file: whether it is YAML, its template parameters and stages.

use saphyr::LoadableYamlNode;
use saphyr::Yaml;

/// A declared template parameter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// A run must set a parameter that has no default.
    pub(crate) has_default: bool,
    /// Whether it is of type object, whose values are lists and mappings.
    pub(crate) is_object: bool,
}

/// Returns the parameters under `parameters:`, in either form (a list with `name`, or the older mapping of names to
/// defaults).
///
/// # Errors
/// If the file is not YAML: the error with line and column, as the service writes it.
pub(crate) fn parameters(text: &str) -> Result<Vec<Parameter>, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| {
        let marker = error.marker();
        format!("(Line: {}, Col: {}): {}", marker.line(), marker.col() + 1, error.info())
    })?;
    let Some(root) = documents.first().filter(|root| root.is_mapping()) else {
        return Err("(Line: 1, Col: 1): A mapping was expected".to_owned());
    };
    let Some(declared) = root.as_mapping_get("parameters") else { return Ok(Vec::new()) };
    if let Some(list) = declared.as_sequence() {
        return Ok(list.iter().filter_map(listed).collect());
    }
    let mapping = declared.as_mapping().into_iter().flatten();
    Ok(mapping
        .filter_map(|(name, _)| {
            Some(Parameter { name: name.as_str()?.to_owned(), has_default: true, is_object: false })
        })
        .collect())
}

/// Returns the names of the stages under `stages:`, in order.
pub(crate) fn stages(text: &str) -> Vec<String> {
    let documents = Yaml::load_from_str(text).unwrap_or_default();
    let declared = documents.first().and_then(|root| root.as_mapping_get("stages")?.as_sequence());
    let name = |entry: &Yaml| Some(entry.as_mapping_get("stage")?.as_str()?.to_owned());
    declared.into_iter().flatten().filter_map(name).collect()
}

/// Returns whether a text is a list or a mapping in YAML.
pub(crate) fn is_object(text: &str) -> bool {
    let documents = Yaml::load_from_str(text).unwrap_or_default();
    documents.first().is_some_and(|root| root.is_mapping() || root.is_sequence())
}

fn listed(entry: &Yaml) -> Option<Parameter> {
    let name = entry.as_mapping_get("name")?.as_str()?.to_owned();
    let is_object = entry.as_mapping_get("type").and_then(Yaml::as_str) == Some("object");
    Some(Parameter { name, has_default: entry.as_mapping_get("default").is_some(), is_object })
}

#[cfg(test)]
mod tests {
    use super::parameters;

    fn read(text: &str) -> Vec<(String, bool)> {
        let declared = parameters(text).unwrap();
        declared.into_iter().map(|parameter| (parameter.name, parameter.has_default)).collect()
    }

    #[test]
    fn both_forms_are_read() {
        let list = "parameters:\n- name: a\n  default: x\n- name: b\n  type: boolean\nsteps: []\n";
        assert_eq!(read(list), [("a".to_owned(), true), ("b".to_owned(), false)]);
        assert_eq!(read("parameters:\n  a: x\n"), [("a".to_owned(), true)]);
        assert_eq!(read("steps: []\n"), []);
    }

    #[test]
    fn stages_are_read() {
        assert_eq!(
            super::stages("stages:\n- stage: Build\n- stage: Deploy\n  jobs: []\n"),
            ["Build", "Deploy"]
        );
        assert!(super::stages("steps: []\n").is_empty());
    }

    #[test]
    fn an_error_has_line_and_column() {
        let error = parameters("steps:\n  - script: [\n").unwrap_err();
        assert!(error.starts_with("(Line: "), "{error}");
        assert!(parameters("").is_err());
        assert!(parameters("just text").is_err());
    }
}
