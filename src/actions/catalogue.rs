//! The catalogue: every group of actions, and an action by its name in any host's spelling.

use std::sync::LazyLock;

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

/// Every action, ordered by the letters of its name
static BY_NAME: LazyLock<Vec<&Entry>> = LazyLock::new(|| {
    let mut entries: Vec<_> = entries().collect();
    entries.sort_unstable_by(|one, other| letters(one.words).cmp(letters(other.words)));
    entries
});

/// Returns every action, in the catalogue's order
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().flat_map(|group| group.actions)
}

/// Returns an action by its name: `createRepository`, `create-repository`, `Create Repository`, `create_repository`
pub fn entry(name: &str) -> Option<&'static Entry> {
    let found = BY_NAME.binary_search_by(|entry| letters(entry.words).cmp(letters(name)));
    found.ok().map(|at| BY_NAME[at])
}

/// Returns the group with this label, whatever its case and separators: `pull-requests`
pub fn group(name: &str) -> Option<&'static Group> {
    CATALOGUE.iter().find(|group| letters(group.label).eq(letters(name)))
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

/// Returns the letters of a name in lower case, without its separators: hosts differ in both
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(|byte| !matches!(byte, b' ' | b'-' | b'_' | b'.'))
        .map(|byte| byte.to_ascii_lowercase())
}
