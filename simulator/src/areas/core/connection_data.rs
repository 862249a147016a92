//! Connection data: the user of a token, and the organization.

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::choice::CONNECT_OPTIONS;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::world::AnonymousIdentity;

const CONNECTION_DATA: ApiResource = ApiResource::new(
    &service_areas::LOCATION,
    "00d9565f-ed9c-4a06-9a50-00e7896ccab4",
    "ConnectionData",
    "connectionData",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &CONNECTION_DATA,
    "GET",
    "connectionData",
    &[],
    RequiredPermissions::Nothing("it identifies the caller"),
    connection_data,
)
.recorded()
.at(Placement::Organization)
.preview()
.anonymous()];

fn connection_data(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let identity = identity(organization, call);
    let mut services = json!({
        "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
        "defaultAccessMappingMoniker": "PublicAccessMapping",
        "lastChangeId": 1,
        "lastChangeId64": 1,
    });
    if call
        .query("connectOptions")
        .is_some_and(|options| CONNECT_OPTIONS.names(options).contains(&"includeServices"))
    {
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
        "descriptor": shapes::identity_descriptor(organization, user),
        "subjectDescriptor": shapes::descriptor(user),
        "providerDisplayName": user.name,
        "customDisplayName": user.name,
        "isActive": true,
        "properties": { "Account": { "$type": "System.String", "$value": user.email } },
        "resourceVersion": 2,
        "metaTypeId": 0,
    })
}
