//! Who is asking, and the projects.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::call::page;
use crate::route::Placement;
use crate::route::RequiredScopes;
use crate::route::Route;
use crate::state::Organization;
use crate::world::AnonymousIdentity;

const PROFILE_OR_PROJECT: &[&str] = &["vso.profile", "vso.project"];

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route {
        place: Placement::Organization,
        released: None,
        needs: RequiredScopes::Nothing,
        anonymous: true,
        ..Route::of(
            "GET",
            "connectionData",
            &[],
            RequiredPermissions::Nothing("it says who is asking"),
            connection_data,
        )
    },
    Route {
        place: Placement::Organization,
        ..Route::of("GET", "projects", PROFILE_OR_PROJECT, RequiredPermissions::SEE_PROJECT, list_projects)
    },
    Route {
        place: Placement::Organization,
        ..Route::of(
            "GET",
            "projects/{project}",
            PROFILE_OR_PROJECT,
            RequiredPermissions::SEE_PROJECT,
            get_project,
        )
    },
];

fn connection_data(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let identity = identity(organization, call);
    let mut services = json!({
        "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
        "defaultAccessMappingMoniker": "PublicAccessMapping",
        "lastChangeId": 1,
        "lastChangeId64": 1,
    });
    if call.query("connectOptions").is_some_and(|options| matches!(options, "1" | "includeServices")) {
        let point = format!("{}/", call.base);
        services["clientCacheFresh"] = json!(false);
        services["clientCacheTimeToLive"] = json!(3600);
        services["accessMappings"] = json!([{
            "displayName": "Host Guid Access Mapping",
            "moniker": "PublicAccessMapping",
            "accessPoint": point,
            "serviceOwner": services["serviceOwner"],
            "virtualDirectory": organization.name,
        }]);
        services["serviceDefinitions"] = json!([]);
    }
    Ok(Response::ok(&json!({
        "authenticatedUser": identity,
        "authorizedUser": identity,
        "instanceId": organization.id,
        "deploymentId": organization.settings.deployment,
        "deploymentType": if organization.settings.server.is_some() { "onPremises" } else { "hosted" },
        "locationServiceData": services,
    })))
}

fn identity(organization: &Organization, call: &Call<'_>) -> Value {
    let Some(user) = call.user else {
        let id = match organization.settings.switches.anonymous_identity {
            AnonymousIdentity::PublicAccess => Uuid::from_bytes([0xaa; 16]),
            AnonymousIdentity::Zero => Uuid::nil(),
        };
        return json!({
            "id": id,
            "descriptor": format!("System:PublicAccess;{id}"),
            "subjectDescriptor": format!("Microsoft.TeamFoundation.UnauthenticatedIdentity;{id}"),
            "providerDisplayName": "Anonymous",
            "isActive": true,
            "resourceVersion": 2,
            "metaTypeId": 0,
        });
    };
    let user = &organization.users[user];
    json!({
        "id": user.id,
        "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{}\\{}", organization.id, user.email),
        "subjectDescriptor": shapes::descriptor(user),
        "providerDisplayName": user.name,
        "isActive": true,
        "properties": { "Account": { "$type": "System.String", "$value": user.email } },
        "resourceVersion": 2,
        "metaTypeId": 0,
    })
}

fn list_projects(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let state = call.query("stateFilter").unwrap_or("wellFormed");
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let visible: Vec<Value> = organization
        .projects
        .iter()
        .filter(|project| {
            !hidden && (state.eq_ignore_ascii_case("all") || project.state.eq_ignore_ascii_case(state))
        })
        .map(|project| shapes::project(call, project))
        .collect();
    // The service's continuation token for projects is an offset, as `$skip` is.
    let skip = call.number("continuationToken").or_else(|| call.number("$skip")).unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (value, next) = page(visible, skip, top);
    Ok(Response::list(value).continued(next))
}

fn get_project(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = shapes::project_position(organization, call, call.captured[0], StatusCode::NOT_FOUND)?;
    let project = &organization.projects[position];
    let mut value = shapes::project(call, project);
    let url = format!("{}/_apis/projects/{}", call.base, project.id);
    value["_links"] =
        json!({ "self": { "href": url }, "web": { "href": format!("{}/{}", call.base, project.name) } });
    value["defaultTeam"] = json!({
        "id": project.team,
        "name": format!("{} Team", project.name),
        "url": format!("{url}/teams/{}", project.team),
    });
    if call.flag("includeCapabilities") {
        value["capabilities"] = json!({
            "processTemplate": { "templateName": "Basic", "templateTypeId": "b8a3a935-7e91-48b8-a94c-606d37c3e9f2" },
            "versioncontrol": { "sourceControlType": "Git", "gitEnabled": "True", "tfvcEnabled": "False" },
        });
    }
    Ok(Response::ok(&value))
}
