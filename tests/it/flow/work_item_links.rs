//! Links of work items: of every kind, written and read, and the work items of a pull request and of a run.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// A fixture with two work items, a run and a pull request
async fn linking() -> House {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    house.ok("createWorkItem", json!({ "type": "Task", "title": "two" })).await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    let topic =
        json!({ "repository": "site", "branch": "release/7", "files": { "/a": "a" }, "message": "a" });
    house.ok("createBranch", json!({ "repository": "site", "branch": "release/7" })).await;
    house.ok("commitFiles", topic).await;
    let pull = json!({ "repository": "site", "sourceBranch": "release/7", "title": "The release" });
    house.ok("createPullRequest", pull).await;
    house
}

/// The entries of the only list of the outputs
fn entries<'o>(outputs: &'o Dictionary, name: &str) -> Vec<&'o Dictionary> {
    let Some(Value::List(all)) = outputs.get(name) else { panic!("there is no list {name}: {outputs:?}") };
    all.iter().map(|one| one.as_dictionary().expect("a dictionary")).collect()
}

async fn links(house: &House, id: u32) -> Vec<(String, String)> {
    let listed = house.ok("listWorkItemLinks", json!({ "id": id })).await;
    let pair = |link: &&Dictionary| (text(link, "linkType").to_owned(), text(link, "kind").to_owned());
    entries(&listed, "links").iter().map(pair).collect()
}

fn patches(house: &House) -> usize {
    house.requests().iter().filter(|request| request.starts_with("PATCH")).count()
}

#[tokio::test]
async fn links_of_every_kind_are_written_read_and_removed() {
    let house = linking().await;
    let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
    let commit = text(entries(&commits, "commits")[0], "commitId");
    for target in [
        json!({ "workItem": 2, "linkType": "child", "comment": "to do first" }),
        json!({ "pullRequest": 1 }),
        json!({ "run": 1, "linkType": "found in build" }),
        json!({ "run": 1 }),
        json!({ "repository": "site", "commit": commit }),
        json!({ "repository": "site", "branch": "release/7" }),
        json!({ "url": "https://example.com/page" }),
    ] {
        let mut inputs = target;
        inputs["id"] = 1.into();
        let linked = house.ok("linkWorkItem", inputs.clone()).await;
        assert_eq!((integer(&linked, "id"), text(&linked, "title")), (1, "one"));
        // A link that is there already is not sent.
        house.simulator.clear_journal();
        house.ok("linkWorkItem", inputs).await;
        assert_eq!(patches(&house), 0);
    }
    let pairs = [
        ("Child", "workItem"),
        ("Pull Request", "pullRequest"),
        ("Found in build", "pipelineRun"),
        ("Build", "pipelineRun"),
        ("Fixed in Commit", "commit"),
        ("Branch", "branch"),
        ("Hyperlink", "address"),
    ];
    assert_eq!(links(&house, 1).await, pairs.map(|(kind, end)| (kind.to_owned(), end.to_owned())));
    let listed = house.ok("listWorkItemLinks", json!({ "id": 1 })).await;
    let all = entries(&listed, "links");
    assert_eq!((integer(all[0], "workItemId"), text(all[0], "comment")), (2, "to do first"));
    assert_eq!((integer(all[1], "pullRequestId"), integer(all[2], "runId")), (1, 1));
    assert_eq!((text(all[4], "commitId"), text(all[5], "branch")), (commit, "release/7"));
    // The service adds the other direction.
    assert_eq!(links(&house, 2).await, [("Parent".to_owned(), "workItem".to_owned())]);

    for (action, key) in [("listPullRequestWorkItems", 1), ("listPipelineRunWorkItems", 1)] {
        let listed = house.ok(action, json!({ "id": key })).await;
        let items = entries(&listed, "workItems");
        assert_eq!((items.len(), text(items[0], "title")), (1, "one"), "{action}");
    }

    house.ok("unlinkWorkItem", json!({ "id": 2, "workItem": 1 })).await;
    let url = text(all[1], "url");
    house.ok("unlinkWorkItem", json!({ "id": 1, "url": url })).await;
    let pairs = ["Found in build", "Build", "Fixed in Commit", "Branch", "Hyperlink"];
    let left: Vec<String> = links(&house, 1).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(left, pairs);
    let run = json!({ "id": 1, "url": "vstfs:///Build/Build/1" });
    let error = house.error("unlinkWorkItem", run.clone()).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    assert_eq!(error.context_value("candidates"), Some("Found in build, Build"));
    let mut one = run;
    one["linkType"] = "build".into();
    house.ok("unlinkWorkItem", one).await;
    assert_eq!(links(&house, 1).await.len(), 4);
}

#[tokio::test]
async fn without_links_the_lists_are_empty() {
    let house = linking().await;
    assert_eq!(links(&house, 1).await, []);
    for action in ["listPullRequestWorkItems", "listPipelineRunWorkItems"] {
        house.simulator.clear_journal();
        let listed = house.ok(action, json!({ "id": 1 })).await;
        assert_eq!((entries(&listed, "workItems").len(), &listed["more"]), (0, &Value::Boolean(false)));
        assert!(house.requests().iter().all(|request| !request.contains("workitemsbatch")), "{action}");
    }
}

#[tokio::test]
async fn the_error_for_a_link_that_cannot_be_made_names_what_is_wrong() {
    let house = linking().await;
    for (inputs, named, near) in [
        (json!({ "workItem": 2, "linkType": "Chidl" }), "the link type \"Chidl\"", Some("\"Child\"")),
        (json!({ "pullRequest": 7 }), "the pull request 7", None),
        (json!({ "run": 77 }), "the pipeline run 77", None),
        (json!({ "repository": "sit", "branch": "main" }), "the repository \"sit\"", Some("\"site\"")),
        (json!({ "repository": "site", "branch": "mian" }), "\"mian\"", Some("\"main\"")),
        (json!({ "repository": "site", "commit": "a".repeat(40) }), "the commit aaaa", None),
    ] {
        let mut inputs = inputs;
        inputs["id"] = 1.into();
        house.simulator.clear_journal();
        let error = house.error("linkWorkItem", inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{error}");
        assert!(error.message().contains(named), "{error}");
        assert_eq!(error.context_value("near"), near, "{error}");
        assert_eq!(patches(&house), 0);
    }
    house.ok("linkWorkItem", json!({ "id": 1, "workItem": 2, "linkType": "Parent" })).await;
    let error = house.error("unlinkWorkItem", json!({ "id": 1, "workItem": 2, "linkType": "Paernt" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert_eq!(error.context_value("near"), Some("\"Parent\""));
    house.simulator.clear_journal();
    for inputs in [
        json!({ "id": 1 }),
        json!({ "id": 1, "workItem": 2, "run": 1 }),
        json!({ "id": 1, "commit": "a".repeat(40) }),
        json!({ "id": 1, "workItem": 2, "repository": "site" }),
        json!({ "id": 1, "run": 1, "linkType": "Parent" }),
        json!({ "id": 1, "url": "page" }),
    ] {
        assert_eq!(house.error("linkWorkItem", inputs).await.code(), ErrorCode::InputInvalid);
    }
    let both = json!({ "id": 1, "workItem": 2, "url": "https://example.com" });
    assert_eq!(house.error("unlinkWorkItem", both).await.code(), ErrorCode::InputInvalid);
    assert_eq!(house.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_with_a_lost_response_is_found_and_not_sent_again() {
    let house = linking().await;
    for (action, inputs) in [
        ("linkWorkItem", json!({ "id": 1, "pullRequest": 1 })),
        ("linkWorkItem", json!({ "id": 1, "workItem": 2, "linkType": "Parent" })),
        ("unlinkWorkItem", json!({ "id": 1, "workItem": 2 })),
    ] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on("PATCH */workitems/1").lose_answer());
        house.ok(action, inputs).await;
        assert_eq!(patches(&house), 1, "{action}");
    }
    house.simulator.fault(Fault::on("PATCH */workitems/1").refuse());
    let error = house.error("linkWorkItem", json!({ "id": 1, "run": 1 })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(links(&house, 1).await.len(), 1);
}
