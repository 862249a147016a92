//! Files and folders.

use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::World;

use crate::client::Answer;
use crate::client::Bench;

const ITEMS: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site/items";

async fn bench() -> Bench {
    let repository = Repository::named("site")
        .file("/README.md", "hello\n")
        .file("/src/a.txt", "a\n")
        .file("/src/deep/b.txt", "b\n")
        .file_on("topic", "/README.md", "changed\n");
    let project = Project::named("Fabrikam").repository(repository);
    Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await
}

#[tokio::test]
async fn a_file_is_returned_as_json_or_as_content() {
    let bench = bench().await;
    let rows = [
        ("", "application/json", "application/json; charset=utf-8; api-version=7.1"),
        ("&$format=json", "*/*", "application/json; charset=utf-8; api-version=7.1"),
        ("", "text/plain", "text/plain; charset=utf-8"),
        ("&$format=text", "application/json", "text/plain; charset=utf-8"),
        ("", "application/octet-stream", "application/octet-stream"),
        ("", "*/*", "application/octet-stream"),
    ];
    let token = bench.simulator.token("fabrikam").unwrap();
    for (query, accept, content_type) in rows {
        let path = format!("{ITEMS}?path=/README.md{query}&api-version=7.1");
        let answer =
            Answer::of(bench.bare("GET", &path).basic_auth("", Some(&token)).header("Accept", accept)).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(content_type)),
            "{query} {accept}"
        );
        if !content_type.contains("json") {
            assert_eq!(answer.text(), "hello\n");
        }
    }
}

#[tokio::test]
async fn json_has_the_content_on_request() {
    let bench = bench().await;
    let plain = bench.get(&format!("{ITEMS}?path=/README.md")).await.expect(200);
    assert_eq!(plain.get("content"), None);
    // printf 'hello\n' | git hash-object --stdin
    assert_eq!(plain["objectId"], "ce013625030ba8dba906f756967f9e9ca394464a");
    assert_eq!((plain["gitObjectType"].as_str(), plain["path"].as_str()), (Some("blob"), Some("/README.md")));
    let full = bench
        .get(&format!("{ITEMS}?path=README.md&includeContent=true&includeContentMetadata=true"))
        .await
        .expect(200);
    assert_eq!(full["content"], "hello\n");
    assert_eq!(
        (full["contentMetadata"]["extension"].as_str(), full["contentMetadata"]["isBinary"].as_bool()),
        (Some("md"), Some(false))
    );
}

#[tokio::test]
async fn a_version_descriptor_selects_the_commit() {
    let bench = bench().await;
    let content = async |query: &str| {
        bench.get(&format!("{ITEMS}?path=/README.md&includeContent=true{query}")).await.expect(200)
    };
    let topic = content("&versionDescriptor.version=topic&versionDescriptor.versionType=branch").await;
    assert_eq!(topic["content"], "changed\n");
    let commit = topic["commitId"].as_str().unwrap();
    assert_eq!(
        content(&format!("&versionDescriptor.version={commit}&versionDescriptor.versionType=commit")).await["content"],
        "changed\n"
    );
    assert_eq!(content("&version=topic").await["content"], "changed\n");
    assert_eq!(content("").await["content"], "hello\n");
}

#[tokio::test]
async fn missing_pipelines_and_runs_are_refused() {
    let bench = bench().await;
    let missing = bench.get(&format!("{ITEMS}?path=/no.txt")).await;
    let message = "TF401174: The item '/no.txt' could not be found in the repository 'site' at the version specified by '<Branch: main >'";
    missing.refused(404, "GitItemNotFoundException", message);
    let branch = bench.get(&format!("{ITEMS}?path=/README.md&versionDescriptor.version=no")).await;
    let message = "TF401175:The version descriptor <Branch: no > could not be resolved to a version in the repository site";
    branch.refused(404, "GitUnresolvableToCommitException", message);
    assert_eq!(bench.get(&format!("{ITEMS}?path=/readme.md")).await.status, 404, "paths mind their case");
}

#[tokio::test]
async fn folders_are_listed_to_a_depth() {
    let bench = bench().await;
    let paths = async |query: &str| {
        let list = bench.get(&format!("{ITEMS}?{query}")).await.expect(200);
        let all = list["value"].as_array().unwrap().iter();
        all.map(|item| item["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths("scopePath=/").await, ["/"]);
    assert_eq!(paths("scopePath=/&recursionLevel=oneLevel").await, ["/", "/README.md", "/src"]);
    assert_eq!(paths("scopePath=/src&recursionLevel=oneLevel").await, ["/src", "/src/a.txt", "/src/deep"]);
    let all = ["/", "/README.md", "/src", "/src/a.txt", "/src/deep", "/src/deep/b.txt"];
    assert_eq!(paths("scopePath=/&recursionLevel=full").await, all);
    let folder = bench.get(&format!("{ITEMS}?path=/src")).await.expect(200);
    assert_eq!((folder["gitObjectType"].as_str(), folder["isFolder"].as_bool()), (Some("tree"), Some(true)));
    assert_eq!(bench.get(&format!("{ITEMS}?scopePath=/none")).await.status, 404);
}
