//! World files, and invalid worlds.

use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::Simulator;
use azdo_simulator::TokenOptions;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

const FILE: &str = r#"
pace = "polls"
script = { not_started = 0, in_progress = 1, result = "partiallySucceeded" }

[switches]
page_size = 1
unknown_organization = "html"

[[organizations]]
name = "contoso"
rejects = "sign-in-page"

[[organizations.users]]
name = "Ann Lee"

[[organizations.users]]
name = "Reader"
denied = ["GenericContribute", "QueueBuilds"]

[[organizations.tokens]]
name = "reader"
user = "Reader"
scopes = ["vso.code", "vso.build_execute"]
expires = "2999-01-01T00:00:00Z"

[[organizations.projects]]
name = "Web"
description = "The shop"

[[organizations.projects.repositories]]
name = "shop"
files = { "/azure-pipelines.yml" = "steps: []\n" }
branches.topic = { "/README.md" = "topic" }

[[organizations.projects.repositories]]
name = "empty"

[[organizations.projects.pipelines]]
name = "shop"
settable = ["colour"]

[[organizations.projects.pipelines]]
name = "nightly"
repository = "shop"
yaml = "nightly.yml"
script = { result = "failed" }
"#;

#[tokio::test]
async fn a_world_is_read_from_a_file() {
    let bench = Bench::of(World::from_toml(FILE).unwrap()).await;
    assert_eq!(bench.simulator.organizations(), ["contoso"]);
    let project = bench.get("/contoso/_apis/projects/Web").await.expect(200);
    assert_eq!(project["description"], "The shop");
    let repositories = bench.get("/contoso/Web/_apis/git/repositories").await.expect(200);
    assert_eq!(repositories["count"], 2);
    let topic = "/contoso/Web/_apis/git/repositories/shop/items?path=/README.md&version=topic&$format=text";
    assert_eq!(bench.get(topic).await.text(), "topic");
    assert_eq!(bench.get("/contoso/Web/_apis/pipelines").await.expect(200)["count"], 1, "page_size");
    assert_eq!(Answer::of(bench.request_as("wrong", "GET", "/contoso/_apis/projects")).await.status, 203);
    let run = json!({ "variables": { "anything": { "value": "x" } } });
    bench.send("POST", "/contoso/Web/_apis/pipelines/1/runs", run).await.expect(200);
    let builds = "/contoso/Web/_apis/build/builds/1";
    assert_eq!(bench.get(builds).await.expect(200)["status"], "inProgress");
    assert_eq!(bench.get(builds).await.expect(200)["result"], "partiallySucceeded");
    let nightly = bench.send("POST", "/contoso/Web/_apis/pipelines/2/runs", json!({})).await;
    nightly.refused(400, "PipelineValidationException", "/nightly.yml: File /nightly.yml not found");
    let reader = bench.simulator.token_named("contoso", "reader").unwrap();
    let answer =
        Answer::of(bench.request_as(&reader, "POST", "/contoso/Web/_apis/pipelines/1/runs").json(&json!({})))
            .await;
    assert!(answer.text().contains("Reader needs Queue builds permissions"), "{}", answer.text());
}

#[tokio::test]
async fn a_file_without_organizations_has_the_default_one() {
    let world = World::from_toml("pace = { timed = 5 }").unwrap();
    let simulator = Simulator::start(world, 0).await.unwrap();
    assert_eq!(simulator.projects("fabrikam"), ["Fabrikam", "Archive"]);
}

#[test]
fn an_invalid_world_file_is_refused_with_the_reason() {
    let rows = [
        ("nothing = 1", "unknown field `nothing`"),
        ("pace = \"fast\"", "unknown variant `fast`"),
        ("[switches]\nno = true", "unknown field `no`"),
        (
            "[[organizations]]\nname = \"a\"\n[[organizations]]\nname = \"A\"",
            "organization: the name \"A\" is used twice",
        ),
        ("[[organizations]]\nname = \"\"", "organization: a name is empty"),
        (
            "[[organizations]]\nname = \"a\"\ntokens = [{ user = \"b\" }]",
            "organization \"a\" has no user \"b\"",
        ),
        (
            "[[organizations]]\nname = \"a\"\nusers = [{ name = \"b\", denied = [\"Everything\"] }]",
            "unknown variant `Everything`",
        ),
        ("[[organizations]]\nname = \"a\"\ntokens = [{ expires = \"soon\" }]", "`expires` is a text like"),
        (
            "[[organizations]]\nname = \"a\"\nprojects = [{ name = \"p\", pipelines = [{ name = \"x\" }] }]",
            "pipeline \"x\": no repository \"x\"",
        ),
    ];
    for (text, expected) in rows {
        let error = World::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
}

#[tokio::test]
async fn a_world_in_code_is_checked_when_it_starts() {
    let project = Project::named("p").pipeline(Pipeline::named("x"));
    let world = World::hard().organization(Organization::named("a").project(project));
    let error = Simulator::start(world, 0).await.err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    let world =
        World::hard().organization(Organization::named("a").token(TokenOptions::full().for_user("b")));
    assert!(Simulator::start(world, 0).await.is_err());
}

#[test]
fn the_world_file_in_the_guide_can_be_read() {
    let guide = include_str!("../../../docs/simulator.md");
    let (_, rest) = guide.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    World::from_toml(example).unwrap();
    let rows = guide.lines().filter(|line| line.starts_with("| `simulator-"));
    let tokens: Vec<&str> = rows
        .flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2))
        .collect();
    for token in &tokens {
        assert!(azdo_simulator::is_special_token(token), "{token}");
    }
    let row = |token: &str| guide.contains(&format!("`{token}`")) && azdo_simulator::is_special_token(token);
    assert_eq!(tokens.len(), 16);
    assert!(
        row("simulator-token-with-scopes.vso.code_write+vso.build_execute")
            && row(azdo_simulator::EXPIRED_TOKEN)
    );
}
