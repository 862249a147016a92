//! Checks in one round trip what a token and its user can do in a project.
//!
//! One batch evaluates the permissions of the user, and one small read per area shows whether the token has
//! its scope; all requests are sent side by side. The service documents no scope for the batch and may reject
//! a token with selected scopes: then the permissions are unknown, which is not an error.

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::Error;
use crate::contract::Findings;
use crate::contract::Namespace;
use crate::contract::Needs;
use crate::contract::OrganizationForm;
use crate::contract::Permission;
use crate::contract::Scope;
use crate::contract::Secret;
use crate::contract::Sight;
use crate::contract::Standing;
use crate::contract::permissions;
use crate::devops::client::connection::Connection;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;

/// The first version with a separate permission to create pipelines
const CREATE_PIPELINE_SINCE: (u32, u32) = (7, 1);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    always_allow_administrators: bool,
    evaluations: Vec<Evaluation>,
}

/// One evaluation of a batch; the response repeats it and adds the value
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    security_namespace_id: String,
    token: String,
    permissions: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
}

#[derive(Deserialize)]
struct Evaluated {
    evaluations: Vec<Evaluation>,
}

impl ServiceClient<'_> {
    /// Checks which of these needs are met, at project level
    ///
    /// What cannot be checked is unknown. Errors: `auth.failed` if the service no longer accepts the token.
    pub async fn preflight(self, needs: &[Needs]) -> Result<Findings, Error> {
        let pass = self.connection.authenticator.current()?;
        let token = &*pass.token;
        let mut wanted: Vec<Permission> = Vec::new();
        for permission in needs.iter().flat_map(|needs| needs.permissions) {
            if !wanted.contains(permission) {
                wanted.push(*permission);
            }
        }
        let read = async |area: Scope, request: Request<'_>| {
            let scopes = needs.iter().filter_map(|needs| needs.scope);
            if !scopes.map(Scope::least_of_area).any(|least| least == area) {
                return None;
            }
            Some((area, self.observe_scope(token, request).await))
        };
        let (permissions, code, build, release) = tokio::join!(
            self.standings(token, &wanted),
            // Pull requests, because the list of repositories has no pages.
            read(Scope::CodeRead, Request::get(&["git", "pullrequests"])),
            read(Scope::BuildRead, Request::get(&["build", "definitions"])),
            read(Scope::ReleaseRead, Request::get(&["release", "definitions"]).release()),
        );
        // Connect has read the project, so the token has that scope.
        let mut reads = vec![(Scope::ProjectRead, Sight::Seen)];
        reads.extend([code, build, release].into_iter().flatten());
        let stated = self.connection.stated(self.tokens).scopes;
        Ok(Findings { permissions, reads, stated, service: self.connection.organization().service() })
    }

    /// Returns what a small read shows about the scope that it requires
    async fn observe_scope(&self, token: &Secret, request: Request<'_>) -> Sight {
        let request = request.query("$top", "1").list();
        let response = self.try_send(token, &request).await;
        let has_reason = |response: &ServiceResponse| TokenRefusal::of(response, token).is_explained();
        match response.as_ref().map(ServiceResponse::class) {
            // A reason of the service is about the token or its user, not about a scope.
            Some(ResponseClass::Unauthenticated) if response.as_ref().is_some_and(has_reason) => {
                Sight::NotObservable
            }
            Some(ResponseClass::Unauthenticated) => Sight::Missing,
            // The user lacks a permission, but the token has the scope.
            Some(ResponseClass::Success | ResponseClass::Denied(_)) => Sight::Seen,
            _ => Sight::NotObservable,
        }
    }

    async fn standings(&self, token: &Secret, wanted: &[Permission]) -> Vec<(Permission, Standing)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        // An older server does not have the permission to create pipelines.
        let is_replaced = self.connection.organization().form() == OrganizationForm::Other
            && wanted.contains(&permissions::CREATE_PIPELINE);
        let evaluations = wanted
            .iter()
            .chain(is_replaced.then_some(&permissions::EDIT_PIPELINE))
            .flat_map(|permission| self.evaluations(permission))
            .collect();
        let batch = Batch { always_allow_administrators: false, evaluations };
        let request = Request::post(&["security", "permissionevaluationbatch"]).organization_level().asks();
        let response = match request.json(&batch) {
            Ok(request) => self.try_send(token, &request).await,
            Err(_) => None,
        };
        let response = response.filter(|response| response.class() == ResponseClass::Success);
        let evaluated = response.as_ref().and_then(|response| body::decode::<Evaluated>(response).ok());
        let is_older = is_replaced
            && response.as_ref().and_then(version).is_some_and(|version| version < CREATE_PIPELINE_SINCE);
        let standing = |permission: &Permission| {
            let known = match permission {
                one if *one == permissions::CREATE_PIPELINE && is_older => &permissions::EDIT_PIPELINE,
                one => one,
            };
            let evaluated = evaluated.as_ref()?;
            let values: Vec<bool> =
                self.evaluations(known).iter().filter_map(|evaluation| evaluated.value(evaluation)).collect();
            // If a security token has two spellings, the service knows one of them.
            match values.as_slice() {
                [] => None,
                values if values.contains(&true) => Some(Standing::Granted),
                _ => Some(Standing::Denied),
            }
        };
        // Connect has read the project, so the user may view it.
        let fallback = |permission: &Permission| match permission {
            one if *one == permissions::VIEW_PROJECT => Standing::Granted,
            _ => Standing::Unknown,
        };
        wanted.iter().map(|one| (*one, standing(one).unwrap_or_else(|| fallback(one)))).collect()
    }

    /// Returns the evaluations of one permission, one for each spelling of its security token
    fn evaluations(&self, permission: &Permission) -> Vec<Evaluation> {
        let project = &self.connection.project.id;
        let tokens = match permission.namespace {
            Namespace::Project => vec![format!("$PROJECT:vstfs:///Classification/TeamProject/{project}")],
            Namespace::Git => vec![format!("repoV2/{project}")],
            Namespace::Build | Namespace::ReleaseManagement => vec![project.clone()],
            // The security token of an area contains its id, which is not known here.
            Namespace::Areas => Vec::new(),
            Namespace::Collection => vec!["NAMESPACE:".to_owned(), "NAMESPACE".to_owned()],
        };
        let evaluation = |token| Evaluation {
            security_namespace_id: permission.namespace.id().to_owned(),
            token,
            permissions: permission.bit,
            value: None,
        };
        tokens.into_iter().map(evaluation).collect()
    }

    /// Sends a request and returns the response of whatever class, or nothing without a response
    async fn try_send(&self, token: &Secret, request: &Request<'_>) -> Option<ServiceResponse> {
        let Connection { transport, project, .. } = self.connection;
        let url = request.url(&transport.base, &project.id, &[]).ok()?;
        transport.send(self.call, request, &url, token).await.ok()
    }
}

impl Evaluated {
    /// Returns the value of an evaluation; ids and tokens are compared without case
    fn value(&self, evaluation: &Evaluation) -> Option<bool> {
        let same = |one: &&Evaluation| {
            one.security_namespace_id.eq_ignore_ascii_case(&evaluation.security_namespace_id)
                && one.token.eq_ignore_ascii_case(&evaluation.token)
                && one.permissions == evaluation.permissions
        };
        self.evaluations.iter().find(same)?.value
    }
}

/// Returns the API version of a response: `application/json; charset=utf-8; api-version=7.0`
fn version(response: &ServiceResponse) -> Option<(u32, u32)> {
    let media = response.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let version = media.split(';').find_map(|part| part.trim().strip_prefix("api-version="))?;
    let (major, minor) = version.split('-').next()?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;
    use reqwest::header::HeaderValue;

    #[test]
    fn the_version_of_a_response_is_in_its_media_type() {
        let rows = [
            ("application/json; charset=utf-8; api-version=7.1", Some((7, 1))),
            ("application/json; charset=utf-8; api-version=6.0-preview.1", Some((6, 0))),
            ("application/json; charset=utf-8", None),
            ("application/json; api-version=new", None),
        ];
        for (media, expected) in rows {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media))]);
            let response = ServiceResponse::of_test(200, headers, b"");
            assert_eq!(version(&response), expected, "{media}");
        }
    }

    #[test]
    fn a_value_is_found_by_its_evaluation_in_any_order() {
        let evaluated: Evaluated = serde_json::from_str(
            r#"{"evaluations":[
                {"securityNamespaceId":"A","token":"x","permissions":4,"value":false},
                {"securityNamespaceId":"B","token":"X","permissions":4,"value":true},
                {"securityNamespaceId":"B","token":"X","permissions":8,"new":1}]}"#,
        )
        .expect("it is a response");
        let evaluation = |namespace: &str, permissions| Evaluation {
            security_namespace_id: namespace.to_owned(),
            token: "x".to_owned(),
            permissions,
            value: None,
        };
        assert_eq!(evaluated.value(&evaluation("b", 4)), Some(true));
        assert_eq!(evaluated.value(&evaluation("a", 4)), Some(false));
        assert_eq!(evaluated.value(&evaluation("b", 8)), None);
        assert_eq!(evaluated.value(&evaluation("c", 4)), None);
    }
}
