//! What the server offers: the flags of its operator, and the check of each call against them.

use crate::contract::Credential;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TextKind as _;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::dispatch::DeniedAction;
use crate::package;
use crate::package::ActionCard;
use crate::package::AttributeType;
use crate::package::Effect;

/// The actions that are tools of their own unless groups are given; `run_action` reaches the others
const DEFAULT_TOOLS: &[&str] = &[
    "connect",
    "disconnect",
    "listRepositories",
    "listRepositoryFiles",
    "getRepositoryFile",
    "commitFiles",
    "createBranch",
    "listPullRequests",
    "getPullRequest",
    "createPullRequest",
    "commentOnPullRequest",
    "listPipelines",
    "runPipeline",
    "listPipelineRuns",
    "waitForPipelineRun",
    "readPipelineRunLogs",
    "queryWorkItems",
    "getWorkItem",
    "createWorkItem",
    "updateWorkItem",
];

/// What the server offers
#[derive(Debug, Default)]
pub struct Offer {
    read_only: bool,
    /// The headings of the groups; `None` for all
    groups: Option<Vec<&'static str>>,
    destructive: bool,
    plain_tokens: bool,
}

impl Offer {
    /// Creates an offer of every action that destroys nothing
    pub fn new() -> Self {
        Self::default()
    }

    /// Offers only actions that read
    #[must_use]
    pub fn read_only(self, read_only: bool) -> Self {
        Offer { read_only, ..self }
    }

    /// Offers actions that destroy something too
    #[must_use]
    pub fn destructive(self, destructive: bool) -> Self {
        Offer { destructive, ..self }
    }

    /// Accepts a token itself as an argument, and not only a reference to it
    #[must_use]
    pub fn plain_tokens(self, plain_tokens: bool) -> Self {
        Offer { plain_tokens, ..self }
    }

    /// Offers only the actions of these groups, and those of sessions
    ///
    /// A group is named by its heading or the last word of it: `pull-requests`, `runs`. Errors: `input.invalid`.
    pub fn groups(self, names: &[String]) -> Result<Self, Error> {
        if names.is_empty() {
            return Ok(self);
        }
        let groups = names.iter().map(|name| group(name)).collect::<Result<_, _>>()?;
        Ok(Offer { groups: Some(groups), ..self })
    }

    /// Returns whether nothing is offered that changes something
    pub(super) fn only_reads(&self) -> bool {
        self.read_only
    }

    /// Returns whether something is offered that destroys something
    pub(super) fn may_destroy(&self) -> bool {
        self.destructive && !self.read_only
    }

    /// Returns the actions that are tools of their own
    pub(super) fn tools(&self, denied: &[DeniedAction]) -> Vec<&'static ActionCard> {
        let chosen: Vec<&'static ActionCard> = match &self.groups {
            Some(_) => package::actions().to_vec(),
            None => DEFAULT_TOOLS.iter().filter_map(|name| package::action(name)).collect(),
        };
        let is_denied = |card: &ActionCard| denied.iter().any(|one| one.action == card.name);
        let offered = |card: &ActionCard| self.check_action(card).is_ok();
        chosen.into_iter().filter(|card| offered(card) && !is_denied(card)).collect()
    }

    /// Checks a call
    ///
    /// Errors: `policy.denied`.
    pub(super) fn check(&self, card: &ActionCard, inputs: &Dictionary) -> Result<(), Error> {
        self.check_action(card)?;
        for also in card.also_performs() {
            if inputs.get(also.field).is_some_and(|set| also.is(set))
                && let Some(other) = package::action(also.action)
            {
                let what = format!("{} with {} = {}", card.words, also.field, also.value);
                self.check_effect(&what, other)?;
            }
        }
        if self.plain_tokens {
            return Ok(());
        }
        let credentials = card.attributes.iter().filter(|one| one.kind == AttributeType::Credential);
        for field in credentials.map(|one| &one.name) {
            if inputs.get(field).is_some_and(is_plain_token) {
                return Err(denied(format!("{}: the field \"{field}\" has a token, and this server accepts references only", card.words))
                    .with("field", field)
                    .help(
                        "Pass a reference such as env:NAME, file:PATH or vault:PATH#KEY. The operator of the server allows tokens \
                         as arguments with --allow-plain-tokens. Anyone who can read this conversation can read the token: revoke it.",
                    ));
            }
        }
        Ok(())
    }

    /// Returns whether an action can be called at all
    pub(super) fn check_action(&self, card: &ActionCard) -> Result<(), Error> {
        if let Some(groups) = &self.groups
            && !groups.contains(&card.group)
            && card.group != session_group()
        {
            return Err(denied(format!("{} is not in a group that this server offers", card.words)).help(
                format!("The server was started with --groups, without the group \"{}\".", card.group),
            ));
        }
        self.check_effect(card.words, card)
    }

    fn check_effect(&self, what: &str, card: &ActionCard) -> Result<(), Error> {
        match card.effect {
            Effect::Reads => Ok(()),
            _ if self.read_only => Err(denied(format!("{what} is denied: this server only reads"))
                .help("The server was started with --read-only.")),
            Effect::Destroys if !self.destructive => {
                Err(denied(format!("{what} is denied: this server does not destroy anything"))
                    .help("The operator of the server allows it with --allow-destructive."))
            }
            _ => Ok(()),
        }
    }
}

fn denied(message: String) -> Error {
    Error::new(ErrorCode::PolicyDenied, message)
}

/// Returns whether a value is a token and not a reference to one; an invalid value is left to the action
fn is_plain_token(value: &Value) -> bool {
    match value {
        Value::Text(text) => matches!(Credential::parse(text), Ok(Credential::Insecure(_))),
        Value::Dictionary(members) => members.get("insecure").is_some(),
        _ => false,
    }
}

/// The group of Connect, which every flow needs
fn session_group() -> &'static str {
    package::action("connect").map_or("", |card| card.group)
}

/// Returns the heading of a group
fn group(name: &str) -> Result<&'static str, Error> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], " ");
    let wanted = plain(name);
    let mut headings: Vec<&'static str> = package::actions().iter().map(|card| card.group).collect();
    headings.dedup();
    let is_it = |heading: &&&'static str| {
        let heading = plain(heading);
        heading == wanted || heading.rsplit(' ').next() == Some(wanted.as_str())
    };
    headings.iter().find(is_it).copied().ok_or_else(|| {
        let known: Vec<String> = headings.iter().map(|heading| plain(heading).replace(' ', "-")).collect();
        let hint = did_you_mean(nearest(name, known.iter().map(String::as_str)));
        let message = format!("--groups: there is no group \"{}\"{hint}", printable(name, 64));
        Error::new(ErrorCode::InputInvalid, message).help(format!("The groups are: {}.", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(offer: &Offer, action: &str, inputs: serde_json::Value) -> String {
        let Value::Dictionary(inputs) = Value::from(inputs) else { panic!("inputs are an object") };
        let card = package::action(action).expect("the action exists");
        offer.check(card, &inputs).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn the_default_tools_exist_and_are_about_twenty() {
        let tools = Offer::new().tools(&[]);
        assert_eq!(tools.len(), DEFAULT_TOOLS.len(), "every name is an action");
        assert!((15..=22).contains(&tools.len()));
        assert!(tools.iter().all(|card| card.effect != Effect::Destroys));
    }

    #[test]
    fn a_group_is_named_by_its_heading_or_its_last_word() {
        for (name, heading) in
            [("repositories", "Repositories"), ("runs", "Pipeline runs"), ("pull-requests", "Pull requests")]
        {
            assert_eq!(group(name).expect(name), heading);
        }
        let refused = group("repos").expect_err("there is no such group");
        assert!(refused.message().ends_with("; did you mean \"repositories\"?"), "{}", refused.message());
        assert!(refused.help_text().contains("pipeline-runs"), "{}", refused.help_text());
    }

    #[test]
    fn every_action_and_choice_is_held_to_the_flags() {
        let (reads, all) = (Offer::new().read_only(true), Offer::new().destructive(true));
        for card in package::actions() {
            let none = serde_json::json!({});
            let changes = card.effect != Effect::Reads;
            assert_eq!(!refusal(&reads, &card.name, none.clone()).is_empty(), changes, "{}", card.name);
            let destroys = card.effect == Effect::Destroys;
            assert_eq!(
                !refusal(&Offer::new(), &card.name, none.clone()).is_empty(),
                destroys,
                "{}",
                card.name
            );
            assert_eq!(refusal(&all, &card.name, none), "");
        }
        let create = serde_json::json!({ "ifProjectMissing": "CREATE" });
        let refused = refusal(&reads, "connect", create.clone());
        assert!(refused.contains("connect with ifProjectMissing = CREATE is denied"), "{refused}");
        assert_eq!(refusal(&all, "connect", create), "");
        let groups = Offer::new().groups(&["repositories".to_owned()]).expect("it is a group");
        assert_eq!(refusal(&groups, "disconnect", serde_json::json!({})), "");
        assert!(refusal(&groups, "runPipeline", serde_json::json!({})).contains("policy.denied"));
    }

    #[test]
    fn a_token_is_refused_in_every_form_and_a_reference_is_not() {
        let token = ["abcdefghijklmnop", "qrstuvwxyz234567", "abcdefghijklmnopqrst"].concat();
        for field in ["personalAccessToken", "entraCredential"] {
            for plain in [serde_json::json!(token), serde_json::json!({ "insecure": token })] {
                let refused = refusal(&Offer::new(), "connect", serde_json::json!({ field: plain }));
                assert!(refused.contains(field) && !refused.contains(&token), "{field}");
                let allowed = Offer::new().plain_tokens(true);
                assert_eq!(refusal(&allowed, "connect", serde_json::json!({ field: plain })), "");
            }
            for reference in
                [serde_json::json!("env:AZDO_PAT"), serde_json::json!({ "reference": "file:/x" })]
            {
                assert_eq!(refusal(&Offer::new(), "connect", serde_json::json!({ field: reference })), "");
            }
        }
    }
}
