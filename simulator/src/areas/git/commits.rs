//! Commits, and the resolution of version descriptors.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::choice::VERSION_TYPE;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::git::Commit;
use crate::state::git::Files;
use crate::state::git::PushRecord;
use crate::state::git::Repository;
use crate::state::git::Signature;
use crate::state::git::objects::changed;
use crate::state::git::objects::tree_id;

const COMMITS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "c2570c3b-5b3f-41b8-98bf-5407bfde8d58",
    "commits",
    "git/repositories/{repositoryId}/commits/{commitId}",
    2,
);
const CHANGES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "5bf884f5-3e07-42e9-afb8-1b872267bf16",
    "changes",
    "git/repositories/{repositoryId}/commits/{commitId}/changes",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &COMMITS,
        "GET",
        "git/repositories/{repository}/commits",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &COMMITS,
        "GET",
        "git/repositories/{repository}/commits/{commit}",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        get,
    )
    .at(Placement::Either),
    Route::new(
        &CHANGES,
        "GET",
        "git/repositories/{repository}/commits/{commit}/changes",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        changes,
    )
    .at(Placement::Either),
];

/// The maximum length of a message in a list.
const LONGEST_LINE: usize = 100;

/// A commit.
pub(super) fn shape(call: &Call<'_>, project: &Project, repository: &Repository, commit: &Commit) -> Value {
    let parents: Vec<String> = commit.parents.iter().map(ToString::to_string).collect();
    json!({
        "commitId": commit.id.to_string(),
        "treeId": commit.tree.to_string(),
        "author": signature(&commit.author),
        "committer": signature(&commit.committer),
        "comment": commit.message,
        "parents": parents,
        "url": format!("{}/{}/_apis/git/repositories/{}/commits/{}", call.base, project.id, repository.id, commit.id),
    })
}

/// A commit in a list: with a shortened message, without parents and tree.
pub(super) fn in_list(call: &Call<'_>, project: &Project, repository: &Repository, commit: &Commit) -> Value {
    let mut value = shape(call, project, repository, commit);
    for part in ["parents", "treeId"] {
        value.as_object_mut().map(|value| value.remove(part));
    }
    let line = commit.message.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(LONGEST_LINE).collect();
    if cut != commit.message {
        value["comment"] = json!(cut);
        value["commentTruncated"] = json!(true);
    }
    value
}

/// The page of a commit.
fn remote_url(call: &Call<'_>, project: &Project, repository: &Repository, commit: &Commit) -> String {
    let (project, name) = (percent_encoded(&project.name), percent_encoded(&repository.name));
    format!("{}/{project}/_git/{name}/commit/{}", call.base, commit.id)
}

/// A commit in a list of commits: with its page, and how many files it changed in which way.
fn listed(call: &Call<'_>, project: &Project, repository: &Repository, commit: &Commit) -> Value {
    let mut value = in_list(call, project, repository, commit);
    let parent = commit.parents.first().and_then(|id| repository.commit(*id));
    let before = parent.map(|parent| &parent.files);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in changed(before.unwrap_or(&Files::new()), &commit.files) {
        let was = before.is_some_and(|files| files.contains_key(&path));
        let kind = match (was, commit.files.contains_key(&path)) {
            (false, _) => "Add",
            (true, false) => "Delete",
            (true, true) => "Edit",
        };
        *counts.entry(kind).or_default() += 1;
    }
    value["changeCounts"] = json!(counts);
    value["remoteUrl"] = json!(remote_url(call, project, repository, commit));
    value
}

/// A commit alone: with its page, its links and the push that brought it.
fn alone(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    commit: &Commit,
) -> Value {
    let mut value = shape(call, project, repository, commit);
    let url = value["url"].as_str().unwrap_or_default().to_owned();
    let page = remote_url(call, project, repository, commit);
    let base = format!("{}/{}/_apis/git/repositories/{}", call.base, project.id, repository.id);
    value["_links"] = shapes::links([
        ("self", url.clone()),
        ("repository", base.clone()),
        ("changes", format!("{url}/changes")),
        ("web", page.clone()),
        ("tree", format!("{base}/trees/{}", commit.tree)),
    ]);
    value["remoteUrl"] = json!(page);
    let brought = |push: &&PushRecord| repository.history(push.new).any(|reached| reached.id == commit.id);
    if let Some(push) = repository.pushes.iter().find(brought) {
        value["push"] = json!({
            "pushedBy": shapes::user(call, &organization.users[push.pusher]),
            "pushId": push.number,
            "date": shapes::moment(push.at),
        });
    }
    value
}

fn signature(signature: &Signature) -> Value {
    json!({ "name": signature.name, "email": signature.email, "date": shapes::moment(signature.at) })
}

/// Returns the commit of a request, and its descriptor in the service's words. `prefix` is the prefix of the
/// descriptor's query parameters; the shorter, older names are accepted as well.
pub(super) fn resolve<'r>(
    repository: &'r Repository,
    call: &Call<'_>,
    prefix: &str,
) -> Result<(&'r Commit, String), Response> {
    let parameter = |name: &str| call.query(&format!("{prefix}.{name}")).or_else(|| call.query(name));
    at_version(repository, parameter("versionType").unwrap_or("branch"), parameter("version"))
}

/// Returns the commit of a version of this type, by default the default branch, and its descriptor.
pub(super) fn at_version<'r>(
    repository: &'r Repository,
    kind: &str,
    version: Option<&str>,
) -> Result<(&'r Commit, String), Response> {
    let kind = VERSION_TYPE.name(kind);
    let Some(version) = version.filter(|version| !version.is_empty()) else {
        let tip =
            repository.default_branch.as_deref().and_then(|name| Some((name, repository.at_ref(name)?)));
        let (name, commit) = tip.ok_or_else(|| refusals::no_branches(&repository.name))?;
        return Ok((commit, format!("Branch: {}", name.trim_start_matches("refs/heads/"))));
    };
    let (commit, descriptor) = match kind {
        "commit" => (version.parse().ok().and_then(|id| repository.commit(id)), format!("Commit: {version}")),
        "tag" => (repository.at_ref(&format!("refs/tags/{version}")), format!("Tag: {version}")),
        _ => {
            let name = format!("refs/heads/{version}");
            let seen = repository.at_ref(&name).filter(|_| repository.shows(&name));
            (seen, format!("Branch: {version}"))
        }
    };
    match commit {
        Some(commit) => Ok((commit, descriptor)),
        None => Err(refusals::version_not_found(&descriptor, &repository.name)),
    }
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let named = call.query("searchCriteria.itemVersion.version").is_some();
    if !named && repository.refs.is_empty() {
        return Ok(Response::list(Vec::new()));
    }
    let (tip, _) = resolve(repository, call, "searchCriteria.itemVersion")?;
    let number = |name: &str| call.number(&format!("searchCriteria.{name}")).or_else(|| call.number(name));
    let skip = number("$skip").unwrap_or(0);
    let top = number("$top").unwrap_or(organization.settings.switches.page_size);
    let criteria = Criteria::of(call);
    let mut all: Vec<&Commit> =
        repository.history(tip.id).filter(|commit| criteria.fit(repository, commit)).collect();
    if call.flag("searchCriteria.showOldestCommitsFirst") {
        all.reverse();
    }
    let page = all.into_iter().skip(skip).take(top);
    Ok(Response::list(page.map(|commit| listed(call, project, repository, commit)).collect()))
}

/// The filters of the list of commits.
struct Criteria<'a> {
    path: Option<&'a str>,
    ids: Option<Vec<&'a str>>,
    author: Option<String>,
    /// Who committed.
    user: Option<String>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
}

impl<'a> Criteria<'a> {
    fn of(call: &'a Call<'_>) -> Criteria<'a> {
        let text = |name: &str| call.query(&format!("searchCriteria.{name}")).filter(|text| !text.is_empty());
        let moment = |name: &str| OffsetDateTime::parse(text(name)?, &Rfc3339).ok();
        Criteria {
            path: text("itemPath").map(|path| path.trim_matches('/')),
            ids: text("ids").map(|ids| ids.split(',').collect()),
            author: text("author").map(str::to_lowercase),
            user: text("user").map(str::to_lowercase),
            from: moment("fromDate"),
            to: moment("toDate"),
        }
    }

    fn fit(&self, repository: &Repository, commit: &Commit) -> bool {
        let author = &commit.author;
        let is_called = |wanted: &String, of: &Signature| {
            [&of.name, &of.email].iter().any(|text| text.to_lowercase().contains(wanted))
        };
        let id = commit.id.to_string();
        self.from.is_none_or(|from| author.at >= from)
            && self.to.is_none_or(|to| author.at <= to)
            && self.ids.as_ref().is_none_or(|wanted| wanted.contains(&id.as_str()))
            && self.author.as_ref().is_none_or(|wanted| is_called(wanted, author))
            && self.user.as_ref().is_none_or(|wanted| is_called(wanted, &commit.committer))
            && self.path.is_none_or(|path| touches(repository, commit, path))
    }
}

/// Returns whether a commit changed a file, or a file in a folder, against its first parent.
fn touches(repository: &Repository, commit: &Commit, path: &str) -> bool {
    let nothing = Files::new();
    let before = commit.parents.first().and_then(|id| repository.commit(*id));
    let inside = format!("{path}/");
    changed(before.map_or(&nothing, |before| &before.files), &commit.files)
        .iter()
        .any(|one| path.is_empty() || one == path || one.starts_with(&inside))
}

/// Returns the commit in the path, in the repository with these positions of its project and itself.
fn named<'o>(
    organization: &'o Organization,
    call: &Call<'_>,
    (project, repository): (usize, usize),
) -> Result<(&'o Project, &'o Repository, &'o Commit), Response> {
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let name = call.captured[1];
    let commit = name.parse().ok().and_then(|id| repository.commit(id));
    let commit =
        commit.ok_or_else(|| refusals::version_not_found(&format!("Commit: {name}"), &repository.name))?;
    Ok((project, repository, commit))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = locate_enabled(organization, call)?;
    let (project, repository, commit) = named(organization, call, place)?;
    Ok(Response::ok(&alone(organization, call, project, repository, commit)))
}

/// Returns the changes of a commit against its first parent: the files, and the folders that contain them.
fn changes(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let switches = &organization.settings.switches;
    let top = call.number("top").unwrap_or(switches.page_size).min(switches.longest_page);
    let place = locate_enabled(organization, call)?;
    let (project, repository, commit) = named(organization, call, place)?;
    let parent = commit.parents.first().and_then(|id| repository.commit(*id));
    let (counts, all) = difference(call, project, repository, parent, commit);
    let skip = call.number("skip").unwrap_or(0);
    let shown: Vec<Value> = all.into_iter().skip(skip).take(top).collect();
    Ok(Response::ok(&json!({ "changeCounts": counts, "changes": shown })))
}

/// The changes between two commits: how many of each kind, and the files with the folders that contain them.
pub(super) fn difference(
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    from: Option<&Commit>,
    to: &Commit,
) -> (BTreeMap<&'static str, usize>, Vec<Value>) {
    let nothing = Files::new();
    let before = from.map_or(&nothing, |from| &from.files);
    let paths = changed(before, &to.files);
    let folders: BTreeSet<&str> =
        paths.iter().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end])).collect();
    let folder = |files: &Files, path: &str| {
        let inside = format!("{path}/");
        let there = files.range(inside.clone()..).next().is_some_and(|(path, _)| path.starts_with(&inside));
        there.then(|| tree_id(files, &inside))
    };
    let file = |files: &Files, path: &str| files.get(path).map(|blob| blob.id);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all: Vec<(String, Value)> = Vec::new();
    let rows = folders.into_iter().map(|path| (path, true, folder(before, path), folder(&to.files, path)));
    let files = paths.iter().map(|path| (path.as_str(), false, file(before, path), file(&to.files, path)));
    for (path, is_folder, old, new) in rows.chain(files) {
        let (change, counted) = match (old, new) {
            (None, _) => ("add", "Add"),
            (_, None) => ("delete", "Delete"),
            _ => ("edit", "Edit"),
        };
        *counts.entry(counted).or_default() += 1;
        let mut item = json!({
            "gitObjectType": if is_folder { "tree" } else { "blob" },
            "commitId": to.id.to_string(),
            "path": format!("/{path}"),
            "url": format!(
                "{}/{}/_apis/git/repositories/{}/items/{}?versionType=Commit&version={}",
                call.base, project.id, repository.id, percent_encoded(path), to.id
            ),
        });
        if let Some(id) = new {
            item["objectId"] = json!(id.to_string());
        }
        if let Some(id) = old {
            item["originalObjectId"] = json!(id.to_string());
        }
        if is_folder {
            item["isFolder"] = json!(true);
        }
        all.push((path.to_owned(), json!({ "item": item, "changeType": change })));
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    (counts, all.into_iter().map(|(_, change)| change).collect())
}
