//! Nodes that work on files and folders: only in the folders of the flow, and never on what a flow may not write.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::pieces::block;
use crate::bot::pieces::looping;
use crate::bot::pieces::set;
use crate::bot::support::outcome;

fn file(path: &str) -> Json {
    json!({ "type": "FILE", "expression": format!("file://$empty${path}") })
}

fn yes() -> Json {
    json!({ "type": "BOOLEAN", "boolean": true })
}

fn flow(nodes: Json) -> Folder {
    let output = json!({ "output": true });
    Folder::with(
        nodes,
        json!([
            declare("out", "STRING", output),
            declare("empty", "STRING", json!({})),
            declare("any", "ANY", json!({})),
            declare("table", "TABLE", json!({})),
            declare("record", "RECORD", json!({}))
        ]),
    )
}

fn create_folder(path: &str) -> Json {
    node("Folder", "createFolder", &[("folderPath", computed(&format!("$empty${path}")))])
}

fn delete_folder(path: &str) -> Json {
    node("Folder", "deleteFolder", &[("folderPath", computed(&format!("$empty${path}")))])
}

#[tokio::test]
async fn files_are_created_copied_renamed_and_deleted() {
    let folder = flow(json!([
        create_folder("in/deep"),
        node("File", "createFile", &[("filePath", file("in/a.log"))]),
        node("LogToFile", "logToFile", &[("filePath", file("in\\a.log")), ("logContent", text("x"))]),
        node(
            "File",
            "copyFiles",
            &[("sourceFilePath", file("in/*.log")), ("destinationPath", computed("$empty$in\\deep"))]
        ),
        node(
            "File",
            "copyFiles",
            &[("sourceFilePath", file("in/a.log")), ("destinationPath", computed("$empty$b.txt"))]
        ),
        node("File", "renameFiles", &[("filePath", file("in/deep/a.log")), ("newFileName", text("c.log"))]),
        node("File", "deleteFiles", &[("filePath", file("in/?.log"))]),
    ]));
    assert_eq!(outcome(&folder).await, r#"{"out":""}"#);
    assert_eq!((folder.read("in/deep/c.log"), folder.read("b.txt")), ("x\n".to_owned(), "x\n".to_owned()));
    assert!(!folder.path("in/a.log").exists() && !folder.path("in/deep/a.log").exists());
    for (node, message) in [
        (node("File", "deleteFiles", &[("filePath", file("missing.log"))]), "cannot be deleted"),
        (node("File", "createFile", &[("filePath", file("b.txt"))]), "the file \"b.txt\" exists"),
        (
            node("File", "renameFiles", &[("filePath", file("b.txt")), ("newFileName", text("../c"))]),
            "without a folder",
        ),
        (
            node(
                "File",
                "copyFiles",
                &[("sourceFilePath", file("/etc/passwd")), ("destinationPath", text("x"))],
            ),
            "is outside",
        ),
        (
            node(
                "File",
                "copyFiles",
                &[("sourceFilePath", file("b.txt")), ("destinationPath", text("/tmp/x"))],
            ),
            "is outside",
        ),
    ] {
        let folder = flow(json!([node]));
        folder.write("b.txt", "kept");
        let error = outcome(&folder).await;
        assert!(error.contains(message), "{error}");
        assert_eq!(folder.read("b.txt"), "kept");
    }
}

#[tokio::test]
async fn folders_are_deleted_only_without_what_a_flow_may_not_write() {
    let prepared = |nodes: Json| {
        let folder = flow(nodes);
        for path in ["plain/sub", "bots", "repo/.git", "bare/objects", "bare/refs"] {
            std::fs::create_dir_all(folder.path(path)).expect("folders");
        }
        for (path, content) in [
            ("plain/sub/a.log", "x"),
            ("bots/child.bot.json", "{}"),
            ("repo/.git/config", "[core]"),
            ("bare/HEAD", "ref: refs/heads/main"),
        ] {
            folder.write(path, content);
        }
        folder
    };
    let folder = prepared(json!([delete_folder("plain")]));
    assert_eq!(outcome(&folder).await, r#"{"out":""}"#);
    assert!(!folder.path("plain").exists());
    for (path, message) in [
        ("bots", "is a bot file"),
        ("repo", "version control"),
        ("repo/.git", "version control"),
        ("bare", "Git repository"),
        ("bare/refs", "Git repository"),
        (".", "not below the folders"),
        ("..", "not below the folders"),
        ("missing", "does not exist"),
        ("plain/sub/a.log", "is not a folder"),
    ] {
        let folder = prepared(json!([delete_folder(path)]));
        let error = outcome(&folder).await;
        assert!(error.contains(message), "{path}: {error}");
        for kept in ["bots/child.bot.json", "repo/.git/config", "bare/HEAD", "plain/sub/a.log"] {
            assert!(folder.path(kept).exists(), "{path} {kept}");
        }
    }
    for path in [".git", "x/.GIT/hooks", "bare/hooks", "/etc/x", "../x", "root.bot.json/x"] {
        let folder = prepared(json!([create_folder(path)]));
        let error = outcome(&folder).await;
        assert!(error.contains("input.invalid"), "{path}: {error}");
    }
    // A flow cannot make a repository out of folders and files.
    let folder = flow(json!([
        create_folder("new/objects"),
        node("File", "createFile", &[("filePath", file("new/HEAD"))]),
        create_folder("new/refs"),
    ]));
    assert!(outcome(&folder).await.contains("root.bot.json:3 input.invalid"), "{}", outcome(&folder).await);
}

#[cfg(unix)]
#[tokio::test]
async fn links_lead_out_of_no_folder() {
    use std::os::unix::fs::symlink;

    let outside = Folder::new();
    outside.write("kept.log", "kept");
    let folder = flow(json!([delete_folder("own")]));
    std::fs::create_dir(folder.path("own")).expect("a folder");
    symlink(outside.0.path(), folder.path("own/out")).expect("a link");
    assert_eq!(outcome(&folder).await, r#"{"out":""}"#, "the link is deleted, not its target");
    assert_eq!(outside.read("kept.log"), "kept");
    for nodes in [json!([delete_folder("out")]), json!([create_folder("out/new")])] {
        let folder = flow(nodes);
        symlink(outside.0.path(), folder.path("out")).expect("a link");
        assert!(outcome(&folder).await.contains("input.invalid"));
    }
    assert!(!outside.path("new").exists());
}

#[tokio::test]
async fn conditions_on_files_and_folders() {
    let exists = |name: &str, field: &str, path: &str| {
        json!({ "name": "condition", "value": { "type": "CONDITIONAL", "conditionalName": name,
            "packageName": if name.starts_with("file") { "File" } else { "Folder" } },
            "attributes": [{ "name": field, "value": computed(&format!("$empty${path}")) }, { "name": "waitTimeout", "value": number("0") }] })
    };
    let rows = [
        (exists("fileExists", "filePath", "root.bot.json"), true),
        (exists("fileExists", "filePath", "in"), false),
        (exists("fileNotExists", "filePath", "in/none/x.log"), true),
        (exists("folderExists", "folderPath", "in"), true),
        (exists("folderExists", "folderPath", "in\\none"), false),
        (exists("folderDoesNotExists", "folderPath", "in"), false),
    ];
    for (condition, expected) in rows {
        let folder = flow(json!([block("If", "if", json!([condition]), json!([assign("then", "out")]))]));
        std::fs::create_dir(folder.path("in")).expect("a folder");
        let out = if expected { r#"{"out":"then"}"# } else { r#"{"out":""}"# };
        assert_eq!(outcome(&folder).await, out, "{condition}");
    }
    let outside = exists("fileExists", "filePath", "/etc/passwd");
    let error = outcome(&flow(json!([block("If", "if", json!([outside]), json!([]))]))).await;
    assert!(
        error.contains("input.invalid: the file \"/etc/passwd\" is outside"),
        "a flow cannot look around: {error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_when_its_time_is_over() {
    let condition = json!({ "name": "conditionPredicate",
        "value": { "type": "CONDITIONAL", "conditionalName": "fileExists", "packageName": "File" },
        "attributes": [{ "name": "filePath", "value": computed("$empty$none.log") }] });
    let wait = |fails: bool| {
        let mut wait = node(
            "Wait",
            "waitForCondition",
            &[("waitTimeout", number("5")), ("isThrowException", json!({"type":"BOOLEAN","boolean":fails}))],
        );
        wait["attributes"].as_array_mut().expect("a list").push(condition.clone());
        wait
    };
    assert_eq!(outcome(&flow(json!([wait(false), assign("after", "out")]))).await, r#"{"out":"after"}"#);
    let error = outcome(&flow(json!([wait(true)]))).await;
    assert_eq!(error, "root.bot.json:1 deadline.exceeded: the condition did not hold within 5 s");
    let delay = node(
        "Delay",
        "delay",
        &[
            ("delayType", text("RANDOM")),
            ("from", number("60")),
            ("to", number("61")),
            ("timeUnit", text("SECONDS")),
        ],
    );
    let before = tokio::time::Instant::now();
    assert_eq!(outcome(&flow(json!([delay]))).await, r#"{"out":""}"#);
    assert!((60..=62).contains(&before.elapsed().as_secs()), "{:?}", before.elapsed());
}

#[tokio::test]
async fn loops_over_files_and_folders() {
    let add = |what: &str| json!([assign(&format!("$out${what};"), "out")]);
    let over = |kind: &str, what: &str| {
        looping(&format!("loop.iterators.{kind}"), ("folderPath", computed("$empty$in")), "any", add(what))
    };
    let prepared = |nodes: Json| {
        let folder = flow(nodes);
        for path in ["in/sub", "in/.git"] {
            std::fs::create_dir_all(folder.path(path)).expect("folders");
        }
        for name in ["in/b.tar.gz", "in/a.log", "in/plain"] {
            folder.write(name, "12345");
        }
        folder
    };
    let files = prepared(json!([over("files", "$any{name}$.$any{extension}$ $any{size}$")]));
    assert_eq!(outcome(&files).await, r#"{"out":"a.log 5;b.tar.gz 5;plain. 5;"}"#);
    assert_eq!(outcome(&prepared(json!([over("folders", "$any$")]))).await, r#"{"out":"sub;"}"#);
    let outside = looping("loop.iterators.files", ("folderPath", computed("$empty$/etc")), "any", json!([]));
    assert!(outcome(&flow(json!([outside]))).await.contains("outside the folders in which a flow may read"));
}

#[tokio::test]
async fn a_csv_file_is_read_into_a_table_and_written() {
    let open = |path: &str| {
        let fields = [
            ("session", json!({ "type": "SESSION", "sessionName": text("S") })),
            ("filePath", file(path)),
            ("containsHeader", yes()),
            ("delimeter", text("semicolon")),
            ("trimTrailingSpace", yes()),
            ("encoding", text("ANSI")),
        ];
        node("CsvTxt", "OpenCSVTXT", &fields)
    };
    let session = || ("session", text("S"));
    let write = |append: &str| {
        let fields = [
            ("sourceTable", variable("table")),
            ("filePath", file("out.csv")),
            ("appendToExistingFile", text(append)),
            ("columnDelimiter", text("COMMA")),
            ("encoding", text("UTF-8-WITHOUT-BOM")),
        ];
        node("DataTable", "writeToFile", &fields)
    };
    let rows = json!({ "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.forEachRowInCSVTXT", "packageName": "CsvTxt" },
        "attributes": [{ "name": "session", "value": text("S") }], "returnTo": variable("record") });
    let each =
        block("Loop", "loop.commands.start", json!([rows]), json!([assign("$out$$record{name}$,", "out")]));
    let folder = flow(json!([
        open("in.csv"),
        set("CsvTxt", "ReadFromCsvTxt", &[session()], "table"),
        each,
        write("overwrite"),
        write("append"),
        node("CsvTxt", "CloseCsvTxt", &[session()]),
        node("CsvTxt", "CloseCsvTxt", &[session()]),
    ]));
    std::fs::write(folder.path("in.csv"), b"id;name\n1;Gr\xfc\xdfe \n2;\"a;b\"\n").expect("a file");
    let error = outcome(&folder).await;
    assert!(
        error.starts_with("root.bot.json:8 bot.expression: no CSV or text file is open in the session \"S\""),
        "{error}"
    );
    let rows = "1,Grüße\n2,a;b\n";
    assert_eq!(folder.read("out.csv"), format!("id,name\n{rows}{rows}"));
    let folder = flow(json!([open("missing.csv")]));
    assert!(outcome(&folder).await.contains("does not exist, or is outside"));
}

#[test]
fn constant_paths_are_checked_before_the_run() {
    let constant = |path: &str| json!({ "type": "FILE", "string": path });
    let rows = [
        (node("File", "createFile", &[("filePath", constant("/etc/x.log"))]), "is outside"),
        (node("File", "deleteFiles", &[("filePath", constant("root.bot.json"))]), "is a bot file"),
        (node("Folder", "createFolder", &[("folderPath", text("/etc/x"))]), "is outside"),
        (
            node("LogToFile", "logToFile", &[("filePath", constant("new/x.log")), ("logContent", text(""))]),
            "in a folder that does not exist",
        ),
    ];
    for (node, message) in rows {
        let faults = flow(json!([node])).faults();
        assert!(faults.starts_with("root.bot.json:1 input.invalid") && faults.contains(message), "{faults}");
    }
    // A flow that creates folders may write into one that does not exist yet.
    let log =
        node("LogToFile", "logToFile", &[("filePath", constant("new/x.log")), ("logContent", text(""))]);
    assert_eq!(flow(json!([create_folder("new"), log])).faults(), "");
}
