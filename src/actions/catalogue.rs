//! The catalogue: every group of actions, and an action by its name in any host's spelling.

use std::collections::HashMap;

use once_cell::sync::Lazy;

use crate::actions::approvals;
use crate::actions::branches;
use crate::actions::commits;
use crate::actions::environments;
use crate::actions::files;
use crate::actions::git_tags;
use crate::actions::pipeline_runs;
use crate::actions::pipelines;
use crate::actions::projects;
use crate::actions::pull_requests;
use crate::actions::releases;
use crate::actions::repositories;
use crate::actions::reviews;
use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;
use crate::actions::session;
use crate::actions::test_results;
use crate::actions::variable_groups;
use crate::actions::work_item_links;
use crate::actions::work_items;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;

/// The catalogue: every group, in the order a designer shows them
pub static CATALOGUE: &[Group] = &[
    session::GROUP,
    projects::GROUP,
    repositories::GROUP,
    branches::GROUP,
    git_tags::GROUP,
    commits::GROUP,
    files::GROUP,
    pull_requests::GROUP,
    reviews::GROUP,
    pipelines::GROUP,
    pipeline_runs::GROUP,
    test_results::GROUP,
    releases::GROUP,
    approvals::GROUP,
    environments::GROUP,
    variable_groups::GROUP,
    work_items::GROUP,
    work_item_links::GROUP,
];

static BY_NAME: Lazy<HashMap<String, &'static Entry>> = Lazy::new(|| {
    let names = |entry: &'static Entry| [entry.name(), plain(entry.words)].map(|name| (name, entry));
    entries().flat_map(names).collect()
});

/// Returns every action, in the catalogue's order
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().flat_map(|group| group.actions)
}

/// Returns an action by its name: `createRepository`, `create-repository`, `Create Repository`, `create_repository`
pub fn entry(name: &str) -> Option<&'static Entry> {
    // No name of an action is longer; a text of any length from a caller must not be copied.
    if name.len() > 128 {
        return None;
    }
    // Bot files and JSON-RPC have the first spelling, which needs no copy.
    BY_NAME.get(name).or_else(|| BY_NAME.get(&plain(name))).copied()
}

/// Returns the group with this label, whatever its case and separators: `pull-requests`
pub fn group(name: &str) -> Option<&'static Group> {
    CATALOGUE.iter().find(|group| plain(group.label) == plain(name))
}

/// Returns `; did you mean …?` with the action whose name is most like this one, or nothing
pub fn similar_action(name: &str) -> String {
    let near = nearest(name, entries().map(|entry| entry.words)).and_then(entry);
    did_you_mean(near.map(Entry::name).as_deref())
}

/// Returns the error for an unknown action
pub fn unknown_action(name: &str) -> Error {
    let hint = similar_action(name);
    let message = format!("there is no action \"{}\"{hint}", printable(name, 256));
    let error = Error::new(ErrorCode::ActionUnknown, message);
    if holds_token(name) { error.help(TOKEN_AS_NAME) } else { error }
}

/// Returns a name without case and separators, which differ between hosts
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}
