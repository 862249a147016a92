//! The files of a flow: which are read, which are missing, and which calls are allowed.

use azdo_bot::contract::ErrorCode;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::load;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::message;
use crate::bot::documents::node;
use crate::bot::documents::run_task;
use crate::bot::documents::text;
use crate::bot::documents::with;

fn call(child: &str) -> serde_json::Value {
    run_task(&format!("repository:///Automation%20Anywhere/Bots/{child}"), json!({}), json!({}))
}

#[test]
fn missing_child_bots() {
    let folder =
        Folder::with(
            json!([
                call("missing"),
                call("../outside"),
                run_task("file:///etc/passwd", json!({}), json!({})),
                run_task("", json!({}), json!({})),
                node("TaskBot", "runTask", &[("taskbot", json!({"type":"TASKBOT","taskbotSelf":true}))]),
                node(
                    "TaskBot",
                    "runTask",
                    &[(
                        "taskbot",
                        json!({"type":"TASKBOT","taskbotFile":{"type":"FILE","expression":"$path$"}}),
                    )]
                ),
            ]),
            json!([]),
        );
    insta::assert_snapshot!(folder.faults());
}

#[test]
fn a_call_cycle_is_reported_once_and_every_file_is_checked_once() {
    let folder = Folder::with(json!([call("b"), call("b"), call("c")]), json!([]));
    folder.bot("b", json!([message("$x$"), call("c")]), json!([]));
    folder.bot("c", json!([call("d"), call("b")]), json!([]));
    folder.bot("d", json!([call("root")]), json!([]));
    insta::assert_snapshot!(folder.faults());
}

#[test]
fn a_child_may_be_called_from_many_places() {
    let folder = Folder::with(json!([call("b"), call("c"), call("c")]), json!([]));
    folder.bot("b", json!([call("c")]), json!([]));
    folder.bot("c", json!([]), json!([]));
    assert_eq!(folder.faults(), "");
}

#[test]
fn files_that_are_not_bot_files() {
    let rows: [(&str, &[u8], &str); 5] = [
        ("not JSON", b"hidden", "the file is not a bot file: not JSON at line 1, column 1"),
        (
            "cut off",
            b"{\"nodes\": [",
            "the file is not a bot file: the text ends too early at line 1, column 11",
        ),
        (
            "another shape",
            b"{\"steps\": []}",
            "the file is not a bot file: a repeated key, too deep a nesting, or another shape than expected at line 1, column 13",
        ),
        (
            "a key twice",
            b"{\"nodes\": [],\n \"nodes\": []}",
            "the file is not a bot file: a repeated key, too deep a nesting, or another shape than expected at line 2, column 8",
        ),
        ("not UTF-8", b"{\"nodes\": \"\xff\"}", "the file is not a bot file: not JSON at line 1, column 12"),
    ];
    for (what, bytes, message) in rows {
        let folder = Folder::new();
        std::fs::write(folder.path("root.bot.json"), bytes).expect("the folder can be written in");
        let analysis = folder.check();
        assert!(!analysis.is_bot_file(), "{what}");
        assert_eq!(analysis.faults.len(), 1, "{what}");
        assert_eq!(analysis.faults[0].error.code(), ErrorCode::BotUnreadable, "{what}");
        assert_eq!(
            analysis.faults[0].to_string(),
            format!("root.bot.json: bot.unreadable: {message}"),
            "{what}"
        );
    }
    let folder = Folder::with(json!([call("broken")]), json!([]));
    folder.write("broken.bot.json", "hidden");
    assert!(folder.check().is_bot_file(), "the root is one, its child is not");
    assert!(folder.faults().starts_with("broken.bot.json:0 bot.unreadable: "));
}

#[test]
fn a_missing_file_and_a_folder_are_not_bot_files() {
    let folder = Folder::new();
    let missing = load(&folder.path("nosuch.bot.json"), &LoadOptions::default());
    assert_eq!(
        missing.faults[0].to_string(),
        "nosuch.bot.json: bot.unreadable: the file cannot be opened: it does not exist"
    );
    assert!(!missing.is_bot_file());
    let of_folder = load(folder.0.path(), &LoadOptions::default());
    assert!(
        of_folder.faults[0]
            .to_string()
            .ends_with("bot.unreadable: the file cannot be read: it is a folder, not a file")
    );
}

#[test]
fn a_file_above_the_size_limit_is_not_read() {
    let folder = Folder::new();
    folder.write("root.bot.json", &format!("{{\"nodes\":[]}}{}", " ".repeat(16 << 20)));
    assert_eq!(folder.faults(), "root.bot.json:0 bot.unreadable: the file is larger than 16 MiB");
}

#[test]
fn the_repository_folder_can_be_set() {
    let (bots, library) = (Folder::with(json!([call("shared/child")]), json!([])), Folder::new());
    std::fs::create_dir(library.path("shared")).expect("a folder");
    library.bot("shared/child", json!([]), json!([]));
    assert!(bots.faults().contains("bot.child_not_found"));
    let options = LoadOptions { repository: Some(library.0.path().to_owned()), ..LoadOptions::default() };
    assert!(load(&bots.path("root.bot.json"), &options).faults.is_empty());
    let nowhere = LoadOptions { repository: Some(library.path("nosuch")), ..LoadOptions::default() };
    assert_eq!(load(&bots.path("root.bot.json"), &nowhere).faults[0].error.code(), ErrorCode::InputInvalid);
}

#[test]
fn the_nesting_of_nodes_is_limited() {
    let nested = |levels: usize, inner: serde_json::Value| {
        (0..levels).fold(inner, |inner, _| with(node("Step", "step", &[]), "children", json!([inner])))
    };
    let chain = |bots: usize| {
        let folder = Folder::with(json!([nested(39, call("b1"))]), json!([]));
        for at in 1..bots {
            folder.bot(&format!("b{at}"), json!([nested(39, call(&format!("b{}", at + 1)))]), json!([]));
        }
        folder.bot(&format!("b{bots}"), json!([]), json!([]));
        folder.faults()
    };
    assert_eq!(chain(4), "");
    assert_eq!(
        chain(5),
        "root.bot.json:0 limit.exceeded: the nodes of the bot and its child bots are nested more than 160 levels deep"
    );
    let deep =
        Folder::with(json!([nested(100, node("Comment", "Comment", &[("comment", text("x"))]))]), json!([]));
    assert!(deep.faults().starts_with("root.bot.json:0 bot.unreadable: "), "{}", deep.faults());
}
