//! The schemas of an action's inputs and outputs, in a form that every host can read. Decision 0320.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::actions::Entry;
use crate::package::portable_schema::portable_schema;

/// The committed file of each action, with the action's name
static COMMITTED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// The schemas of an action's inputs and outputs
#[derive(Deserialize)]
pub(super) struct ActionSchemas {
    pub(super) input: Json,
    pub(super) output: Json,
}

impl ActionSchemas {
    /// Returns the schemas of an action
    ///
    /// A debug build makes them from the types, so that the tests compare the files with what the types say now.
    pub(super) fn of(entry: &Entry) -> Self {
        let committed = if cfg!(debug_assertions) { None } else { Self::committed(entry) };
        committed.unwrap_or_else(|| Self::made(entry))
    }

    /// Returns the schemas in the file of an action; nothing if it has no file yet
    fn committed(entry: &Entry) -> Option<Self> {
        let name = entry.name();
        let (_, text) = COMMITTED.iter().find(|(action, _)| *action == name)?;
        serde_json::from_str(text).ok()
    }

    /// Makes the schemas from the types
    fn made(entry: &Entry) -> Self {
        ActionSchemas {
            input: portable_schema((entry.input_schema)()),
            output: portable_schema((entry.output_schema)()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;

    #[test]
    fn the_files_have_the_schemas_of_the_types_in_the_same_order() {
        let text = |schemas: &ActionSchemas| format!("{}{}", schemas.input, schemas.output);
        for entry in actions::entries() {
            let committed = ActionSchemas::committed(entry).expect(entry.words);
            assert_eq!(text(&committed), text(&ActionSchemas::made(entry)), "{}", entry.words);
        }
    }
}
