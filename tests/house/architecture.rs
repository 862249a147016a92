//! Doors between rooms, who owns which crate, and how large a file may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Who may import whom; a room that is not here is a fault
pub(crate) const DOORS: &[(&str, &[&str])] = &[
    ("contract", &[]),
    ("files", &["contract"]),
    ("audit", &["contract", "files"]),
    ("devops", &["contract"]),
    ("credentials", &["contract", "files"]),
    ("sessions", &["contract", "devops"]),
    ("actions", &["contract", "files", "sessions", "devops"]),
    ("dispatch", &["contract", "files", "sessions", "actions"]),
    ("package", &["contract", "actions"]),
    ("hosts", &["contract", "files", "dispatch", "package"]),
    ("report", &["contract", "package", "hosts"]),
    ("setup", &["contract", "files", "audit", "devops", "credentials", "sessions", "actions", "dispatch"]),
    (
        "cli",
        &[
            "contract",
            "files",
            "audit",
            "devops",
            "credentials",
            "sessions",
            "actions",
            "dispatch",
            "package",
            "hosts",
            "report",
            "setup",
        ],
    ),
    ("main", &["cli", "setup"]),
    ("lib", &["actions", "contract", "package", "setup"]),
];

/// Crates and library parts that one room owns
const OWNERS: &[(&str, &[&str])] = &[
    ("reqwest::", &["devops"]),
    ("h2::", &["devops"]),
    ("rustls", &["devops", "hosts"]),
    ("cap_std::", &["files"]),
    ("cap_fs_ext::", &["files"]),
    ("redis::", &["sessions"]),
    ("clap::", &["cli", "main"]),
    ("maud::", &["report"]),
    ("toml::", &["setup"]),
    ("whoami::", &["setup"]),
    ("indicatif::", &["hosts", "cli"]),
    ("rmcp::", &["hosts"]),
    ("axum::", &["hosts"]),
    ("hyper_util::", &["hosts"]),
    ("azdo_simulator::", &["setup", "cli"]),
    ("std::env::var", &["setup"]),
    ("println!(", &["hosts", "cli"]),
    ("print!(", &["hosts", "cli"]),
    ("stdout()", &["hosts", "cli", "main"]),
    ("insta::", &[]),
];

/// How many lines a file may have
const MOST_LINES: usize = 400;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

pub(crate) fn all(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    folders
        .iter()
        .map(|folder| root.join(folder))
        .filter(|folder| folder.exists())
        .for_each(|folder| sources(&folder, &mut found));
    found
        .into_iter()
        .map(|path| {
            let name =
                path.strip_prefix(root).expect("it is below the root").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("a source is text"))
        })
        .collect()
}

/// `src/devops/client.rs` is in the room `devops`
fn room(path: &str) -> String {
    path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// What follows `crate::` in a line, each time
fn imports(line: &str) -> impl Iterator<Item = String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[test]
fn rooms_import_only_through_their_doors() {
    let doors: BTreeMap<&str, &[&str]> = DOORS.iter().copied().collect();
    let mut faults = Vec::new();
    for (path, text) in all(&["src"]) {
        let room = room(&path);
        let Some(allowed) = doors.get(room.as_str()) else {
            faults.push(format!("{path}: the room {room} has no doors in this test"));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            let line = line.trim_start();
            if line.starts_with("//") {
                continue;
            }
            let used = line.strip_prefix("pub ").unwrap_or(line);
            if used.starts_with("use crate::") && used.contains('{') {
                faults.push(format!("{place}: one `use crate::` path a line"));
            }
            for to in imports(line).filter(|to| *to != room && !allowed.contains(&to.as_str())) {
                faults.push(format!("{place}: `{room}` may not import `{to}`"));
            }
            if path.starts_with("src/cli/commands/") {
                // A command knows the shared parts of cli, not another command.
                for command in [
                    "actions",
                    "audit",
                    "broker",
                    "call",
                    "check",
                    "completions",
                    "doctor",
                    "mcp",
                    "needs",
                    "run",
                    "run_helper",
                    "run_tree",
                    "serve",
                    "simulate",
                    "test",
                ] {
                    if line.contains(&format!("crate::cli::commands::{command}::"))
                        && !path.starts_with(&format!("src/cli/commands/{command}"))
                    {
                        faults.push(format!("{place}: a command may not import another"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn crates_stay_in_the_room_that_owns_them() {
    let mut faults = Vec::new();
    for (path, text) in all(&["src"]) {
        let room = room(&path);
        for (number, line) in
            text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for (what, owners) in OWNERS {
                if line.contains(what) && !owners.contains(&room.as_str()) {
                    faults.push(format!("{path}:{}: `{what}` belongs to {owners:?}", number + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn standard_error_is_written_by_the_thread_that_may_wait_for_it_alone() {
    let mut faults = Vec::new();
    for (path, text) in all(&["src"])
        .into_iter()
        .filter(|(path, _)| path != "src/cli/output/stderr.rs" && !path.ends_with("_tests.rs"))
    {
        for (number, line) in text.lines().enumerate() {
            if ["io::stderr", "eprint"].iter().any(|way| line.contains(way)) {
                faults.push(format!(
                    "{path}:{}: whatever it says goes through src/cli/output/stderr.rs",
                    number + 1
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_text_is_cut_where_it_is_masked_and_nowhere_else() {
    // What cuts a text to a length.
    const CUTTERS: &[&str] = &["'…'", ".chars().take(", ".char_indices().nth(", ".truncate("];
    const ALLOWED: &[(&str, &str)] = &[
        ("src/contract/secrets/masker.rs", ".char_indices().nth("),
        ("src/contract/secrets/escape.rs", "'…'"),
        // A word that is compared with others and not shown.
        ("src/contract/errors/suggest.rs", ".chars().take("),
        // Items of a list, and files that are written anew.
        ("src/files/creation.rs", ".truncate("),
        ("src/actions/runtime/open_session.rs", ".truncate("),
        ("src/devops/limits/limiter_state.rs", ".truncate("),
        // Items of a loop, and nodes of a flow that cut a text, which they mask before.
        ("src/hosts/bot/nodes/loops/range.rs", ".truncate("),
        ("src/hosts/bot/nodes/string/before_after.rs", ".chars().take("),
        ("src/hosts/bot/nodes/string/replace.rs", ".char_indices().nth("),
    ];
    let mut faults = Vec::new();
    for (path, text) in all(&["src"]) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in
            code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let cuts = CUTTERS.iter().filter(|cutter| line.contains(**cutter));
            for cutter in cuts.filter(|cutter| !ALLOWED.contains(&(path.as_str(), **cutter))) {
                faults.push(format!("{path}:{}: `{cutter}` may leave a part of a token", number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn new_files_and_folders_are_created_for_their_owner_only() {
    // What creates a file or a folder, with the mode that the umask leaves.
    const CREATORS: &[&str] =
        &["fs::write(", "File::create", "create_dir", "DirBuilder", "create(true)", "create_new(true)"];
    let mut faults = Vec::new();
    for (path, text) in all(&["src", "simulator/src"]) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in lines.filter(|_| !path.ends_with("_tests.rs")) {
            // `PartFile` is one of our own.
            let line = line.replace("PartFile::create", "");
            let is_one = CREATORS.iter().any(|creator| line.contains(creator));
            let in_its_file = path == "src/files/creation.rs" || line.contains("owner_only(");
            if is_one && !in_its_file {
                faults.push(format!(
                    "{path}:{}: src/files/creation.rs sets the mode of what is created",
                    number + 1
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_simulator_shares_no_code_with_the_client() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("simulator/Cargo.toml"))
        .expect("it is there");
    assert!(!manifest.contains("azdo-bot"), "the simulator must not depend on the client");
    for (path, text) in all(&["simulator"]) {
        assert!(!text.contains("azdo_bot"), "{path}");
    }
}

#[test]
fn files_are_small_and_say_what_they_are_for() {
    let mut faults = Vec::new();
    for (path, text) in all(&["src", "simulator/src", "simulator/tests", "tests", "benches"]) {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            faults.push(format!("{path} has {lines} lines, {MOST_LINES} at most"));
        }
        if !text.starts_with("//!") {
            faults.push(format!("{path} does not open with what it is for"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_action_is_listed_in_its_group() {
    let sources = all(&["src/actions"]);
    for (path, text) in &sources {
        let parts: Vec<&str> = path.split('/').collect();
        let [_, _, group, file] = parts.as_slice() else { continue };
        let stem = file.trim_end_matches(".rs");
        if stem == "mod" {
            continue;
        }
        let list = format!("src/actions/{group}/mod.rs");
        let list = sources.iter().find(|(path, _)| *path == list).map_or("", |(_, text)| text.as_str());
        assert!(list.contains(&format!("mod {stem};")), "{path} is not a module of its group");
        // A file without an action has what several actions of the group share.
        let is_action = text.contains("\nimpl Action for ");
        assert_eq!(
            is_action,
            list.contains(&format!("Entry::of::<{stem}::")),
            "{path} is not listed in its group"
        );
    }
}
