//! The card of an action: what a host needs to show it, check its inputs and call it.

use std::sync::LazyLock;
use std::sync::OnceLock;

use crate::actions;
use crate::actions::AlsoPerforms;
use crate::actions::ChoiceNeeds;
use crate::actions::Effect;
use crate::actions::Entry;
use crate::actions::Example;
use crate::actions::FileUse;
use crate::actions::LostResponse;
use crate::actions::SessionUse;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Spelling;
use crate::contract::Value;
use crate::package::attribute::Attribute;
use crate::package::attribute::AttributeType;
use crate::package::attribute::Choice;
use crate::package::attribute::OutputField;
use crate::package::attribute::outputs;
use crate::package::attribute::properties;
use crate::package::attribute::required;
use crate::package::attribute::text;
use crate::package::schemas::ActionSchemas;

/// The card of an action
#[non_exhaustive]
pub struct ActionCard {
    /// The name in the manifest, bot files and JSON-RPC: `createRepository`
    pub name: String,
    /// The name in words: `create repository`
    pub words: &'static str,
    /// The label a designer shows: `Create repository`
    pub label: String,
    /// The text of its node in a flow: `Create repository "{{name}}" in session {{session}}`
    pub node: String,
    /// The heading of its group
    pub group: &'static str,
    /// The summary, one line without full stop
    pub summary: String,
    /// The details; may be empty
    pub details: String,
    /// The effect on the service
    pub effect: Effect,
    /// How the outcome is found when the response is lost
    pub lost_response: LostResponse,
    /// The permissions and the token scope that it needs
    pub needs: Needs,
    /// Values of fields that change the needs
    pub choices: &'static [ChoiceNeeds],
    /// The error codes that a flow may branch on
    pub errors: &'static [ErrorCode],
    /// The inputs in the order of the form
    pub attributes: Vec<Attribute>,
    /// The shape of its outputs
    pub returns: Returns,
    /// The outputs
    pub outputs: Vec<OutputField>,
    /// How it uses its session
    pub session_use: SessionUse,
    /// How it uses its files
    pub file_use: FileUse,
    entry: &'static Entry,
}

/// The shape of an action's outputs, as hosts assign them to a variable
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Returns {
    /// A session
    Session,
    /// The outputs as a dictionary
    Dictionary,
    /// The list with this name, which is the only output besides `more`
    List(String),
}

/// The output that shows whether a list is incomplete; it does not count as a second output
const MORE: &str = "more";

/// The place of a card, which is made when it is first asked for: a process that serves a few actions needs few of them
struct CardPlace {
    group: &'static str,
    entry: &'static Entry,
    card: OnceLock<ActionCard>,
}

impl CardPlace {
    fn card(&self) -> &ActionCard {
        self.card.get_or_init(|| ActionCard::of(self.group, self.entry))
    }
}

static PLACES: LazyLock<Vec<CardPlace>> = LazyLock::new(|| {
    let place = |group, entry| CardPlace { group, entry, card: OnceLock::new() };
    actions::CATALOGUE
        .iter()
        .flat_map(|group| group.actions.iter().map(move |entry| place(group.label, entry)))
        .collect()
});

static CARDS: LazyLock<Vec<&'static ActionCard>> =
    LazyLock::new(|| PLACES.iter().map(CardPlace::card).collect());

/// Returns every action, in the catalogue's order
pub fn actions() -> &'static [&'static ActionCard] {
    &CARDS
}

/// Returns an action by its name in any host's spelling
pub fn action(name: &str) -> Option<&'static ActionCard> {
    let entry = actions::entry(name)?;
    PLACES.iter().find(|place| place.entry.words == entry.words).map(CardPlace::card)
}

impl ActionCard {
    fn of(group: &'static str, entry: &'static Entry) -> Self {
        let ActionSchemas { input, output } = ActionSchemas::of(entry);
        let description = text(&input, "description");
        let (summary, details) = description.split_once("\n\n").unwrap_or((&description, ""));
        let required = required(&input);
        let attributes = properties(&input)
            .map(|(name, schema)| Attribute::of(name, schema, required.contains(&name.as_str())));
        let outputs: Vec<OutputField> = outputs(&output).collect();
        let returns = match outputs.iter().filter(|output| output.name != MORE).collect::<Vec<_>>().as_slice()
        {
            _ if entry.returns_session => Returns::Session,
            [only] if only.kind == AttributeType::List => Returns::List(only.name.clone()),
            _ => Returns::Dictionary,
        };
        ActionCard {
            name: entry.name(),
            words: entry.words,
            label: entry.label(),
            node: node(entry.node),
            group,
            summary: summary.replace('\n', " "),
            details: details.to_owned(),
            effect: entry.effect,
            lost_response: entry.lost_response,
            needs: entry.needs,
            choices: entry.choices,
            errors: entry.errors,
            attributes: attributes.collect(),
            returns,
            outputs,
            session_use: entry.session_use,
            file_use: entry.file_use,
            entry,
        }
    }

    /// Returns its name as an MCP tool: `create_repository`
    pub fn tool_name(&self) -> String {
        self.words.replace(' ', "_")
    }

    /// Returns an attribute by its name
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Returns whether the form has a group of further fields with this name: `advanced`
    pub fn has_group(&self, name: &str) -> bool {
        self.attributes.iter().filter_map(Attribute::group_name).any(|group| group == name)
    }

    /// Returns the fields that belong to an option, in order
    pub fn fields_inside<'a>(
        &'a self,
        chooser: &'a Attribute,
        option: &'a Choice,
    ) -> impl Iterator<Item = &'a Attribute> {
        self.attributes.iter().filter(move |one| {
            one.inside.as_ref().is_some_and(|(field, value)| *field == chooser.name && *value == option.value)
        })
    }

    /// Returns the fields in the order of a form: those inside an option follow the field that has the option
    pub fn in_form_order(&self) -> Vec<&Attribute> {
        let mut ordered = Vec::new();
        for attribute in self.attributes.iter().filter(|one| one.inside.is_none()) {
            self.push_with_inner(attribute, &mut ordered);
        }
        ordered
    }

    fn push_with_inner<'a>(&'a self, attribute: &'a Attribute, ordered: &mut Vec<&'a Attribute>) {
        ordered.push(attribute);
        for option in &attribute.options {
            for inner in self.fields_inside(attribute, option) {
                self.push_with_inner(inner, ordered);
            }
        }
    }

    /// Returns the needs if these choices may be made
    pub fn needs_with(&self, may_be: impl Fn(&ChoiceNeeds) -> bool) -> Needs {
        self.choices.iter().find(|one| may_be(one)).map_or(self.needs, |one| one.needs)
    }

    /// Returns the values of its fields with which it does another action's work too
    pub fn also_performs(&self) -> &'static [AlsoPerforms] {
        self.entry.also_performs
    }

    /// Returns examples of its inputs
    pub fn examples(&self) -> Vec<Example> {
        (self.entry.examples)()
    }

    /// Checks inputs without running anything
    pub fn check(&self, inputs: Dictionary) -> Result<(), Error> {
        (self.entry.prepare)(inputs).map(drop)
    }

    /// Checks inputs without running anything, for a host with its own spelling of the fields
    pub fn check_spelled(&self, inputs: Dictionary, spell: Spelling) -> Result<(), Error> {
        (self.entry.check)(inputs, spell)
    }

    /// Checks one input alone, such as a literal of a flow whose other inputs are not known yet
    pub fn check_field(&self, field: &str, value: &Value) -> Result<(), Error> {
        match self.check(Dictionary::from_iter([(field.to_owned(), value.clone())])) {
            Err(error) if belongs_to(&error, field) => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn entry(&self) -> &'static Entry {
        self.entry
    }
}

/// Returns the text of a node with its session
fn node(text: &str) -> String {
    match text.contains("{{session}}") || text.contains("{{returnTo}}") {
        true => text.to_owned(),
        false => format!("{text} in session {{{{session}}}}"),
    }
}

/// Returns whether an error is about a field or a part of it
fn belongs_to(error: &Error, field: &str) -> bool {
    error
        .context_value("field")
        .and_then(|at| at.strip_prefix(field))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
