//! The iterators over the files and the folders in a folder.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;
use crate::files::FolderEntry;
use crate::files::PathKind;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::nodes::loops::iterator::Items;
use crate::hosts::bot::nodes::loops::iterator::IteratorType;
use crate::hosts::bot::nodes::loops::iterator::LoopItems;
use crate::hosts::bot::nodes::loops::iterator::part;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::dates;

pub(super) const FILES: IteratorType = IteratorType {
    package: "File",
    names: &["loop.iterators.files"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.files", "packageName": "File" },
  "attributes": [ { "name": "folderPath", "value": { "type": "STRING", "expression": "$folder$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "dictionary" } }"#,
    item: Expected::Dictionary,
    read: |checker, raw| read(checker, raw, PathKind::File),
};

pub(super) const FOLDERS: IteratorType = IteratorType {
    package: "Folder",
    names: &["loop.iterators.folders"],
    example: r#"{ "name": "iterator",
  "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.folders", "packageName": "Folder" },
  "attributes": [ { "name": "folderPath", "value": { "type": "STRING", "expression": "$folder$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#,
    item: Expected::Text,
    read: |checker, raw| read(checker, raw, PathKind::Folder),
};

#[derive(Debug)]
struct FolderItems {
    path: Expr,
    kind: PathKind,
}

fn read(checker: &mut Checker<'_>, raw: &RawAttribute, kind: PathKind) -> Option<Box<dyn LoopItems>> {
    let path = part(checker, raw, "folderPath", Expected::Text);
    if let Some(path) = path.as_ref().and_then(Expr::constant).and_then(|value| value.as_text()) {
        let folder = checker.around.folder;
        checker.parsed("folderPath", folder.kind_of(path));
    }
    Some(Box::new(FolderItems { path: path?, kind }))
}

impl LoopItems for FolderItems {
    /// Returns a record for each file, the name for each folder; ordered by name
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error> {
        let entries = frame.folder().folders().entries(&self.path.text(&frame.scope)?, self.kind)?;
        let kind = self.kind;
        Ok(Box::new(entries.into_iter().map(move |entry| match kind {
            PathKind::File => Value::Dictionary(record(entry)),
            PathKind::Folder => Value::from(entry.name),
        })))
    }
}

fn record(entry: FolderEntry) -> Dictionary {
    let (name, extension) = match entry.name.rsplit_once('.') {
        Some((name, extension)) if !name.is_empty() => (name, extension),
        _ => (entry.name.as_str(), ""),
    };
    let modified = entry.modified.and_then(|at| Timestamp::try_from(at).ok());
    let modified = modified.map(|at| dates::to_text(&at.to_zoned(TimeZone::system())));
    let size = i64::try_from(entry.size).unwrap_or(i64::MAX);
    let members: [(&str, Value); 5] = [
        ("name", name.into()),
        ("extension", extension.into()),
        ("path", entry.path.to_string_lossy().into_owned().into()),
        ("size", size.into()),
        ("lastModified", modified.unwrap_or_default().into()),
    ];
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
