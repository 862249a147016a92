//! YAML and classic pipelines: listed, created, copied, edited and deleted.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// Returns a fixture with the pipelines `site`, and `nightly` in two folders
async fn house() -> House {
    let in_folder =
        |folder: &str| Pipeline::named("nightly").on("site", "/azure-pipelines.yml").folder(folder);
    let project =
        Project::with_site("Fabrikam").pipeline(in_folder("\\team\\a")).pipeline(in_folder("\\team\\b"));
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    house.connect_root().await;
    house
}

fn writes(house: &House) -> usize {
    house.journal().iter().filter(|entry| entry.method != "GET").count()
}

fn names(outputs: &azdo_bot::contract::Dictionary) -> Vec<&str> {
    let Some(Value::List(pipelines)) = outputs.get("pipelines") else { panic!("a list") };
    let mut names = Vec::new();
    for one in pipelines {
        let Value::Dictionary(one) = one else { panic!("a pipeline") };
        names.push(text(one, "name"));
    }
    names
}

#[tokio::test]
async fn a_list_is_filtered_by_name_and_folder_and_cut_at_its_limit() {
    let house = house().await;
    for (inputs, expected) in [
        (json!({}), vec!["nightly", "nightly", "site"]),
        (json!({ "name": "N*" }), vec!["nightly", "nightly"]),
        (json!({ "name": "*ght*", "folder": "team/b" }), vec!["nightly"]),
        (json!({ "folder": "\\" }), vec!["site"]),
        (json!({ "name": "night" }), vec![]),
    ] {
        assert_eq!(names(&house.ok("listPipelines", inputs.clone()).await), expected, "{inputs}");
    }
    let cut = house.ok("listPipelines", json!({ "limit": 2 })).await;
    assert_eq!((names(&cut).len(), cut.get("more")), (2, Some(&Value::Boolean(true))));
}

#[tokio::test]
async fn a_pipeline_is_returned_with_its_kind_file_and_repository() {
    let house = house().await;
    let site = house.ok("getPipeline", json!({ "pipeline": "SITE", "includeRaw": true })).await;
    assert_eq!(
        [text(&site, "kind"), text(&site, "yamlPath"), text(&site, "repository"), text(&site, "queueStatus")],
        ["yaml", "/azure-pipelines.yml", "site", "enabled"]
    );
    assert!(site.get("raw").is_some());
    assert!(text(&site, "webUrl").ends_with("definitionId=1"));
}

#[tokio::test]
async fn the_error_for_a_name_in_two_folders_has_both_and_an_id_works() {
    let house = house().await;
    for action in ["getPipeline", "runPipeline", "disablePipeline", "deletePipeline"] {
        let error = house.error(action, json!({ "pipeline": "nightly" })).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{action}");
        assert_eq!(error.context_value("candidates"), Some("2 in \\team\\a, 3 in \\team\\b"), "{action}");
    }
    assert_eq!(text(&house.ok("getPipeline", json!({ "pipeline": "3" })).await, "folder"), "\\team\\b");
}

#[tokio::test]
async fn the_error_for_a_missing_pipeline_has_similar_names() {
    let house = house().await;
    for (action, inputs) in [
        ("getPipeline", json!({ "pipeline": "sitte" })),
        ("runPipeline", json!({ "pipeline": "sitte" })),
        ("editPipeline", json!({ "pipeline": "sitte", "newName": "x" })),
        ("enablePipeline", json!({ "pipeline": "sitte" })),
        ("disablePipeline", json!({ "pipeline": "sitte" })),
        ("copyPipeline", json!({ "pipeline": "sitte", "name": "x" })),
        ("deletePipeline", json!({ "pipeline": "sitte" })),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}");
        assert!(
            error.context_value("near").is_some_and(|near| near.contains("\"site\"")),
            "{action}: {error:?}"
        );
    }
    assert_eq!(
        house.error("getPipeline", json!({ "pipeline": "99" })).await.code(),
        ErrorCode::ResourceNotFound
    );
}

#[tokio::test]
async fn given_inputs_change_the_pipeline_and_the_rest_stays() {
    let house = house().await;
    house
        .ok("editPipeline", json!({ "pipeline": "site", "variables": { "colour": "red", "size": 3 } }))
        .await;
    let edited = house
        .ok(
            "editPipeline",
            json!({
                "pipeline": "site",
                "newName": "website",
                "folder": "/web",
                "defaultBranch": "main",
                "yamlPath": "other.yml",
                "variables": { "COLOUR": "blue" },
                "removeVariables": ["Size"],
            }),
        )
        .await;
    assert_eq!(
        [
            text(&edited, "name"),
            text(&edited, "folder"),
            text(&edited, "defaultBranch"),
            text(&edited, "yamlPath")
        ],
        ["website", "\\web", "refs/heads/main", "/other.yml"]
    );
    assert_eq!(integer(&edited, "revision"), 3);
    let Some(Value::Dictionary(variables)) = edited.get("variables") else { panic!("variables") };
    assert_eq!((variables.len(), text(variables, "colour")), (1, "blue"));
    assert_eq!(
        house.error("editPipeline", json!({ "pipeline": "website" })).await.code(),
        ErrorCode::InputInvalid
    );
    let taken = json!({ "pipeline": "2", "newName": "website", "folder": "web" });
    assert_eq!(house.error("editPipeline", taken).await.code(), ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn the_second_of_two_concurrent_changes_is_a_conflict() {
    let house = house().await;
    house.simulator.fault(Fault::on("GET */build/definitions/1").together(2));
    let edit =
        |name: &str| house.execute(&house.root, "editPipeline", json!({ "pipeline": "1", "newName": name }));
    let (one, two) = tokio::join!(edit("one"), edit("two"));
    let errors: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].error.code(), ErrorCode::ResourceConflict);
    assert_eq!(errors[0].error.context_value("revision"), Some("2"));
}

#[tokio::test]
async fn a_disabled_pipeline_is_not_run_until_it_is_enabled() {
    let house = house().await;
    assert_eq!(
        text(&house.ok("disablePipeline", json!({ "pipeline": "site" })).await, "queueStatus"),
        "disabled"
    );
    let error = house.error("runPipeline", json!({ "pipeline": "site" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    assert!(error.message().contains("is disabled"), "{}", error.message());
    assert_eq!(
        text(&house.ok("enablePipeline", json!({ "pipeline": "site" })).await, "queueStatus"),
        "enabled"
    );
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
}

#[tokio::test]
async fn a_paused_pipeline_accepts_runs_and_can_be_enabled() {
    let house = house().await;
    for (action, status) in
        [("pausePipeline", "paused"), ("disablePipeline", "disabled"), ("enablePipeline", "enabled")]
    {
        let changed = house.ok(action, json!({ "pipeline": "site" })).await;
        assert_eq!(text(&changed, "queueStatus"), status);
        let listed = house.ok("listPipelines", json!({ "name": "site" })).await;
        let Some(Value::List(all)) = listed.get("pipelines") else { panic!("no pipelines") };
        let Some(Value::Dictionary(one)) = all.first() else { panic!("no pipeline") };
        assert_eq!(text(one, "queueStatus"), status);
    }
}

#[tokio::test]
async fn a_list_with_details_has_the_kinds_of_its_pipelines() {
    let house = house().await;
    let classic = json!({ "name": "classic", "repository": "site", "steps": [{ "script": "make" }] });
    house.ok("createClassicPipeline", classic).await;
    let kinds = |outputs: &Dictionary| -> Vec<Option<String>> {
        let Some(Value::List(all)) = outputs.get("pipelines") else { panic!("no pipelines") };
        let kind = |one: &Value| match one {
            Value::Dictionary(one) => one.get("kind").and_then(Value::as_text).map(str::to_owned),
            _ => panic!("not a dictionary"),
        };
        all.iter().map(kind).collect()
    };
    let of = |kind: &str| Some(kind.to_owned());
    let all = house.ok("listPipelines", json!({ "name": "*s*", "includeDetails": true })).await;
    assert_eq!((names(&all), kinds(&all)), (vec!["classic", "site"], vec![of("classic"), of("yaml")]));
    for (inputs, name, kind) in [
        (json!({ "kind": "YAML", "name": "*s*" }), "site", "yaml"),
        (json!({ "kind": "CLASSIC" }), "classic", "classic"),
    ] {
        let found = house.ok("listPipelines", inputs).await;
        assert_eq!((names(&found), kinds(&found)), (vec![name], vec![of(kind)]));
    }
    let plain = house.ok("listPipelines", json!({ "name": "site" })).await;
    assert_eq!(kinds(&plain), [None], "details were not requested");
}

#[tokio::test]
async fn only_the_exact_name_or_id_is_deleted() {
    let house = house().await;
    let error = house.error("deletePipeline", json!({ "pipeline": "Site" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    assert!(error.message().contains("\"site\""), "{}", error.message());
    house.ok("deletePipeline", json!({ "pipeline": "site" })).await;
    assert_eq!(text(&house.ok("deletePipeline", json!({ "pipeline": "2" })).await, "folder"), "\\team\\a");
    assert_eq!(names(&house.ok("listPipelines", json!({})).await), ["nightly"]);
}

#[tokio::test]
async fn a_classic_pipeline_is_created_run_and_copied() {
    let house = house().await;
    let steps = json!([{ "script": "make" }, { "task": "e213ff0f-5d5c-4791-802d-52ea3e7be1f1@2", "inputs": { "a": true } }]);
    let made = house
        .ok(
            "createClassicPipeline",
            json!({ "name": "classic", "repository": "site", "steps": steps, "variables": { "colour": "red" } }),
        )
        .await;
    assert_eq!((text(&made, "kind"), text(&made, "defaultBranch")), ("classic", "refs/heads/main"));
    let run =
        house.ok("runPipeline", json!({ "pipeline": "classic", "variables": { "colour": "blue" } })).await;
    let done = house.ok("waitForPipelineRun", json!({ "id": integer(&run, "id") })).await;
    assert_eq!(text(&done, "result"), "succeeded");
    let copy = json!({ "pipeline": "classic", "name": "copy", "folder": "team", "variables": { "colour": "green" } });
    let copy = house.ok("copyPipeline", copy).await;
    assert_eq!([text(&copy, "kind"), text(&copy, "folder")], ["classic", "\\team"]);
    let raw = house.ok("getPipeline", json!({ "pipeline": "copy", "includeRaw": true })).await;
    let raw = serde_json::to_value(raw.get("raw").expect("it was requested")).expect("it is JSON");
    let steps = &raw["process"]["phases"][0]["steps"];
    assert_eq!(steps[0]["inputs"], json!({ "script": "make" }));
    assert_eq!(steps[1]["task"]["versionSpec"], "2.*");
    assert_eq!((&raw["revision"], &raw["variables"]["colour"]["value"]), (&json!(1), &json!("green")));
    let error = house.error("editPipeline", json!({ "pipeline": "copy", "yamlPath": "a.yml" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    for steps in [json!([]), json!([{}]), json!([{ "script": "a", "inputs": { "b": "c" } }])] {
        let inputs = json!({ "name": "x", "repository": "site", "steps": steps });
        assert_eq!(house.error("createClassicPipeline", inputs).await.code(), ErrorCode::InputInvalid);
    }
    let nowhere = json!({ "name": "x", "repository": "sitte", "steps": [{ "script": "a" }] });
    let error = house.error("createClassicPipeline", nowhere).await;
    assert_eq!(error.context_value("near"), Some("\"site\""));
}

#[tokio::test]
async fn a_change_with_a_lost_response_is_found_and_sent_once() {
    let house = house().await;
    let path = "azure-pipelines.yml";
    for (method, action, inputs) in [
        (
            "POST",
            "createClassicPipeline",
            json!({ "name": "classic", "repository": "site", "steps": [{ "script": "make" }] }),
        ),
        ("POST", "copyPipeline", json!({ "pipeline": "site", "name": "copy" })),
        ("PUT", "editPipeline", json!({ "pipeline": "site", "newName": "web", "variables": { "a": "b" } })),
        ("PUT", "pausePipeline", json!({ "pipeline": "web" })),
        ("PUT", "disablePipeline", json!({ "pipeline": "web" })),
        ("PUT", "enablePipeline", json!({ "pipeline": "web" })),
        ("DELETE", "deletePipeline", json!({ "pipeline": "web" })),
    ] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on(&format!("{method} *")).lose_answer());
        let outputs = house.ok(action, inputs.clone()).await;
        let name = inputs.get("newName").or(inputs.get("name")).or(inputs.get("pipeline"));
        assert_eq!(Some(text(&outputs, "name")), name.and_then(|name| name.as_str()), "{action}");
        assert_eq!(writes(&house), 1, "{action}");
    }
    // The request cannot contain a mark: another user may have created a pipeline with that name.
    house.simulator.fault(Fault::on("POST *").lose_answer());
    let inputs = json!({ "name": "new", "repository": "site", "path": path, "folder": "f" });
    let error = house.error("createPipeline", inputs).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert!(error.context_value("candidates").is_some_and(|named| named.contains("http")), "{error:?}");
    for (method, action, inputs) in [
        ("POST", "createPipeline", json!({ "name": "never", "repository": "site", "path": path })),
        ("POST", "copyPipeline", json!({ "pipeline": "2", "name": "never" })),
        ("PUT", "editPipeline", json!({ "pipeline": "2", "newName": "never" })),
        ("PUT", "disablePipeline", json!({ "pipeline": "2" })),
        ("DELETE", "deletePipeline", json!({ "pipeline": "2" })),
    ] {
        house.simulator.fault(Fault::on(&format!("{method} *")).refuse());
        assert_eq!(house.error(action, inputs).await.code(), ErrorCode::ServiceOutcomeUnknown, "{action}");
    }
}

#[tokio::test]
async fn the_error_for_a_denied_change_names_the_permission() {
    let denied = [
        Permission::CreateBuildDefinition,
        Permission::EditBuildDefinition,
        Permission::DeleteBuildDefinition,
    ];
    let user = denied.into_iter().fold(User::named("Reader"), User::without);
    let organization = Organization::fabrikam()
        .user(User::named("Bot Runner"))
        .user(user)
        .token(TokenOptions::full().named("reader").for_user("Reader"));
    let house = House::with(world().organization(organization)).await;
    let token = house.simulator.token_named("fabrikam", "reader").expect("it was made");
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&house.root, None, inputs).await.expect("it connects");
    for (action, inputs, permission) in [
        ("copyPipeline", json!({ "pipeline": "site", "name": "x" }), "Create build pipeline"),
        ("editPipeline", json!({ "pipeline": "site", "newName": "x" }), "Edit build pipeline"),
        ("disablePipeline", json!({ "pipeline": "site" }), "Edit build pipeline"),
        ("deletePipeline", json!({ "pipeline": "site" }), "Delete build pipeline"),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{action}");
        assert!(format!("{error:?}").contains(permission), "{action}: {error:?}");
    }
}
