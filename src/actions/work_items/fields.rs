//! Fields of work items: writing, reading and comparing them as texts.

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::wire::Person;
use crate::actions::work_items::same_value::means_the_same;

/// One operation of a JSON Patch document
#[derive(Serialize)]
pub(crate) struct Operation<'a> {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<OperationValue<'a>>,
}

/// Whether fields are written to a new work item, or to one that may have other values
#[derive(Clone, Copy)]
enum Target {
    New,
    Existing,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OperationValue<'a> {
    Number(u32),
    Text(&'a str),
    Link(NewLink<'a>),
}

/// A link from a work item to an uploaded file, to another work item, or to something else
#[derive(Serialize)]
pub(crate) struct NewLink<'a> {
    /// The reference name of its type
    pub(crate) rel: &'a str,
    pub(crate) url: &'a str,
    pub(crate) attributes: LinkAttributes<'a>,
}

#[derive(Serialize)]
pub(crate) struct LinkAttributes<'a> {
    /// The name of its type, where the reference name does not say it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<&'a str>,
}

impl<'a> Operation<'a> {
    /// Returns the operation that fails the document if the work item is at another revision
    pub(crate) fn test_revision(revision: u32) -> Self {
        Operation { op: "test", path: "/rev".to_owned(), value: Some(OperationValue::Number(revision)) }
    }

    /// Returns the operation that sets a field to a value, whatever its current value is
    ///
    /// The service joins tags that are added with the current ones, and does nothing when an empty text is added.
    fn write(target: Target, name: &str, value: &'a str) -> Self {
        let (op, value) = match target {
            Target::Existing if name.eq_ignore_ascii_case(TAGS) => ("replace", Some(value)),
            Target::Existing if value.is_empty() => ("remove", None),
            _ => ("add", Some(value)),
        };
        Operation { op, path: format!("/fields/{name}"), value: value.map(OperationValue::Text) }
    }

    /// Returns the operation that makes the value of a field Markdown
    fn markdown(name: &str) -> Self {
        let path = format!("/multilineFieldsFormat/{name}");
        Operation { op: "add", path, value: Some(OperationValue::Text("Markdown")) }
    }

    /// Returns the operation that attaches an uploaded file
    pub(crate) fn attach(url: &'a str, comment: Option<&'a str>) -> Self {
        Operation::link(NewLink {
            rel: "AttachedFile",
            url,
            attributes: LinkAttributes { name: None, comment },
        })
    }

    /// Returns the operation that adds a link
    pub(crate) fn link(link: NewLink<'a>) -> Self {
        Operation { op: "add", path: "/relations/-".to_owned(), value: Some(OperationValue::Link(link)) }
    }

    /// Returns the operation that removes the link at this position of the revision
    pub(crate) fn unlink(at: usize) -> Self {
        Operation { op: "remove", path: format!("/relations/{at}"), value: None }
    }
}

/// The fields to write, each once, and those of them whose values are Markdown
#[derive(Default)]
pub(crate) struct WantedFields {
    values: IndexMap<String, String>,
    markdown: Vec<String>,
}

/// The state of a work item that a change is compared with
#[derive(Clone, Copy)]
pub(crate) struct WorkItemState<'a> {
    pub(crate) fields: Option<&'a Document>,
    /// The formats of long texts by the names of their fields; servers do not have them
    pub(crate) formats: Option<&'a Document>,
}

impl WorkItemState<'_> {
    /// Returns whether the value of a field is Markdown
    fn is_markdown(self, name: &str) -> bool {
        self.formats.into_iter().flat_map(markdown_fields).any(|known| known.eq_ignore_ascii_case(name))
    }
}

impl WantedFields {
    /// Adds a field that has its own input
    pub(crate) fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.values.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// Adds the tags
    pub(crate) fn with_tags(self, tags: Option<&[Tag]>) -> Self {
        let joined = tags.map(|tags| tags.iter().map(Tag::as_str).collect::<Vec<_>>().join("; "));
        self.with(TAGS, joined.as_deref())
    }

    /// Adds fields by their reference names; `action` begins the messages
    ///
    /// Errors: `input.invalid` for an invalid reference name, and for a field that is given twice.
    pub(crate) fn with_fields(
        mut self,
        action: &str,
        fields: &IndexMap<String, ParameterValue>,
    ) -> Result<Self, Error> {
        let invalid = |reason: String| Error::new(ErrorCode::InputInvalid, format!("{action}: {reason}"));
        for (name, value) in fields {
            let shown = printable(name, 256);
            FieldName::parse(name)
                .map_err(|refusal| invalid(format!("fields.{shown}: {}", refusal.reason)))?;
            if self.values.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(invalid(format!("the field \"{shown}\" is given twice")));
            }
            self.values.insert(name.clone(), value.as_str().to_owned());
        }
        Ok(self)
    }

    /// Adds the names of the fields whose values are Markdown
    ///
    /// Errors: `input.invalid` for a field that has no value here.
    pub(crate) fn with_markdown(mut self, action: &str, names: &[FieldName]) -> Result<Self, Error> {
        for name in names.iter().map(FieldName::as_str) {
            let known = self.values.keys().find(|known| known.eq_ignore_ascii_case(name));
            let Some(known) = known else {
                let message = format!("{action}: markdownFields: the field \"{name}\" has no value here");
                return Err(Error::new(ErrorCode::InputInvalid, message)
                    .help("Give the value of the field too, or remove its name.")
                    .with("field", "markdownFields"));
            };
            self.markdown.push(known.clone());
        }
        Ok(self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn formats(&self) -> impl Iterator<Item = Operation<'_>> {
        self.markdown.iter().map(|name| Operation::markdown(name))
    }

    fn wants_markdown(&self, name: &str) -> bool {
        self.markdown.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Returns the operations that write them to a new work item
    pub(crate) fn creation(&self) -> impl Iterator<Item = Operation<'_>> {
        let values = self.values.iter().map(|(name, value)| Operation::write(Target::New, name, value));
        values.chain(self.formats())
    }

    /// Returns the operations that write them to an existing work item
    pub(crate) fn changes(&self) -> impl Iterator<Item = Operation<'_>> {
        let values = self.values.iter().map(|(name, value)| Operation::write(Target::Existing, name, value));
        values.chain(self.formats())
    }

    /// Adds a warning if a field of the response does not have its given value
    pub(crate) fn compare_response(
        &self,
        session: &OpenSession<'_>,
        subject: &str,
        response: WorkItemState<'_>,
    ) {
        let Some(fields) = response.fields else { return };
        let mut differences = Differences::of(subject);
        // A comment belongs to the discussion, and a response does not have to repeat it.
        for (name, given) in self.values.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(HISTORY)) {
            let name = fields
                .iter()
                .map(|(known, _)| known.as_str())
                .find(|known| known.eq_ignore_ascii_case(name))
                .unwrap_or(name);
            let actual = text(fields, name).unwrap_or_default();
            differences.add(name, given, &actual, is(fields, name, given) || means_the_same(given, &actual));
        }
        for name in &self.markdown {
            differences =
                differences.state(&format!("the text of {name}"), "Markdown", response.is_markdown(name));
        }
        differences.warn(session);
    }

    /// Compares the fields of a work item with these, and all other fields with their values before the change
    ///
    /// The service sets some fields itself. Any other field with a different value may have been set by a rule of the
    /// process or by another request: then the comparison has no result.
    pub(crate) fn compare(&self, now: WorkItemState<'_>, before: WorkItemState<'_>) -> Comparison {
        let Some(current) = now.fields else { return Comparison::default() };
        let without = before.fields;
        let given = self.values.iter().all(|(name, wanted)| is(current, name, wanted));
        let formats = match now.formats {
            None => self.markdown.is_empty().then_some(true),
            Some(_) => Some(self.values.keys().all(|name| {
                now.is_markdown(name) == (self.wants_markdown(name) || before.is_markdown(name))
            })),
        };
        let others = without.and_then(|without| {
            let names = current.iter().chain(without.iter()).map(|(name, _)| name.as_str());
            let others = names.filter(|name| {
                !is_own(name) && !self.values.keys().any(|known| known.eq_ignore_ascii_case(name))
            });
            // Only the revision that adds a comment has it.
            let is_same = |name: &str| match name {
                HISTORY => text(current, name).is_none(),
                name => text(current, name) == text(without, name),
            };
            others.into_iter().all(is_same).then_some(true)
        });
        Comparison::default()
            .field("given fields", Some(given))
            .field("formats", formats)
            .field("other fields", others)
    }
}

/// The field for tags, the only one with several values
pub(crate) const TAGS: &str = "System.Tags";

/// The field for comments; only the revision that adds a comment has it
const HISTORY: &str = "System.History";

/// Returns whether a field has this value
fn is(current: &Document, name: &str, wanted: &str) -> bool {
    if let Some(person) = current.get::<Person>(name) {
        let known = [person.unique_name, person.display_name, person.id];
        let address = wanted.strip_suffix('>').and_then(|text| Some(text.rsplit_once('<')?.1));
        let is_called = |known: &String| {
            known.eq_ignore_ascii_case(wanted) || address.is_some_and(|text| known.eq_ignore_ascii_case(text))
        };
        return known.iter().flatten().any(is_called);
    }
    let text = text(current, name).unwrap_or_default();
    text == *wanted || (name == TAGS && same_tags(&text, wanted))
}

/// Returns whether only the service sets a field
fn is_own(name: &str) -> bool {
    const OWN: [&str; 26] = [
        "System.Id",
        "System.Rev",
        "System.Watermark",
        "System.PersonId",
        "System.TeamProject",
        "System.WorkItemType",
        "System.AreaId",
        "System.IterationId",
        "System.NodeName",
        "System.Parent",
        "System.CreatedBy",
        "System.CreatedDate",
        "System.ChangedBy",
        "System.ChangedDate",
        "System.AuthorizedAs",
        "System.AuthorizedDate",
        "System.RevisedDate",
        "System.CommentCount",
        "System.AttachedFileCount",
        "System.ExternalLinkCount",
        "System.HyperLinkCount",
        "System.RelatedLinkCount",
        "System.BoardColumn",
        "System.BoardColumnDone",
        "System.BoardLane",
        "Microsoft.VSTS.Common.StateChangeDate",
    ];
    let is_level = |prefix: &str| name.strip_prefix(prefix).is_some_and(|level| level.parse::<u8>().is_ok());
    OWN.contains(&name) || is_level("System.AreaLevel") || is_level("System.IterationLevel")
}

fn same_tags(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut tags: Vec<String> = tags(text).iter().map(|tag| tag.to_lowercase()).collect();
        tags.sort_unstable();
        tags
    };
    sorted(one) == sorted(other)
}

/// Returns the names of the fields whose values are Markdown
pub(crate) fn markdown_fields(formats: &Document) -> impl Iterator<Item = &str> {
    let is_markdown = |value: &RawValue| value.get().trim_matches('"').eq_ignore_ascii_case("markdown");
    formats.iter().filter(move |(_, value)| is_markdown(value)).map(|(name, _)| name.as_str())
}

/// Returns tags from the service's format: `a; b`
pub(crate) fn tags(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Returns a field as a text: for a person the e-mail address or the name; `None` for a value without a text
pub(crate) fn text(fields: &Document, name: &str) -> Option<String> {
    fields.get::<Box<RawValue>>(name).and_then(|value| as_text(&value))
}

/// Returns all fields that have a text
pub(crate) fn texts(fields: &Document) -> IndexMap<String, String> {
    let named = |(name, value): (&String, &RawValue)| Some((name.clone(), as_text(value)?));
    fields.iter().filter_map(named).collect()
}

fn as_text(value: &RawValue) -> Option<String> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'{' => {
            let person: Person = serde_json::from_str(text).ok()?;
            person.unique_name.filter(|name| !name.is_empty()).or(person.display_name)
        }
        b'[' | b'n' => None,
        _ => Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_text_whatever_the_service_writes() {
        let text = r#"{"A.s":"x","A.n":2.50,"A.b":true,"A.p":{"displayName":"Ann","uniqueName":"ann@x.example"},
            "A.o":{"displayName":"Group"},"A.z":null,"A.l":[1],"A.q":{}}"#;
        let fields: Document = serde_json::from_str(text).expect("it is an object");
        let all: Vec<(String, String)> = texts(&fields).into_iter().collect();
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            row("A.s", "x"),
            row("A.n", "2.50"),
            row("A.b", "true"),
            row("A.p", "ann@x.example"),
            row("A.o", "Group"),
        ];
        assert_eq!(all, expected);
        assert_eq!(super::text(&fields, "A.z"), None);
    }

    #[test]
    fn what_was_wanted_is_found_again() {
        let text = r#"{"System.Title":"t","System.Tags":"b; A","P.Priority":2,
            "System.AssignedTo":{"displayName":"Ann","uniqueName":"ann@x.example","id":"7"}}"#;
        let current: Document = serde_json::from_str(text).expect("it is an object");
        let wanted = |name: &str, value: &str| is(&current, name, value);
        assert!(wanted("System.Title", "t") && !wanted("System.Title", "u"));
        assert!(wanted("System.Tags", "a; b") && !wanted("System.Tags", "a"));
        assert!(wanted("System.AssignedTo", "ANN@x.example") && wanted("System.AssignedTo", "Ann"));
        assert!(!wanted("System.AssignedTo", "Bob") && wanted("P.Priority", "2"));
        assert!(!wanted("System.History", "anything") && wanted("System.Reason", ""));
    }
}
