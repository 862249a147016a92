//! Values that are easily damaged on their way: each action takes and returns them as they are.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// Names of files and folders with characters that a URL, a pattern or a shell reads in its own way
const PATHS: [&str; 12] = [
    "/a b/read me.txt",
    "/#1/c#.txt",
    "/50%/100%25.txt",
    "/a+b.txt",
    "/what?.txt",
    "/a&b=c;d.txt",
    "/Grüße/naïve.txt",
    "/日本/ファイル.txt",
    "/🚀/👩‍🚀.txt",
    "/[x]{y}(z)!.txt",
    "/it's \"quoted\".txt",
    "/-$1_~.txt",
];

fn committing(message: &str, branch: &str, changes: serde_json::Value) -> serde_json::Value {
    let mut inputs = json!({ "repository": "site", "branch": branch, "message": message });
    for (name, value) in changes.as_object().expect("changes") {
        inputs[name] = value.clone();
    }
    inputs
}

#[tokio::test]
async fn files_with_odd_paths_are_written_read_renamed_and_deleted() {
    let house = House::connected().await;
    let texts = |text: &str| -> serde_json::Value {
        PATHS
            .iter()
            .map(|path| ((*path).to_owned(), json!(format!("{text} {path}"))))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    for text in ["first", "second"] {
        house.ok("commitFiles", committing(text, "main", json!({ "files": texts(text) }))).await;
    }
    let listed = house.ok("listRepositoryFiles", json!({ "repository": "site", "recursive": true })).await;
    let listed = column(&listed, "files", "path");
    for path in PATHS {
        assert!(listed.iter().any(|one| one == path), "{path}: {listed:?}");
        let file = house.ok("getRepositoryFile", json!({ "repository": "site", "path": path })).await;
        assert_eq!((text(&file, "path"), text(&file, "content")), (path, format!("second {path}").as_str()));
        let commits = house.ok("listCommits", json!({ "repository": "site", "path": path })).await;
        assert_eq!(column(&commits, "commits", "message"), ["second", "first"], "{path}");
        let alone = committing("alone", "main", json!({ "files": { path: "alone" } }));
        house.ok("commitFiles", alone).await;
    }
    let moved = |path: &str| format!("/moved{path}");
    let rename: serde_json::Map<_, _> =
        PATHS.iter().map(|path| ((*path).to_owned(), moved(path).into())).collect();
    house.ok("commitFiles", committing("move", "main", json!({ "rename": rename }))).await;
    let folder = json!({ "repository": "site", "folder": "/moved", "recursive": true });
    let listed = house.ok("listRepositoryFiles", folder.clone()).await;
    let listed = column(&listed, "files", "path");
    let wanted: Vec<String> = PATHS.iter().map(|path| moved(path)).collect();
    assert!(wanted.iter().all(|path| listed.contains(path)), "{listed:?}");
    house.ok("commitFiles", committing("delete", "main", json!({ "delete": wanted }))).await;
    let error = house.error("listRepositoryFiles", folder).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
}

#[tokio::test]
async fn branches_with_odd_names_are_used_by_every_action() {
    let house = House::connected().await;
    for (at, branch) in
        ["feature/#42", "50%", "a+b&c=d;e", "Grüße", "日本", "🚀/👩‍🚀", "it's", "-x", "%20"].iter().enumerate()
    {
        house
            .ok("createBranch", json!({ "repository": "site", "branch": branch, "fromBranch": "main" }))
            .await;
        let changes = json!({ "files": { "/odd.txt": branch } });
        house.ok("commitFiles", committing("odd", branch, changes)).await;
        let reading = json!({ "repository": "site", "path": "/odd.txt", "branch": branch });
        assert_eq!(text(&house.ok("getRepositoryFile", reading).await, "content"), *branch);
        let commits =
            house.ok("listCommits", json!({ "repository": "site", "branch": branch, "limit": 1 })).await;
        assert_eq!(column(&commits, "commits", "message"), ["odd"], "{branch}");
        let branches = house.ok("listBranches", json!({ "repository": "site", "prefix": branch })).await;
        assert_eq!(column(&branches, "branches", "name"), [*branch]);
        let full = format!("refs/heads/{branch}");
        let title = format!("{branch} \u{1f680} <b> & \"c\" 'd' \\ ; ,");
        let opened =
            json!({ "repository": "site", "sourceBranch": branch, "title": title, "description": title });
        let opened = house.ok("createPullRequest", opened).await;
        assert_eq!((text(&opened, "title"), text(&opened, "sourceBranch")), (title.as_str(), full.as_str()));
        let found = json!({ "repository": "site", "sourceBranch": branch });
        let found = house.ok("listPullRequests", found).await;
        assert_eq!(column(&found, "pullRequests", "title"), [title.as_str()], "{branch}");
        let again = house.ok("getPullRequest", json!({ "id": integer(&opened, "id") })).await;
        assert_eq!((text(&again, "title"), text(&again, "description")), (title.as_str(), title.as_str()));
        assert_eq!(at as i64 + 1, integer(&opened, "id"));
        house.ok("abandonPullRequest", json!({ "id": integer(&opened, "id") })).await;
        house.ok("deleteBranch", json!({ "repository": "site", "branch": branch })).await;
    }
}

#[tokio::test]
async fn work_items_keep_odd_texts_and_tags() {
    let house = House::connected().await;
    let title = "🚀 'quoted' \"twice\" [x] <b>&amp;</b> 100% #1 \\ ; , @me";
    let tags = json!(["🚀", "a b", "c#", "50%", "it's", "Grüße"]);
    let made = json!({ "type": "Bug", "title": title, "tags": tags, "fields": { "Custom.Note": "a;b\n🚀" } });
    let made = house.ok("createWorkItem", made).await;
    assert_eq!(text(&made, "title"), title);
    assert_eq!(made.get("tags"), Some(&Value::from(tags)));
    let query = format!(
        "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = '{}' AND [System.Tags] CONTAINS '🚀'",
        title.replace('\'', "''")
    );
    let found = house.ok("queryWorkItems", json!({ "query": query })).await;
    assert_eq!(column(&found, "workItems", "title"), [title]);
    for tag in ["a;b", "a,b", "", " ", "a\nb"] {
        let error = house.error("updateWorkItem", json!({ "id": 1, "tags": [tag] })).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{tag:?}: {error}");
    }
    // A lost response is settled by the same values.
    house.simulator.fault(Fault::on("PATCH */workitems/*").lose_answer());
    let other = "… \u{2028} ‏שלום‎ 👩‍👩‍👧‍👦";
    let changed =
        json!({ "id": integer(&made, "id"), "title": "e\u{301}", "description": other, "tags": [] });
    let changed = house.ok("updateWorkItem", changed).await;
    assert_eq!((text(&changed, "title"), changed.get("tags")), ("e\u{301}", Some(&Value::List(Vec::new()))));
    assert_eq!(text(&changed, "description"), other);
}

#[tokio::test]
async fn pipelines_with_odd_names_and_values_are_found_and_run() {
    let house = House::connected().await;
    let yaml = "/ci #1/50% 🚀.yml";
    let file = "parameters:\n- name: note\n  type: string\n  default: ''\nsteps: []\n";
    house.ok("commitFiles", committing("ci", "main", json!({ "files": { yaml: file } }))).await;
    for name in ["build #1 (50%) + ä & b=c;d, e", "🚀", "it's", "[x] {y}", "-x"] {
        let made = json!({ "name": name, "repository": "site", "path": yaml, "folder": "\\Grüße\\50% #1" });
        let made = house.ok("createPipeline", made).await;
        assert_eq!((text(&made, "name"), text(&made, "folder")), (name, "\\Grüße\\50% #1"));
        let found = house.ok("getPipeline", json!({ "pipeline": name })).await;
        assert_eq!(integer(&found, "id"), integer(&made, "id"), "{name}");
        let found = house.ok("getPipeline", json!({ "pipeline": format!("\\Grüße\\50% #1\\{name}") })).await;
        assert_eq!(integer(&found, "id"), integer(&made, "id"), "{name}");
        let run = json!({ "pipeline": name, "templateParameters": { "note": "🚀 \"a\"; 'b'\n50%" } });
        let run = house.ok("runPipeline", run).await;
        let runs = house.ok("listPipelineRuns", json!({ "pipeline": name })).await;
        let Some(Value::List(runs)) = runs.get("pipelineRuns") else { panic!("{name}: {runs:?}") };
        let ids: Vec<i64> =
            runs.iter().filter_map(Value::as_dictionary).map(|one| integer(one, "id")).collect();
        assert_eq!(ids, [integer(&run, "id")], "{name}");
    }
}

#[tokio::test]
async fn empty_lists_and_very_long_values_are_taken_or_refused_by_name() {
    let house = House::connected().await;
    for (action, inputs) in [
        ("commitFiles", committing("m", "main", json!({ "files": {}, "delete": [] }))),
        ("updateWorkItem", json!({ "id": 1, "fields": {} })),
        ("updatePullRequest", json!({ "id": 1 })),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{action}: {error}");
    }
    assert!(house.journal().iter().all(|entry| entry.method == "GET"), "nothing was changed");
    let long = "🚀".repeat(20_000);
    let files = json!({ "files": { "/long.txt": long } });
    house.ok("commitFiles", committing(&"x".repeat(5000), "main", files)).await;
    let file = house.ok("getRepositoryFile", json!({ "repository": "site", "path": "/long.txt" })).await;
    assert_eq!(text(&file, "content"), long);
    let made = house
        .ok("createWorkItem", json!({ "type": "Bug", "title": "🚀".repeat(127), "description": long }))
        .await;
    assert_eq!(text(&made, "title").chars().count(), 127);
    assert_eq!(text(&made, "description"), long);
    let empty: Dictionary = house.ok("listPullRequests", json!({ "repository": "site" })).await;
    assert_eq!(empty.get("pullRequests"), Some(&Value::List(Vec::new())));
}
