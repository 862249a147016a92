//! The conditions on files and folders: one exists, or does not.

use std::time::Duration;

use crate::contract::Error;
use crate::files::PathKind;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::condition::test::ConditionType;
use crate::hosts::bot::nodes::condition::test::Test;
use crate::hosts::bot::nodes::condition::test::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

pub(super) const FILE_EXISTS: ConditionType = ConditionType {
    package: "File",
    names: &["fileExists", "fileExist"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "fileExists", "packageName": "File" },
  "attributes": [
    { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } },
    { "name": "waitTimeout", "value": { "type": "NUMBER", "number": "0" } } ] }"#,
    read: |checker, raw| read(checker, raw, "filePath", PathKind::File, true),
};

pub(super) const FILE_MISSING: ConditionType = ConditionType {
    package: "File",
    names: &["fileNotExists", "fileDoesNotExists", "fileDoesNotExist", "fileNotExist"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "fileNotExists", "packageName": "File" },
  "attributes": [ { "name": "filePath", "value": { "type": "FILE", "expression": "file://$path$" } } ] }"#,
    read: |checker, raw| read(checker, raw, "filePath", PathKind::File, false),
};

pub(super) const FOLDER_EXISTS: ConditionType = ConditionType {
    package: "Folder",
    names: &["folderExists", "folderExist"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "folderExists", "packageName": "Folder" },
  "attributes": [
    { "name": "folderPath", "value": { "type": "STRING", "expression": "$path$" } },
    { "name": "waitTimeout", "value": { "type": "NUMBER", "number": "5" } } ] }"#,
    read: |checker, raw| read(checker, raw, "folderPath", PathKind::Folder, true),
};

pub(super) const FOLDER_MISSING: ConditionType = ConditionType {
    package: "Folder",
    names: &["folderDoesNotExists", "folderDoesNotExist", "folderNotExists", "folderNotExist"],
    example: r#"{ "name": "condition",
  "value": { "type": "CONDITIONAL", "conditionalName": "folderDoesNotExists", "packageName": "Folder" },
  "attributes": [ { "name": "folderPath", "value": { "type": "STRING", "expression": "$path$" } } ] }"#,
    read: |checker, raw| read(checker, raw, "folderPath", PathKind::Folder, false),
};

#[derive(Debug)]
struct PlaceTest {
    path: Expr,
    kind: PathKind,
    exists: bool,
    /// Seconds to wait for the result
    patience: Option<Expr>,
}

fn read(
    checker: &mut Checker<'_>,
    raw: &RawAttribute,
    name: &str,
    kind: PathKind,
    exists: bool,
) -> Option<Box<dyn Test>> {
    let path = part(checker, raw, name, Expected::Text);
    if let Some(path) = path.as_ref().and_then(Expr::constant).and_then(|value| value.as_text()) {
        let folder = checker.around.folder;
        checker.parsed(name, folder.kind_of(path));
    }
    let patience = match raw.attributes.named("waitTimeout").filter(|found| found.value.is_given()) {
        Some(_) => Some(part(checker, raw, "waitTimeout", Expected::Number)?),
        None => None,
    };
    Some(Box::new(PlaceTest { path: path?, kind, exists, patience }))
}

impl Test for PlaceTest {
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error> {
        let found = frame.folder().kind_of(&self.path.text(&frame.scope)?)?;
        Ok((found == Some(self.kind)) == self.exists)
    }

    fn patience(&self, frame: &Frame<'_>) -> Result<Duration, Error> {
        let Some(seconds) = &self.patience else { return Ok(Duration::ZERO) };
        Duration::try_from_secs_f64(seconds.number(&frame.scope)?.to_decimal())
            .map_err(|_| expression_error("\"waitTimeout\" is negative or too long"))
    }
}
