//! Connect, Disconnect and Check session: all outcomes.

use azdo_bot::Package;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Value;
use azdo_bot::contract::WarningCode;
use azdo_simulator::Fault;
use azdo_simulator::Simulator;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::code;
use crate::flow::support::text;
use crate::flow::support::world;

#[tokio::test]
async fn connect_returns_the_user_the_project_and_a_handle() {
    let house = House::new().await;
    let outcome =
        house.connect(&house.root, None, json!({ "projectName": "fabrikam" })).await.expect("it connects");
    assert!(outcome.session.expect("a handle").to_string().starts_with("azdo-session:"));
    assert_eq!(outcome.requests, 2);
    assert_eq!(text(&outcome.outputs, "projectName"), "Fabrikam", "as the service spells it");
    assert!(!text(&outcome.outputs, "user").is_empty() && !text(&outcome.outputs, "projectId").is_empty());
    assert_eq!(outcome.warnings, []);
}

#[tokio::test]
async fn the_error_for_a_missing_project_has_similar_names_after_one_more_request() {
    let house = House::new().await;
    let failure = house
        .connect(&house.root, None, json!({ "projectName": "Fabricam" }))
        .await
        .expect_err("no such project");
    assert_eq!(failure.error.code(), ErrorCode::ProjectNotFound);
    let shown = format!("{} {}", failure.error.message(), failure.error.help_text());
    assert!(shown.contains("Fabricam") && shown.contains("Fabrikam"), "{shown}");
    assert_eq!(failure.requests, 3);
    assert!(!house.dispatcher.end(&house.root).expect("it ends").iter().any(|_| true), "no session is open");
}

#[tokio::test]
async fn each_method_signs_in_only_with_its_own_credential() {
    let house = House::new().await;
    let entra = |credential: serde_json::Value| json!({ "authenticationMethod": "ENTRA", "entraCredential": credential });
    let token = house.simulator.entra_token("fabrikam").expect("it is there");
    for (credential, warnings) in [(json!("entra:bot"), 0), (json!({ "insecure": token }), 1)] {
        let child = house.child();
        let outcome = house.connect(&child, None, entra(credential)).await.expect("it connects");
        assert_eq!(outcome.warnings.len(), warnings);
    }
    // Inputs of the other method are ignored.
    for (inputs, missing) in [
        (json!({ "authenticationMethod": "ENTRA" }), "entraCredential"),
        (json!({ "personalAccessToken": null, "entraCredential": "entra:bot" }), "personalAccessToken"),
    ] {
        let error = house.connect(&house.root, None, inputs).await.expect_err("it is missing").error;
        assert_eq!(error.message(), format!("connect: the field \"{missing}\" is missing"));
        assert_eq!((error.code(), error.context_value("field")), (ErrorCode::InputInvalid, Some(missing)));
    }
}

#[tokio::test]
async fn each_magic_token_fails_with_its_own_message() {
    let house = House::new().await;
    for (token, expected) in [
        (azdo_simulator::EXPIRED_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::REVOKED_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::SIGNIN_PAGE_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::REDIRECT_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::ANONYMOUS_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::UNAUTHORIZED_JSON_TOKEN, ErrorCode::AuthFailed),
        (azdo_simulator::CONDITIONAL_ACCESS_TOKEN, ErrorCode::PermissionDenied),
    ] {
        let outcome =
            house.connect(&house.root, None, json!({ "personalAccessToken": { "insecure": token } })).await;
        let error = outcome.expect_err(token).error;
        assert_eq!(error.code(), expected, "{token}: {error:?}");
        assert!(!format!("{error:?}").contains(token), "{error:?}");
    }
}

#[tokio::test]
async fn missing_and_disabled_organizations_have_their_own_errors() {
    let world = crate::flow::support::world().organization(
        azdo_simulator::Organization::named("asleep").condition(azdo_simulator::Condition::Deactivated),
    );
    let house = House::with(world).await;
    let connect = |url: &'static str| house.connect(&house.root, None, json!({ "organizationUrl": url }));
    assert_eq!(code(connect("https://dev.azure.com/missing").await), ErrorCode::OrganizationNotFound);
    assert_eq!(code(connect("https://dev.azure.com/asleep").await), ErrorCode::OrganizationDisabled);
    assert_eq!(code(connect("https://tfs.example/Main").await), ErrorCode::OrganizationInvalidUrl);
    assert_eq!(
        code(connect("https://dev.azure.com/fabrikam/Fabrikam").await),
        ErrorCode::OrganizationInvalidUrl
    );
    let legacy = connect("https://Fabrikam.visualstudio.com/DefaultCollection").await;
    assert!(legacy.is_ok(), "the older spelling is the same organization");
}

#[tokio::test]
async fn an_insecure_string_works_gives_a_warning_and_is_masked() {
    let house = House::new().await;
    let token = house.simulator.token("fabrikam").expect("there is one");
    let outcome =
        house.connect(&house.root, None, json!({ "personalAccessToken": { "insecure": token } })).await;
    let warnings = outcome.expect("it connects").warnings;
    let codes: Vec<WarningCode> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [WarningCode::InsecureString]);
    let masker = house.dispatcher.masker(&house.root).expect("the run is there");
    assert_eq!(masker.mask(&format!("before {token} after")), "before ******** after");
}

#[tokio::test]
async fn a_token_in_a_string_variable_is_not_said_to_be_typed_into_the_flow() {
    let house = House::new().await;
    let token = house.simulator.token("fabrikam").expect("there is one");
    for given in [json!(token), json!({ "insecure": token })] {
        let more = json!({ "personalAccessToken": given, "ifSessionExists": "REPLACE" });
        let warnings = house.connect(&house.root, None, more).await.expect("it connects").warnings;
        assert_eq!(warnings[0].code, WarningCode::InsecureString);
        assert!(!warnings[0].message.contains("typed"), "{}", warnings[0].message);
    }
}

#[tokio::test]
async fn a_server_without_encryption_has_a_warning() {
    let simulator = Simulator::start(world(), 0).await.expect("a port on loopback is free");
    let host = format!("localhost:{}", simulator.address().port());
    let package = Package::builder().allow_plain_http(&host).build().expect("the defaults are valid");
    let run = package.start_bot_run().expect("a root starts");
    let inputs = [
        ("personalAccessToken", simulator.token("fabrikam").expect("there is one")),
        ("organizationUrl", format!("http://{host}/fabrikam")),
        ("projectName", "Fabrikam".to_owned()),
    ];
    let warnings = run.execute("connect", inputs).await.expect("it connects").warnings;
    let codes: Vec<WarningCode> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [WarningCode::InsecureString, WarningCode::PlainHttp]);
    assert!(warnings[1].message.contains(&host), "{}", warnings[1].message);
}

#[tokio::test]
async fn a_session_name_in_use_is_refused_reused_or_replaced() {
    let house = House::new().await;
    let first = house.connect_root().await;
    assert_eq!(code(house.connect(&house.root, None, json!({})).await), ErrorCode::SessionNameInUse);

    house.simulator.clear_journal();
    let reused = house
        .connect(&house.root, None, json!({ "ifSessionExists": "REUSE" }))
        .await
        .expect("the same access");
    assert_eq!(reused.session, Some(first));
    assert_eq!(reused.outputs.get("reused"), Some(&Value::from(true)));
    assert_eq!(house.requests(), Vec::<String>::new());
    let other = json!({ "ifSessionExists": "REUSE", "projectName": "Archive" });
    assert_eq!(code(house.connect(&house.root, None, other).await), ErrorCode::SessionNameInUse);

    let replace = json!({ "ifSessionExists": "REPLACE", "projectName": "Archive" });
    let second =
        house.connect(&house.root, None, replace).await.expect("it connects").session.expect("a handle");
    assert_ne!(second, first);
    assert_eq!(
        code(house.execute(&house.root, "getProject", json!({ "session": first.to_string() })).await),
        ErrorCode::SessionClosed
    );
    assert_eq!(text(&house.ok("getProject", json!({})).await, "name"), "Archive");
}

#[tokio::test]
async fn a_failed_replace_leaves_the_old_session_open() {
    let house = House::connected().await;
    let replace = json!({ "ifSessionExists": "REPLACE", "projectName": "Nowhere" });
    assert_eq!(code(house.connect(&house.root, None, replace).await), ErrorCode::ProjectNotFound);
    assert_eq!(text(&house.ok("getProject", json!({})).await, "name"), "Fabrikam");
}

#[tokio::test]
async fn disconnect_names_the_session_that_it_does_not_find() {
    let house = House::connected().await;
    assert_eq!(
        house.error("disconnect", json!({ "session": "Defualt" })).await.code(),
        ErrorCode::SessionNotFound
    );
    house.ok("disconnect", json!({})).await;
    assert_eq!(house.error("disconnect", json!({})).await.code(), ErrorCode::SessionClosed);
    assert_eq!(house.error("listRepositories", json!({})).await.code(), ErrorCode::SessionClosed);
    assert_eq!(
        house.error("disconnect", json!({ "session": "excel-session:1" })).await.code(),
        ErrorCode::SessionWrongType
    );
}

#[tokio::test]
async fn check_session_returns_whether_the_session_is_open_and_its_token_valid() {
    let house = House::connected().await;
    let there = house.ok("checkSession", json!({})).await;
    assert_eq!(
        (there.get("open"), there.get("tokenAccepted")),
        (Some(&Value::from(true)), Some(&Value::from(true)))
    );
    let nowhere = house.ok("checkSession", json!({ "session": "Nowhere" })).await;
    assert_eq!(nowhere.get("open"), Some(&Value::from(false)));

    let token = house.simulator.token("fabrikam").expect("there is one");
    house.simulator.revoke(&token);
    let revoked = house.ok("checkSession", json!({})).await;
    assert_eq!(
        (revoked.get("open"), revoked.get("tokenAccepted")),
        (Some(&Value::from(true)), Some(&Value::from(false)))
    );
    house.ok("disconnect", json!({})).await;
    assert_eq!(house.ok("checkSession", json!({})).await.get("open"), Some(&Value::from(false)));
}

#[tokio::test]
async fn only_connect_has_a_target_and_its_time_limit_applies() {
    let house = House::new().await;
    let invocation =
        azdo_bot::Invocation::new(house.root.clone(), "listRepositories", azdo_bot::Dictionary::new())
            .target(Some(SessionTarget::Variable));
    let outcome = house.dispatcher.execute(invocation, &azdo_bot::contract::Silent).await;
    assert_eq!(code(outcome), ErrorCode::InputInvalid);

    house.simulator.fault(Fault::on("GET /fabrikam/_apis/connectionData*").stall());
    let outcome = house.connect(&house.root, None, json!({ "timeLimit": 1 })).await;
    assert_eq!(code(outcome), ErrorCode::DeadlineExceeded);
    house.connect_root().await;
}
