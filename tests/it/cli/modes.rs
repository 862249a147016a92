//! The modes of files and folders that the program creates: only for their owner, whatever the umask is.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::bot;
use crate::cli::support::ran;

/// The binary with a umask, which only a shell can set for it
fn with_umask(umask: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("umask {umask}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_azdo-bot"));
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Every path below a folder with its mode
fn modes(folder: &Path, found: &mut Vec<(String, u32)>) {
    for entry in std::fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("an entry").path();
        let metadata = path.symlink_metadata().expect("it is there");
        found.push((path.to_string_lossy().into_owned(), metadata.permissions().mode() & 0o7777));
        if metadata.is_dir() {
            modes(&path, found);
        }
    }
}

/// A bot that writes a line with *Log to file*
fn logging() -> String {
    let value = |text: &str| json!({ "type": "STRING", "string": text });
    let node = json!({
        "uid": "1", "packageName": "LogToFile", "commandName": "logToFile", "disabled": false,
        "attributes": [
            { "name": "filePath", "value": value("run.log") },
            { "name": "logContent", "value": value("done") },
        ],
    });
    bot(vec![node], vec![])
}

#[test]
fn what_the_program_creates_is_for_its_owner_only() {
    for umask in ["000", "022"] {
        let folder = Folder::new();
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let config = folder.file("azdo-bot.toml", &format!("[audit]\nfile = \"{}\"\n", at("audit.jsonl")));
        let root = folder.file("root.bot.json", &logging()).to_string_lossy().into_owned();
        let config = config.to_string_lossy().into_owned();
        let (world, sources, whole) = (at("world.json"), at("new/sources"), at("whole"));
        std::fs::create_dir(&whole).expect("a folder");
        std::fs::set_permissions(&whole, std::fs::Permissions::from_mode(0o700))
            .expect("it is the test's own");
        let commands: [&[&str]; 3] = [
            &["run", &root, "--simulate", "--config", &config],
            &[
                "run",
                "examples/bots/whole-release-day.bot.json",
                "--simulate",
                "--repository",
                &whole,
                "--save-world",
                &world,
                "--config",
                &config,
            ],
            &["manifest", "--automation-360", &sources],
        ];
        for arguments in commands {
            let ran = ran(with_umask(umask).args(arguments));
            assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        }
        let mut found = Vec::new();
        modes(folder.path(), &mut found);
        for name in ["audit.jsonl", "run.log", "world.json", "new/sources/package.json", "whole/drop.zip"] {
            assert!(found.iter().any(|(path, _)| *path == at(name)), "{name} was not written: {found:#?}");
        }
        let open: Vec<_> = found
            .into_iter()
            .map(|(path, mode)| format!("{path} {mode:o}"))
            .filter(|line| !line.ends_with(" 600") && !line.ends_with(" 700"))
            .collect();
        assert!(open.is_empty(), "umask {umask}: {open:#?}");
    }
}
