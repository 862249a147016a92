//! Files of a repository: listed, changed in every way in one push, and their commits.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;
use sha1::Digest as _;
use sha1::Sha1;

use crate::flow::support::House;
use crate::flow::support::text;

pub(crate) fn column(outputs: &azdo_bot::contract::Dictionary, list: &str, field: &str) -> Vec<String> {
    let Some(Value::List(items)) = outputs.get(list) else { panic!("a list") };
    items.iter().map(|one| text(one.as_dictionary().expect("an entry"), field).to_owned()).collect()
}

/// Returns git's id of a file's content
fn blob_id(content: &[u8]) -> String {
    let hash = Sha1::digest([format!("blob {}\0", content.len()).as_bytes(), content].concat());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn files_are_added_edited_renamed_and_deleted_in_one_push() {
    let house = House::connected().await;
    let commit = |message: &str, changes: serde_json::Value| {
        let mut inputs = json!({ "repository": "site", "branch": "main", "message": message });
        for (name, value) in changes.as_object().expect("changes") {
            inputs[name] = value.clone();
        }
        inputs
    };
    let first = json!({ "files": { "docs/a.md": "a", "docs/b.md": "b", "old.txt": "o" } });
    house.ok("commitFiles", commit("First", first)).await;
    let all = json!({
        "files": { "docs/a.md": "a2", "docs/new.md": "n", "moved/b.md": "b2" },
        "binaryFiles": { "logo.png": "iVBORw0KGgo=" },
        "rename": { "docs/b.md": "moved/b.md" },
        "delete": ["old.txt"],
    });
    house.simulator.clear_journal();
    house.ok("commitFiles", commit("All at once", all)).await;
    let posts = house.requests().iter().filter(|request| request.starts_with("POST")).count();
    assert_eq!(posts, 1, "one push");

    let list = house.ok("listRepositoryFiles", json!({ "repository": "site", "recursive": true })).await;
    let mut paths = column(&list, "files", "path");
    paths.sort();
    let expected = [
        "/README.md",
        "/azure-pipelines.yml",
        "/docs",
        "/docs/a.md",
        "/docs/new.md",
        "/logo.png",
        "/moved",
        "/moved/b.md",
    ];
    assert_eq!(paths, expected);
    let read =
        |path: &str| house.ok("getRepositoryFile", json!({ "repository": "site", "path": path.to_owned() }));
    assert_eq!(text(&read("docs/a.md").await, "content"), "a2");
    assert_eq!(text(&read("moved/b.md").await, "content"), "b2");
    assert_eq!(read("logo.png").await.get("isBinary"), Some(&Value::from(true)));

    let folder = house.ok("listRepositoryFiles", json!({ "repository": "site", "folder": "docs/" })).await;
    assert_eq!(column(&folder, "files", "path"), ["/docs/a.md", "/docs/new.md"]);
    let cut = house.ok("listRepositoryFiles", json!({ "repository": "site", "limit": 1 })).await;
    assert_eq!((column(&cut, "files", "path").len(), cut.get("more")), (1, Some(&Value::from(true))));

    let commits = house.ok("listCommits", json!({ "repository": "site", "path": "docs/b.md" })).await;
    assert_eq!(column(&commits, "commits", "message"), ["All at once", "First"]);
    let latest = house.ok("listCommits", json!({ "repository": "site", "limit": 1, "author": "bot" })).await;
    assert_eq!(column(&latest, "commits", "message"), ["All at once"]);
    assert_eq!(latest.get("more"), Some(&Value::from(true)));
    let later = house.ok("listCommits", json!({ "repository": "site", "from": "2100-01-01" })).await;
    assert_eq!(column(&later, "commits", "message").len(), 0);
}

#[tokio::test]
async fn a_commit_that_fails_changes_nothing() {
    let house = House::connected().await;
    let inputs = |changes: serde_json::Value| {
        let mut inputs = json!({ "repository": "site", "branch": "main", "message": "x" });
        for (name, value) in changes.as_object().expect("changes") {
            inputs[name] = value.clone();
        }
        inputs
    };
    house.simulator.clear_journal();
    for bad in [
        json!({}),
        json!({ "files": { "a": "b" }, "delete": ["/a"] }),
        json!({ "files": { "a": "b" }, "binaryFiles": { "/a": "YQ==" } }),
        json!({ "rename": { "a": "b", "c": "b" } }),
        json!({ "rename": { "a": "a" } }),
        json!({ "rename": { "a": "../b" } }),
        json!({ "delete": ["a", "/a"] }),
        json!({ "delete": [".."] }),
        json!({ "binaryFiles": { "a": "no base64" } }),
    ] {
        let error = house.error("commitFiles", inputs(bad.clone())).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{bad}: {error:?}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    for gone in [json!({ "delete": ["nowhere"] }), json!({ "rename": { "nowhere": "here" } })] {
        let error = house.error("commitFiles", inputs(gone.clone())).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{gone}: {error:?}");
    }
    let error =
        house.error("listRepositoryFiles", json!({ "repository": "site", "folder": "README.md" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    let error = house.error("listRepositoryFiles", json!({ "repository": "sight" })).await;
    assert!(error.help_text().contains("\"site\""), "{}", error.help_text());
    let error = house.error("listCommits", json!({ "repository": "site", "branch": "gone" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert_eq!(
        house.error("listCommits", json!({ "repository": "site", "from": "soon" })).await.code(),
        ErrorCode::InputInvalid
    );
}

#[tokio::test]
async fn a_branch_that_moved_in_the_meantime_is_a_conflict() {
    let house = House::connected().await;
    // The service's error for a ref that points elsewhere.
    let stale = json!({ "$id": "1", "message": "TF401028: The reference 'refs/heads/main' has already been updated.",
        "typeKey": "GitReferenceStaleException", "errorCode": 0, "eventId": 3000 });
    let headers = [("content-type", "application/json")];
    house.simulator.fault(Fault::on("POST */pushes").answer(409, &headers, stale.to_string()));
    let inputs = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "b" } });
    assert_eq!(house.error("commitFiles", inputs).await.code(), ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn a_push_with_a_lost_response_is_found_and_not_sent_again() {
    let house = House::connected().await;
    let inputs = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "b" } });
    house.simulator.fault(Fault::on("POST */pushes").lose_answer());
    let pushed = house.ok("commitFiles", inputs.clone()).await;
    let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
    assert_eq!(column(&commits, "commits", "commitId")[0], text(&pushed, "commitId"));
    assert_eq!(column(&commits, "commits", "message").iter().filter(|message| *message == "x").count(), 1);
    house.simulator.fault(Fault::on("POST */pushes").answer(502, &[], "<html>"));
    let error = house.error("commitFiles", inputs).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    // A response without the commit counts as a lost response.
    house.simulator.fault(Fault::on("POST */pushes").rewrite(|_| br#"{"pushId":9,"commits":null}"#.to_vec()));
    let inputs = json!({ "repository": "site", "branch": "main", "message": "y", "files": { "c": "d" } });
    let pushed = house.ok("commitFiles", inputs).await;
    let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
    assert_eq!(column(&commits, "commits", "commitId")[0], text(&pushed, "commitId"));
}

#[tokio::test]
async fn the_encoding_of_a_text_file_is_told_and_kept() {
    let house = House::connected().await;
    let commit = |changes: serde_json::Value| {
        let mut inputs = json!({ "repository": "site", "branch": "main", "message": "m" });
        for (name, value) in changes.as_object().expect("changes") {
            inputs[name] = value.clone();
        }
        inputs
    };
    let base64 = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let first: [(&str, &[u8]); 8] = [
        ("/a/le.txt", b"\xff\xfea\x00"),
        ("/a/be.txt", b"\xfe\xff\x00a"),
        ("/a/latin.txt", b"caf\xe9 \x80"),
        ("/a/plain.txt", b"a"),
        ("/a/marked.txt", b"\xef\xbb\xbfa"),
        ("/alone.txt", b"caf\xe9"),
        ("/marked.ps1", b"\xef\xbb\xbf\xc3\xa4"),
        ("/wide.txt", b"\xff\xfe\x00\x00a\x00\x00\x00"),
    ];
    let files: serde_json::Map<_, _> =
        first.iter().map(|(path, bytes)| ((*path).to_owned(), base64(bytes).into())).collect();
    house.ok("commitFiles", commit(json!({ "binaryFiles": files }))).await;
    let read =
        |path: &'static str| house.ok("getRepositoryFile", json!({ "repository": "site", "path": path }));
    for (path, content, encoding) in [
        ("/a/le.txt", "a", "utf-16le"),
        ("/a/be.txt", "a", "utf-16be"),
        ("/a/latin.txt", "café €", "windows-1252"),
        ("/a/plain.txt", "a", "utf-8"),
        ("/a/marked.txt", "a", "utf-8"),
        ("/alone.txt", "café", "windows-1252"),
        ("/marked.ps1", "ä", "utf-8"),
        ("/wide.txt", "a", "utf-32le"),
    ] {
        let file = read(path).await;
        assert_eq!((text(&file, "content"), text(&file, "encoding")), (content, encoding), "{path}");
    }
    let new = "ü€ß";
    let paths = ["/a/le.txt", "/a/be.txt", "/a/latin.txt", "/a/plain.txt", "/a/marked.txt", "/a/new.txt"];
    let files: serde_json::Map<_, _> = paths.iter().map(|path| ((*path).to_owned(), new.into())).collect();
    // A lost response is settled with the bytes that were sent.
    house.simulator.fault(Fault::on("POST */pushes").lose_answer());
    house.ok("commitFiles", commit(json!({ "files": files }))).await;
    for path in ["/alone.txt", "/marked.ps1", "/wide.txt"] {
        house.ok("commitFiles", commit(json!({ "files": { path: new } }))).await;
    }
    for (path, encoding, bytes) in [
        ("/a/le.txt", "utf-16le", b"\xff\xfe\xfc\x00\xac\x20\xdf\x00".as_slice()),
        ("/a/be.txt", "utf-16be", b"\xfe\xff\x00\xfc\x20\xac\x00\xdf"),
        ("/a/latin.txt", "windows-1252", b"\xfc\x80\xdf"),
        ("/a/plain.txt", "utf-8", "ü€ß".as_bytes()),
        ("/a/marked.txt", "utf-8", "\u{feff}ü€ß".as_bytes()),
        ("/a/new.txt", "utf-8", "ü€ß".as_bytes()),
        ("/alone.txt", "windows-1252", b"\xfc\x80\xdf"),
        ("/marked.ps1", "utf-8", "\u{feff}ü€ß".as_bytes()),
        ("/wide.txt", "utf-32le", b"\xff\xfe\0\0\xfc\0\0\0\xac\x20\0\0\xdf\0\0\0"),
    ] {
        let file = read(path).await;
        assert_eq!((text(&file, "content"), text(&file, "encoding")), (new, encoding), "{path}");
        assert_eq!(text(&file, "objectId"), blob_id(bytes), "{path}");
    }
    let error = house.error("commitFiles", commit(json!({ "files": { "/alone.txt": "\u{2713}" } }))).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    assert!(error.message().contains("\"/alone.txt\" is in windows-1252"), "{error}");
    assert!(error.help_text().contains("binaryFiles"), "{}", error.help_text());
    let renamed = json!({ "rename": { "/a/le.txt": "/b/moved.txt" }, "files": { "/b/moved.txt": "moved" } });
    house.ok("commitFiles", commit(renamed)).await;
    let file = read("/b/moved.txt").await;
    assert_eq!((text(&file, "content"), text(&file, "encoding")), ("moved", "utf-16le"));
    // More files than one page of a folder.
    let many: serde_json::Map<_, _> = (0..150).map(|at| (format!("/many/{at}.txt"), "x".into())).collect();
    house.ok("commitFiles", commit(json!({ "files": many }))).await;
}

#[tokio::test]
async fn a_moment_without_a_zone_is_local_and_is_said() {
    let house = House::connected().await;
    let inputs = json!({ "repository": "site", "from": "2000-01-01T08:00:00", "to": "2100-01-01" });
    let success = house.execute(&house.root, "listCommits", inputs).await.expect("it lists");
    let messages: Vec<String> = success.warnings.iter().map(|warning| warning.message.clone()).collect();
    let [from, to] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(from.starts_with("from: 2000-01-01T08:00:00 has no time zone and is read as the local time of this machine, 2000-01-01T08:00:00"), "{from}");
    assert!(to.starts_with("to: 2100-01-01T00:00:00 has no time zone"), "{to}");
    assert!(!column(&success.outputs, "commits", "commitId").is_empty());
    for (action, more) in [("listPipelineRuns", "pipeline"), ("listReleases", "name")] {
        let inputs = json!({ "from": "2100-01-01T08:00:00Z", "to": "2100-01-02T08:00", more: "site" });
        let success = house.execute(&house.root, action, inputs).await.expect("it lists");
        assert_eq!(success.warnings.len(), 1, "{action}");
    }
}
