//! A push: what git has received is checked and applied to the state, or refused in git's report.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::io;
use std::sync::Mutex;

use super::mirror::Mirror;
use super::packets::Command;
use super::packets::Commands;
use super::process::CgiResponse;
use super::target::GitJob;
use crate::auth::Permission;
use crate::http::refusals;
use crate::lock::locked;
use crate::state::State;
use crate::state::Unseen;
use crate::state::User;
use crate::state::git::AnnotatedTag;
use crate::state::git::Commit;
use crate::state::git::ObjectId;
use crate::state::git::PushRecord;
use crate::state::git::Repository;

/// What a command brings.
struct Received<'a> {
    command: &'a Command,
    tag: Option<AnnotatedTag>,
    commits: Vec<Commit>,
    /// Whether the ref loses none of its commits.
    goes_forward: bool,
}

/// Applies what git has accepted, and returns git's response with the refusals of the service.
pub(super) fn receive(
    state: &Mutex<State>,
    job: &GitJob,
    mirror: &mut Mirror,
    body: &[u8],
    response: CgiResponse,
) -> io::Result<CgiResponse> {
    let commands = Commands::of(body);
    let accepted = commands.accepted(&response.body);
    let known: HashSet<ObjectId> = match job.repository_in(&mut locked(state)) {
        Some(repository) => repository.refs.values().copied().collect(),
        None => HashSet::new(),
    };
    let mut refused = BTreeMap::new();
    let mut received = Vec::new();
    for command in accepted {
        let (tag, commits) = match command.new {
            ObjectId::ZERO => (None, Vec::new()),
            new => match mirror.read(new, &known)? {
                Ok(read) => read,
                Err(why) => {
                    refused.insert(command.name.clone(), why);
                    continue;
                }
            },
        };
        let goes_forward = command.old == ObjectId::ZERO
            || (command.new != ObjectId::ZERO && mirror.is_ancestor(command.old, command.new));
        received.push(Received { command, tag, commits, goes_forward });
    }
    apply(state, job, received, commands.is_atomic, &mut refused);
    if refused.is_empty() {
        return Ok(response);
    }
    Ok(CgiResponse { body: commands.refused(&response.body, &refused), ..response })
}

/// Applies the commands that permissions, policies and other pushes allow.
fn apply(
    state: &Mutex<State>,
    job: &GitJob,
    received: Vec<Received<'_>>,
    is_atomic: bool,
    refused: &mut BTreeMap<String, String>,
) {
    let mut state = locked(state);
    let Some(organization) = state.organizations.get_mut(job.organization) else { return };
    let (at, users) = (organization.now(), organization.users.clone());
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let Some(repository) = job.repository_in(&mut state) else { return };
    for one in &received {
        if let Err(why) = allowed(repository, &users, job.user, one) {
            refused.insert(one.command.name.clone(), why);
        }
    }
    if is_atomic && !refused.is_empty() {
        for one in &received {
            let name = one.command.name.clone();
            refused.entry(name).or_insert_with(|| "atomic push failed".to_owned());
        }
    }
    for Received { command, tag, commits, .. } in received {
        let Command { old, new, name } = command.clone();
        if refused.contains_key(&name) {
            continue;
        }
        repository.add_commits(commits);
        if let Some(tag) = tag.filter(|tag| repository.annotated_tag(tag.id).is_none()) {
            repository.tags.push(tag);
        }
        if new == ObjectId::ZERO {
            repository.remove_ref(&name);
        } else {
            repository.refs.insert(name.clone(), new);
        }
        if repository.default_branch.is_none() && name.starts_with("refs/heads/") {
            repository.default_branch = Some(name.clone());
        }
        repository.record(PushRecord {
            number: 0,
            at,
            pusher: job.user,
            name,
            old,
            new,
            unseen: unseen.clone(),
        });
    }
}

/// Checks a command. `Err` is the reason for the report, in the words of the service.
fn allowed(repository: &Repository, users: &[User], pusher: usize, one: &Received<'_>) -> Result<(), String> {
    let (Command { old, new, name }, user) = (one.command, &users[pusher]);
    let current = repository.refs.get(name).copied();
    if current.unwrap_or_default() != *old {
        return Err("TF401028: The reference has already been updated by another client.".to_owned());
    }
    if let Some(by) = repository.locked_by_another(name, pusher) {
        return Err(refusals::locked_ref(name, &users[by].name));
    }
    let guarded = repository.policies.iter().any(|policy| policy.guards(name));
    if current.is_some() && guarded {
        return Err(refusals::REJECTED_BY_POLICY.to_owned());
    }
    let needed = match (current, *new) {
        (None, _) if name.starts_with("refs/tags/") => Permission::CreateTag,
        (None, _) => Permission::CreateBranch,
        (Some(_), ObjectId::ZERO) => Permission::ForcePush,
        (Some(_), _) if !one.goes_forward => Permission::ForcePush,
        _ => Permission::GenericContribute,
    };
    if user.may_not_in(&repository.name, needed) {
        return Err(refusals::git_permission(needed, &user.name, "branch"));
    }
    Ok(())
}
