//! The generated files of the package.

use crate::package::action_schema;
use crate::package::actions;
use crate::package::invocation_schema;
use crate::package::json_file;
use crate::package::manifest::hash_file;
use crate::package::manifest::manifest_text;
use crate::package::outcome_schema;
use crate::package::reference;

/// Returns the generated files: the path from the project root, and the text
///
/// They are committed and never edited; a test fails when one of them differs.
pub fn artefacts() -> Vec<(String, String)> {
    let manifest = manifest_text();
    let mut files = vec![
        ("src/package/manifest/hash.txt".to_owned(), hash_file(&manifest)),
        ("package-manifest.json".to_owned(), manifest),
        ("schemas/invocation.json".to_owned(), json_file(&invocation_schema())),
        ("schemas/outcome.json".to_owned(), json_file(&outcome_schema())),
        ("docs/actions.md".to_owned(), reference::actions_page()),
        ("docs/errors.md".to_owned(), reference::errors_page()),
    ];
    let schema = |card| json_file(&action_schema(card));
    files.extend(actions().iter().map(|card| (format!("schemas/{}.json", card.name), schema(card))));
    files
}
