//! Files from and to disk: downloaded from a repository, and committed from a folder.

use std::fs;

use azdo_bot::contract::ErrorCode;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// Bytes that are no text
const LOGO: &[u8] = b"\x89PNG\0\xff\xfe\r\n";

/// A local folder `pages` with two files, of which one is binary and in a subfolder
async fn house() -> House {
    let house = House::connected().await;
    let pages = house.folder.path().join("pages");
    fs::create_dir_all(pages.join("images")).expect("it is created");
    fs::write(pages.join("index.md"), "# Pages\n").expect("it is written");
    fs::write(pages.join("images/logo.png"), LOGO).expect("it is written");
    house
}

fn commit() -> serde_json::Value {
    json!({ "repository": "site", "branch": "main", "message": "Publish", "localFolder": "pages", "folder": "/docs" })
}

#[tokio::test]
async fn a_folder_is_committed_and_downloaded_again_byte_for_byte() {
    let house = house().await;
    let first = house.ok("commitFolder", commit()).await;
    assert_eq!((integer(&first, "written"), integer(&first, "unchanged")), (2, 0));
    let inputs = json!({ "repository": "site", "folder": "/docs", "localFolder": "copy" });
    let copy = house.ok("downloadRepositoryFolder", inputs).await;
    assert_eq!((integer(&copy, "count"), integer(&copy, "size")), (2, 8 + LOGO.len() as i64));
    let read = |path: &str| fs::read(house.folder.path().join(path)).expect("it is there");
    assert_eq!((read("copy/index.md"), read("copy/images/logo.png")), (b"# Pages\n".to_vec(), LOGO.to_vec()));

    let file = json!({ "repository": "site", "path": "/docs/images/logo.png", "branch": "main", "file": "logo.png" });
    assert_eq!(integer(&house.ok("downloadRepositoryFile", file).await, "size"), LOGO.len() as i64);
    assert_eq!(read("logo.png"), LOGO);
}

#[tokio::test]
async fn only_what_differs_is_committed_and_others_are_deleted_on_request() {
    let house = house().await;
    house.ok("commitFolder", commit()).await;
    house.simulator.clear_journal();
    let none = house.ok("commitFolder", commit()).await;
    assert_eq!((integer(&none, "written"), integer(&none, "unchanged")), (0, 2));
    assert!(!none.contains_key("commitId"), "{none:?}");
    assert!(house.requests().iter().all(|request| request.starts_with("GET")), "nothing is pushed");

    fs::remove_file(house.folder.path().join("pages/images/logo.png")).expect("it is removed");
    fs::write(house.folder.path().join("pages/index.md"), "# New\n").expect("it is written");
    let mut inputs = commit();
    inputs["deleteOthers"] = true.into();
    let second = house.ok("commitFolder", inputs).await;
    assert_eq!((integer(&second, "written"), integer(&second, "deleted")), (1, 1));
    let commit_id = text(&second, "commitId");
    let changes = house.ok("listCommitChanges", json!({ "repository": "site", "commit": commit_id })).await;
    assert_eq!(column(&changes, "changes", "path"), ["/docs/images/logo.png", "/docs/index.md"]);
    assert_eq!(column(&changes, "changes", "changeType"), ["delete", "edit"]);
    let read = json!({ "repository": "site", "path": "/README.md" });
    house.ok("getRepositoryFile", read).await;
}

#[tokio::test]
async fn a_folder_outside_or_without_files_and_a_path_of_the_other_kind_are_refused() {
    let house = house().await;
    fs::create_dir(house.folder.path().join("empty")).expect("it is created");
    let to = |name: &str, value: &str, more: serde_json::Value| {
        let mut inputs = json!({ "repository": "site" });
        inputs[name] = value.into();
        for (name, value) in more.as_object().expect("an object") {
            inputs[name] = value.clone();
        }
        inputs
    };
    let branch = json!({ "branch": "main", "message": "Publish" });
    for (action, inputs, words) in [
        ("commitFolder", to("localFolder", "empty", branch.clone()), "no files"),
        ("commitFolder", to("localFolder", "/", branch.clone()), "outside"),
        ("commitFolder", to("localFolder", "gone", branch), "does not exist"),
        ("downloadRepositoryFolder", to("localFolder", "/elsewhere", json!({})), "outside"),
        (
            "downloadRepositoryFolder",
            to("localFolder", "out", json!({ "folder": "/README.md" })),
            "is a file",
        ),
        ("downloadRepositoryFile", to("file", "/elsewhere", json!({ "path": "/README.md" })), "outside"),
        ("downloadRepositoryFile", to("file", "out.md", json!({ "path": "/" })), "path"),
    ] {
        house.simulator.clear_journal();
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
        assert!(
            house.requests().iter().all(|request| request.starts_with("GET")),
            "{action}: nothing changes"
        );
    }
}

#[tokio::test]
async fn what_is_not_in_the_repository_is_named_and_leaves_no_file() {
    let house = house().await;
    for (action, inputs, words) in [
        (
            "downloadRepositoryFile",
            json!({ "repository": "site", "path": "/no.md", "file": "no.md" }),
            "/no.md",
        ),
        (
            "downloadRepositoryFolder",
            json!({ "repository": "site", "folder": "/no", "localFolder": "no" }),
            "/no",
        ),
        ("downloadRepositoryFile", json!({ "repository": "sight", "path": "/a", "file": "a" }), "sight"),
        (
            "commitFolder",
            json!({ "repository": "site", "branch": "mian", "message": "m", "localFolder": "pages" }),
            "mian",
        ),
    ] {
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
    }
    let near = json!({ "repository": "site", "branch": "mian", "message": "m", "localFolder": "pages" });
    let near = house.error("commitFolder", near).await;
    assert!(near.help_text().contains("\"main\""), "{}", near.help_text());
    assert!(!house.folder.path().join("no.md").exists());
}

#[tokio::test]
async fn a_lost_response_to_the_commit_of_a_folder_is_settled_by_its_content() {
    let house = house().await;
    house.simulator.fault(Fault::on("POST *").lose_answer());
    house.ok("commitFolder", commit()).await;
    let requests = house.requests();
    let pushes =
        requests.iter().filter(|request| request.starts_with("POST") && request.ends_with("/pushes"));
    assert_eq!(pushes.count(), 1, "the push is not sent again");
}
