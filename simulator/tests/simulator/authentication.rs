//! Which tokens are accepted, and the responses to the others.

use std::time::Duration;
use std::time::SystemTime;

use azdo_simulator::ANONYMOUS_TOKEN;
use azdo_simulator::AnonymousIdentity;
use azdo_simulator::CONDITIONAL_ACCESS_TOKEN;
use azdo_simulator::Condition;
use azdo_simulator::ConditionalAccess;
use azdo_simulator::EXPIRED_TOKEN;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::REDIRECT_TOKEN;
use azdo_simulator::REVOKED_TOKEN;
use azdo_simulator::Rejection;
use azdo_simulator::SIGNIN_PAGE_TOKEN;
use azdo_simulator::TokenOptions;
use azdo_simulator::UNAUTHORIZED_JSON_TOKEN;
use azdo_simulator::UnknownOrganization;
use azdo_simulator::World;

use crate::client::Answer;
use crate::client::Bench;

const WHO: &str = "/fabrikam/_apis/connectionData?api-version=7.1-preview.1";
const PROJECTS: &str = "/fabrikam/_apis/projects";

/// The parts of a response that do not depend on the request: all but its identifiers.
fn form(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["activityid", "x-vss-e2eid", "x-tfs-session", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn every_refused_token_looks_the_same() {
    let bench = Bench::of(World::hard().organization(Organization::named("contoso"))).await;
    let mint = |options| bench.simulator.mint_token("fabrikam", options).unwrap();
    let revoked = mint(TokenOptions::full());
    assert!(bench.simulator.revoke(&revoked));
    let tokens = [
        ("no scope for it", mint(TokenOptions::with_scopes(["vso.agentpools"]))),
        ("expired", mint(TokenOptions::full().expired())),
        ("revoked", revoked),
        ("made revoked", mint(TokenOptions::full().revoked())),
        ("unknown", "nobody-knows-it".to_owned()),
        ("empty", String::new()),
        ("another organization's", bench.simulator.token("contoso").unwrap()),
        ("special: expired", EXPIRED_TOKEN.to_owned()),
        ("special: revoked", REVOKED_TOKEN.to_owned()),
        ("special: scopes", "simulator-token-with-scopes.vso.agentpools".to_owned()),
    ];
    for (what, token) in tokens {
        let answer = Answer::of(bench.request_as(&token, "GET", PROJECTS)).await;
        assert_eq!((answer.status, answer.body.len()), (401, 0), "{what}");
        assert_eq!(answer.header("content-length"), Some("0"), "{what}");
        assert!(
            answer.header("www-authenticate").unwrap().starts_with("Basic realm=\"http://127.0.0.1:"),
            "{what}"
        );
        assert_eq!(answer.header("content-type"), None, "{what}");
        assert_eq!(answer.header("x-vss-userdata"), None, "{what}");
    }
}

#[tokio::test]
async fn a_missing_scope_looks_like_an_expired_token() {
    let bench = Bench::new().await;
    let poor = bench.simulator.mint_token("fabrikam", TokenOptions::with_scopes(["vso.agentpools"])).unwrap();
    let expired = bench.simulator.mint_token("fabrikam", TokenOptions::full().expired()).unwrap();
    let poor = Answer::of(bench.request_as(&poor, "GET", PROJECTS)).await;
    let expired = Answer::of(bench.request_as(&expired, "GET", PROJECTS)).await;
    assert_eq!(form(&poor), form(&expired));
}

#[tokio::test]
async fn without_suppress_a_rejection_redirects_to_the_sign_in_page() {
    let bench = Bench::new().await;
    for request in [bench.bare("GET", PROJECTS), bench.bare("GET", PROJECTS).basic_auth("", Some("wrong"))] {
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, 302);
        let location = answer.header("location").unwrap();
        let path = location.strip_prefix(&format!("http://{}", bench.simulator.address())).unwrap();
        assert!(path.starts_with("/_signin?realm=dev.azure.com&reply_to="), "{path}");
        let page = Answer::of(bench.bare("GET", path)).await;
        assert_eq!((page.status, page.header("content-type")), (203, Some("text/html; charset=utf-8")));
        assert!(page.text().contains("Sign In"));
    }
}

#[tokio::test]
async fn special_tokens_produce_each_failure() {
    let bench = Bench::of(World::hard().organization(Organization::named("contoso"))).await;
    for organization in ["fabrikam", "contoso"] {
        let path = format!("/{organization}/_apis/connectionData?api-version=7.1-preview.1");
        let send = |token: &'static str| Answer::of(bench.request_as(token, "GET", &path));
        assert_eq!(send(EXPIRED_TOKEN).await.status, 401);
        assert_eq!(send(REDIRECT_TOKEN).await.status, 302);
        let page = send(SIGNIN_PAGE_TOKEN).await;
        assert_eq!((page.status, page.header("content-type")), (203, Some("text/html; charset=utf-8")));
        let json = send(UNAUTHORIZED_JSON_TOKEN).await;
        assert_eq!(json.status, 401);
        assert!(json.body.starts_with("\u{feff}{".as_bytes()) && json.text().contains("TF400813"));
        let access = send(CONDITIONAL_ACCESS_TOKEN).await;
        access.refused(403, "VssServiceException", "VS403463: ");
        let anonymous = send(ANONYMOUS_TOKEN).await;
        let id = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
        assert_eq!(anonymous.expect(200)["authenticatedUser"]["id"], id);
        assert_eq!(anonymous.header("x-vss-userdata"), None);
        assert_eq!(send("simulator-token-with-scopes.vso.agentpools").await.status, 200);
    }
    let answer = Answer::of(bench.request_as(ANONYMOUS_TOKEN, "GET", PROJECTS)).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("TF400813: Resource not available for anonymous access."));
}

#[tokio::test]
async fn an_organization_can_reject_tokens_in_each_form() {
    let rows = [
        (Rejection::Empty, 401),
        (Rejection::Json, 401),
        (Rejection::SignInPage, 203),
        (Rejection::Redirect, 302),
        (Rejection::Anonymous, 200),
    ];
    for (rejects, status) in rows {
        let bench =
            Bench::of(World::hard().organization(Organization::named("fabrikam").rejects(rejects))).await;
        assert_eq!(Answer::of(bench.request_as("wrong", "GET", WHO)).await.status, status, "{rejects:?}");
        assert_eq!(bench.get(WHO).await.status, 200, "{rejects:?}: a good token");
    }
    let open = Organization::named("fabrikam").rejects(Rejection::Anonymous);
    let world = World::hard().organization(open);
    let world = world.switches(|switches| switches.anonymous_identity = AnonymousIdentity::Zero);
    let bench = Bench::of(world).await;
    let answer = Answer::of(bench.request_as("wrong", "GET", WHO)).await;
    assert_eq!(answer.expect(200)["authorizedUser"]["id"], "00000000-0000-0000-0000-000000000000");
}

#[tokio::test]
async fn organizations_can_be_missing_or_deactivated() {
    let world = World::hard()
        .organization(Organization::named("asleep").condition(Condition::Deactivated))
        .organization(Organization::named("fenced").condition(Condition::ConditionalAccess));
    let bench = Bench::of(world).await;
    let answer = bench.get("/nobody/_apis/projects").await;
    assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain; charset=utf-8")));
    assert_eq!(answer.text(), "The resource cannot be found.");

    let answer = bench.get("/asleep/_apis/projects").await;
    assert_eq!((answer.status, answer.header("content-type")), (503, Some("application/json")));
    assert!(answer.text().starts_with("\u{feff}{") && answer.text().contains("TF24668: "));
    assert!(answer.header("x-tfs-serviceerror").unwrap().starts_with("TF24668%3A%20The"));

    bench.get("/fenced/_apis/projects").await.refused(403, "VssServiceException", "VS403463: ");
    assert_eq!(Answer::of(bench.request_as("wrong", "GET", "/fenced/_apis/projects")).await.status, 401);

    let html = World::hard().switches(|switches| switches.unknown_organization = UnknownOrganization::Html);
    let answer = Bench::of(html).await.get("/nobody/_apis/projects").await;
    assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")));
}

#[tokio::test]
async fn a_web_server_or_a_missing_first_sign_in_can_refuse_tokens() {
    let world = World::hard()
        .organization(Organization::named("behind").condition(Condition::IisBasicAuthentication))
        .organization(Organization::named("strange").condition(Condition::NeverSignedIn));
    let bench = Bench::of(world).await;
    let answer = bench.get("/behind/_apis/projects").await;
    let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
    assert_eq!((answer.status, challenges.len()), (401, 3));
    assert_eq!((answer.header("activityid"), answer.header("x-tfs-processid")), (None, None));
    let answer = bench.get("/strange/_apis/projects").await;
    assert_eq!((answer.status, answer.header("x-vss-userdata")), (401, None));
    assert!(answer.text().contains("TF401444: Please sign-in at least once"), "{}", answer.text());
    let unknown = Answer::of(bench.request_as("nobody", "GET", "/strange/_apis/projects")).await;
    assert_eq!((unknown.status, unknown.body.len()), (401, 0), "a bad token is refused as ever");
}

#[tokio::test]
async fn tokens_are_bound_to_time_and_user() {
    let bench = Bench::new().await;
    let soon = SystemTime::now() + Duration::from_secs(3600);
    let token =
        bench.simulator.mint_token("fabrikam", TokenOptions::full().expiring(soon).named("soon")).unwrap();
    assert_eq!(Answer::of(bench.request_as(&token, "GET", PROJECTS)).await.status, 200);
    assert_eq!(bench.simulator.token_named("Fabrikam", "soon"), Some(token));
    assert_eq!(bench.simulator.mint_token("fabrikam", TokenOptions::full().for_user("nobody")), None);
    assert_eq!(bench.simulator.mint_token("nobody", TokenOptions::full()), None);
    assert!(!bench.simulator.revoke("nothing"));
}

#[tokio::test]
async fn a_token_needs_a_basic_header_and_an_entra_token_a_bearer_header() {
    let bench = Bench::new().await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let send = |value: String| {
        let request = bench.bare("GET", PROJECTS).header("X-TFS-FedAuthRedirect", "suppress");
        Answer::of(request.header("Authorization", value))
    };
    assert_eq!(send(format!("Bearer {token}")).await.status, 401);
    assert_eq!(send(format!("Basic {token}")).await.status, 401);
    let entra = bench.simulator.entra_token("fabrikam").unwrap();
    assert_eq!(send(format!("Bearer {entra}")).await.status, 200);
    assert_eq!(
        send(format!("Bearer {}", bench.simulator.entra_token("contoso").unwrap_or_default())).await.status,
        401
    );
    assert_eq!(
        Answer::of(
            bench
                .bare("GET", PROJECTS)
                .header("X-TFS-FedAuthRedirect", "suppress")
                .basic_auth("", Some(&entra))
        )
        .await
        .status,
        401
    );
    let request = bench.bare("GET", PROJECTS).basic_auth("anybody", Some(&token));
    assert_eq!(Answer::of(request).await.status, 200, "the user part counts for nothing");
}

#[tokio::test]
async fn responses_have_the_headers_of_the_service() {
    let bench = Bench::new().await;
    let session = "0f0e0d0c-0000-4000-8000-000000000001";
    let answer = Answer::of(bench.request("GET", PROJECTS).header("X-TFS-Session", session)).await;
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8; api-version=7.1"));
    assert_eq!(answer.header("x-tfs-session"), Some(session));
    assert_eq!(answer.header("activityid"), answer.header("x-vss-e2eid"));
    assert!(answer.header("activityid").unwrap().len() == 36);
    for name in
        ["x-tfs-processid", "x-vss-senderdeploymentid", "x-content-type-options", "cache-control", "p3p"]
    {
        assert!(answer.header(name).is_some(), "{name}");
    }
    let user = bench.get(WHO).await.expect(200)["authenticatedUser"]["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("x-vss-userdata").unwrap(), format!("{user}:bot.runner@fabrikam.example"));
    let other = bench.get(PROJECTS).await;
    assert_ne!(other.header("activityid"), answer.header("activityid"));
}

#[tokio::test]
async fn an_unknown_path_lists_the_imitated_requests() {
    let bench = Bench::new().await;
    for path in
        ["/fabrikam/Fabrikam/_apis/wiki/wikis", "/fabrikam/Fabrikam/_apis/projects", "/fabrikam/Fabrikam"]
    {
        let answer = bench.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain; charset=utf-8")));
        let text = answer.text();
        assert!(text.starts_with(&format!("The controller for path '{path}' was not found")), "{text}");
        assert!(text.contains("GET /{organization}/_apis/connectionData"), "{text}");
        assert!(answer.header("x-tfs-serviceerror").is_some());
    }
    let answer = bench.send("DELETE", PROJECTS, serde_json::json!({})).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")));
    assert_eq!(
        answer.json()["value"]["Message"],
        "The requested resource does not support http method 'DELETE'."
    );
}

#[tokio::test]
async fn names_ignore_case() {
    let bench =
        Bench::of(World::hard().organization(Organization::named("Contoso").project(Project::named("Ä b"))))
            .await;
    let answer = bench.get("/CONTOSO/_APIS/Projects/%C3%A4%20B").await;
    assert_eq!(answer.expect(200)["name"], "Ä b");
}

#[tokio::test]
async fn a_refusal_with_a_reason_has_each_form_that_was_seen() {
    let sentence = "Access Denied: The Personal Access Token used has expired.";
    let header = "Access%20Denied%3A%20The%20Personal%20Access%20Token%20used%20has%20expired.";
    let forms = [
        (Rejection::ExpiredHeader, "header", 401, None, Some(header)),
        (Rejection::ExpiredJson, "json", 401, Some("application/json; charset=utf-8"), None),
        (Rejection::ExpiredPage, "page", 401, Some("text/html; charset=utf-8"), Some(header)),
        (Rejection::ExpiredForbidden, "forbidden", 403, Some("application/json; charset=utf-8"), None),
    ];
    for (form, name, status, media, stated) in forms {
        let bench = Bench::of(World::hard().switches(|switches| switches.expired_token = form)).await;
        let expired = bench.simulator.mint_token("fabrikam", TokenOptions::full().expired()).unwrap();
        for token in [expired, format!("simulator-expired-{name}-token")] {
            let answer = Answer::of(bench.request_as(&token, "GET", WHO)).await;
            assert_eq!((answer.status, answer.header("content-type")), (status, media), "{form:?}");
            assert_eq!(answer.header("x-tfs-serviceerror"), stated, "{form:?}");
            assert_eq!(answer.header("x-vss-userdata"), None, "{form:?}");
            assert_eq!(answer.text().contains(sentence), media.is_some(), "{form:?}");
        }
        let revoked = bench.simulator.mint_token("fabrikam", TokenOptions::full().revoked()).unwrap();
        let answer = Answer::of(bench.request_as(&revoked, "GET", WHO)).await;
        assert_eq!((answer.status, answer.body.len()), (401, 0), "a revoked token has not expired");
    }
    let bench = Bench::new().await;
    let policy = Answer::of(bench.request_as("simulator-global-token-policy-token", "GET", WHO)).await;
    assert_eq!(policy.status, 401);
    assert!(policy.header("x-tfs-serviceerror").unwrap().contains("global%20Personal%20Access%20Token"));
    let member = Answer::of(bench.request_as("simulator-not-a-member-token", "GET", WHO)).await;
    assert_eq!((member.status, member.header("x-vss-userdata")), (401, None));
    assert_eq!(member.json()["typeKey"], "UnauthorizedRequestException");
    assert!(member.text().contains("TF400813: The user '"), "{}", member.text());
}

#[tokio::test]
async fn conditional_access_has_each_form_that_was_seen() {
    for (form, name, status) in [
        (ConditionalAccess::Forbidden, "", 403),
        (ConditionalAccess::Unauthorized, "unauthorized-", 401),
        (ConditionalAccess::Page, "page-", 403),
    ] {
        let fenced = Organization::named("fenced").condition(Condition::ConditionalAccess);
        let world = World::hard().organization(fenced);
        let bench = Bench::of(world.switches(|switches| switches.conditional_access = form)).await;
        let special = format!("simulator-conditional-access-{name}token");
        let answers = [
            bench.get("/fenced/_apis/projects").await,
            Answer::of(bench.request_as(&special, "GET", "/fabrikam/_apis/projects")).await,
        ];
        for answer in answers {
            assert_eq!(answer.status, status, "{form:?}");
            assert!(answer.text().contains("VS403463: The conditional access policy"), "{form:?}");
            assert_eq!(answer.text().contains("<title>"), form == ConditionalAccess::Page, "{form:?}");
        }
    }
}
