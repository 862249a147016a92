//! Lists of access control: what each user is allowed and denied, by security token. They are only read; a world says who
//! is denied what.

use serde_json::Map;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::auth::permissions::Namespace;
use crate::auth::permissions::namespaces;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::User;

const ACCESS_CONTROL_LISTS: ApiResource = ApiResource::new(
    &service_areas::SECURITY,
    "18a2ad18-7571-46ae-bec7-0c7da1495885",
    "AccessControlLists",
    "accesscontrollists/{securityNamespaceId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &ACCESS_CONTROL_LISTS,
    "GET",
    "accesscontrollists/{namespace}",
    &[],
    RequiredPermissions::Nothing("the lists that the caller may not read are left out"),
    list,
)
.at(Placement::Organization)];

/// What a user is denied for a security token: everywhere, or in one repository.
enum Denials<'o> {
    Everywhere,
    In(&'o str),
}

/// The security tokens of a namespace that have a list.
fn tokens<'o>(organization: &'o Organization, namespace: &Namespace) -> Vec<(String, Denials<'o>)> {
    let each = |token: fn(&Project) -> String| {
        organization.projects.iter().map(move |project| (token(project), Denials::Everywhere)).collect()
    };
    match namespace.name {
        "Git Repositories" => {
            let project = |project: &Project| format!("repoV2/{}", project.id);
            let mut all: Vec<(String, Denials<'o>)> = each(project);
            for held in &organization.projects {
                let own = held.repositories.iter().filter(|repository| {
                    let name = repository.name.to_lowercase();
                    organization.users.iter().any(|user| user.denied_in.contains_key(&name))
                });
                all.extend(own.map(|repository| {
                    (format!("{}/{}", project(held), repository.id), Denials::In(&repository.name))
                }));
            }
            all
        }
        "Build" | "ReleaseManagement" => each(|project| project.id.to_string()),
        "Project" => each(|project| format!("$PROJECT:vstfs:///Classification/TeamProject/{}", project.id)),
        "Environment" => each(|project| format!("Environments/{}", project.id)),
        "Collection" => {
            vec![(organization.settings.switches.collection_token.spelling().to_owned(), Denials::Everywhere)]
        }
        _ => Vec::new(),
    }
}

/// The bits that a user is allowed and denied for a security token.
fn bits(namespace: &Namespace, user: &User, denials: &Denials<'_>) -> (u32, u32) {
    let own = match denials {
        Denials::Everywhere => Some(&user.denied),
        Denials::In(repository) => user.denied_in.get(&repository.to_lowercase()),
    };
    let sum = |wanted: bool| {
        let fits = namespace
            .permissions
            .iter()
            .filter(|permission| own.is_some_and(|denied| denied.contains(permission)) == wanted);
        fits.map(|permission| permission.place().1).sum::<u32>()
    };
    match denials {
        Denials::Everywhere => (sum(false), sum(true)),
        // A repository inherits what is allowed.
        Denials::In(_) => (0, sum(true)),
    }
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted = call.captured[0];
    let namespace = namespaces().into_iter().find(|known| known.id.eq_ignore_ascii_case(wanted));
    let namespace = namespace.ok_or_else(|| refusals::namespace_not_found(wanted))?;
    let (token, recurses) = (call.query("token"), call.flag("recurse"));
    let fits = |known: &str| {
        token.is_none_or(|token| {
            let (token, known) = (token.to_lowercase(), known.to_lowercase());
            let below = format!("{}{}", token.trim_end_matches('/'), namespace.separator);
            known == token || (recurses && known.starts_with(&below))
        })
    };
    let descriptors: Option<Vec<&str>> = call.query("descriptors").map(|all| all.split(',').collect());
    let extended = call.flag("includeExtendedInfo");
    let mut shown = Vec::new();
    for (token, denials) in tokens(organization, &namespace).into_iter().filter(|(token, _)| fits(token)) {
        let mut entries = Map::new();
        for user in &organization.users {
            let descriptor = shapes::identity_descriptor(organization, user);
            let (allow, deny) = bits(&namespace, user, &denials);
            let asked = descriptors
                .as_ref()
                .is_none_or(|all| all.iter().any(|one| one.eq_ignore_ascii_case(&descriptor)));
            if !asked || (allow == 0 && deny == 0) {
                continue;
            }
            let mut entry = json!({ "descriptor": descriptor, "allow": allow, "deny": deny });
            if extended {
                entry["extendedInfo"] = json!({ "effectiveAllow": allow, "effectiveDeny": deny });
            }
            entries.insert(descriptor, entry);
        }
        shown.push(json!({ "inheritPermissions": true, "token": token, "acesDictionary": entries }));
    }
    Ok(Response::list(shown))
}
