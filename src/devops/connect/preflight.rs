//! What a token and its user can do in a project, asked beforehand in one round trip.
//!
//! One batch evaluates the user's permissions, and one cheap read an area shows whether the token has
//! its scope; all leave side by side. The batch declares no scope, and a token with chosen scopes may
//! be refused it: then the permissions are unknown, which is an answer and no error.

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
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;

/// The first version whose pipelines have a permission of their own to be created with
const CREATE_PIPELINE_SINCE: (u32, u32) = (7, 1);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    always_allow_administrators: bool,
    evaluations: Vec<Evaluation>,
}

/// One question of a batch; the answer repeats it and adds the value
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
    /// Finds out what of these needs is there, at project level: one round trip
    ///
    /// The batch of permissions and one read an area leave side by side. What cannot be found out is
    /// unknown. Errors: `auth.failed` on a session whose token was refused for good.
    pub async fn preflight(&self, needs: &[Needs]) -> Result<Findings, Error> {
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
            // The list of repositories has no pages, that of pull requests has.
            read(Scope::CodeRead, Request::get(&["git", "pullrequests"])),
            read(Scope::BuildRead, Request::get(&["build", "definitions"])),
            read(Scope::ReleaseRead, Request::get(&["release", "definitions"]).release()),
        );
        // Connect has read the project, so the scope for that is there.
        let mut reads = vec![(Scope::ProjectRead, Sight::Seen)];
        reads.extend([code, build, release].into_iter().flatten());
        Ok(Findings { permissions, reads, stated: self.connection.stated(self.tokens).scopes })
    }

    /// What a cheap read shows of the scope it needs
    async fn observe_scope(&self, token: &Secret, request: Request<'_>) -> Sight {
        let request = request.query("$top", "1").list();
        match self.try_send(token, &request).await.map(|response| response.class()) {
            Some(ResponseClass::Unauthenticated) => Sight::Missing,
            // Who is told that he may not has shown a token that may ask.
            Some(ResponseClass::Success | ResponseClass::Denied(_)) => Sight::Seen,
            _ => Sight::NotObservable,
        }
    }

    async fn standings(&self, token: &Secret, wanted: &[Permission]) -> Vec<(Permission, Standing)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        // A server may be older than the permission to create pipelines.
        let instead = self.connection.organization().form() == OrganizationForm::Other
            && wanted.contains(&permissions::CREATE_PIPELINE);
        let evaluations = wanted
            .iter()
            .chain(instead.then_some(&permissions::EDIT_PIPELINE))
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
        let older = instead
            && response.as_ref().and_then(version).is_some_and(|version| version < CREATE_PIPELINE_SINCE);
        let standing = |permission: &Permission| {
            let known = match permission {
                one if *one == permissions::CREATE_PIPELINE && older => &permissions::EDIT_PIPELINE,
                one => one,
            };
            let evaluated = evaluated.as_ref()?;
            let values: Vec<bool> =
                self.evaluations(known).iter().filter_map(|evaluation| evaluated.value(evaluation)).collect();
            // Where a token has two spellings, one of them is the one that the service knows.
            match values.as_slice() {
                [] => None,
                values if values.contains(&true) => Some(Standing::Granted),
                _ => Some(Standing::Denied),
            }
        };
        // Connect has read the project: whoever may not see it is told that it is not there.
        let fallback = |permission: &Permission| match permission {
            one if *one == permissions::VIEW_PROJECT => Standing::Granted,
            _ => Standing::Unknown,
        };
        wanted.iter().map(|one| (*one, standing(one).unwrap_or_else(|| fallback(one)))).collect()
    }

    /// The questions about one permission, one for each spelling of its security token
    fn evaluations(&self, permission: &Permission) -> Vec<Evaluation> {
        let project = &self.connection.project.id;
        let tokens = match permission.namespace {
            Namespace::Project => vec![format!("$PROJECT:vstfs:///Classification/TeamProject/{project}")],
            Namespace::Git => vec![format!("repoV2/{project}")],
            Namespace::Build | Namespace::ReleaseManagement => vec![project.clone()],
            // An area's token has the area's own id, which is not known here: such a question is left out.
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

    /// One question whose refusal is an answer too; nothing when there is none
    async fn try_send(&self, token: &Secret, request: &Request<'_>) -> Option<ServiceResponse> {
        let Connection { transport, project, .. } = self.connection;
        let url = request.url(&transport.base, &project.id, &[]).ok()?;
        transport.send(self.call, request, &url, token).await.ok()
    }
}

impl Evaluated {
    /// What was answered to a question; spellings of ids and tokens compare without case
    fn value(&self, evaluation: &Evaluation) -> Option<bool> {
        let same = |one: &&Evaluation| {
            one.security_namespace_id.eq_ignore_ascii_case(&evaluation.security_namespace_id)
                && one.token.eq_ignore_ascii_case(&evaluation.token)
                && one.permissions == evaluation.permissions
        };
        self.evaluations.iter().find(same)?.value
    }
}

/// The version that an answer was made with: `application/json; charset=utf-8; api-version=7.0`
fn version(response: &ServiceResponse) -> Option<(u32, u32)> {
    let media = response.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let version = media.split(';').find_map(|part| part.trim().strip_prefix("api-version="))?;
    let (major, minor) = version.split('-').next()?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use reqwest::header::HeaderValue;

    #[test]
    fn the_version_of_an_answer_is_in_its_media_type() {
        let rows = [
            ("application/json; charset=utf-8; api-version=7.1", Some((7, 1))),
            ("application/json; charset=utf-8; api-version=6.0-preview.1", Some((6, 0))),
            ("application/json; charset=utf-8", None),
            ("application/json; api-version=new", None),
        ];
        for (media, expected) in rows {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media))]);
            let response =
                ServiceResponse { status: StatusCode::OK, headers, body: Vec::new(), change: None };
            assert_eq!(version(&response), expected, "{media}");
        }
    }

    #[test]
    fn an_answer_is_found_by_its_question_in_any_order() {
        let evaluated: Evaluated = serde_json::from_str(
            r#"{"evaluations":[
                {"securityNamespaceId":"A","token":"x","permissions":4,"value":false},
                {"securityNamespaceId":"B","token":"X","permissions":4,"value":true},
                {"securityNamespaceId":"B","token":"X","permissions":8,"new":1}]}"#,
        )
        .expect("it is an answer");
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
