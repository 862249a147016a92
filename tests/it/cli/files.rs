//! Files that the operator names: their permissions, pipes and devices, and full disks.
#![cfg(unix)]

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::ran;

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("the test owns the file");
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("it is there").success());
}

/// A bot that writes a line of that length
fn logging(folder: &Folder, length: usize) {
    logging_to(folder, "run.log", length);
}

fn logging_to(folder: &Folder, name: &str, length: usize) {
    let value = |text: &str| json!({ "type": "STRING", "string": text });
    let node = json!({
        "uid": "1", "packageName": "LogToFile", "commandName": "logToFile", "disabled": false,
        "attributes": [
            { "name": "filePath", "value": value(name) },
            { "name": "logContent", "value": value(&"x".repeat(length)) },
        ],
    });
    folder.file("root.bot.json", &bot(vec![node], vec![]));
}

fn run_with(folder: &Folder, config: &Path) -> Ran {
    ran(azdo_bot()
        .arg("run")
        .arg(folder.path().join("root.bot.json"))
        .arg("--simulate")
        .arg("--config")
        .arg(config))
}

#[test]
fn an_operators_file_that_others_may_write_is_refused() {
    let folder = Folder::new();
    logging(&folder, 1);
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    let config = folder.file("inner/azdo-bot.toml", "");
    for (folder_mode, file_mode, words) in [
        (0o755, 0o644, None),
        (0o1777, 0o644, None),
        (0o755, 0o664, Some("azdo-bot.toml has the mode 0664: users other than its owner can change it")),
        (0o755, 0o606, Some("azdo-bot.toml has the mode 0606: users other than its owner can change it")),
        (0o777, 0o644, Some("inner has the mode 0777: users other than its owner can change it")),
    ] {
        mode(&inner, folder_mode);
        mode(&config, file_mode);
        let ran = run_with(&folder, &config);
        assert_eq!(ran.code, if words.is_some() { 2 } else { 0 }, "{}", ran.stderr);
        if let Some(words) = words {
            assert!(ran.stderr.contains(words) && ran.stderr.contains("chmod go-w '"), "{}", ran.stderr);
        }
    }
    // As root, the test can change the owner of files.
    mode(&inner, 0o755);
    mode(&config, 0o644);
    if std::os::unix::fs::chown(&config, Some(12345), None).is_ok() {
        let ran = run_with(&folder, &config);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("belongs to the user 12345"), "{}", ran.stderr);
        assert!(ran.stderr.contains("chown 0 '"), "{}", ran.stderr);
    }
}

#[test]
fn an_audit_file_that_others_may_write_is_refused() {
    let folder = Folder::new();
    logging(&folder, 1);
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    let audit = inner.join("audit.jsonl");
    let config = folder.file("azdo-bot.toml", &format!("[audit]\nfile = \"{}\"\n", audit.display()));
    mode(&inner, 0o777);
    let ran = run_with(&folder, &config);
    assert!(ran.code == 2 && ran.stderr.contains("inner has the mode 0777"), "{}", ran.stderr);
    assert!(!audit.exists(), "no file is created");
    mode(&inner, 0o755);
    assert_eq!(run_with(&folder, &config).code, 0);
    mode(&audit, 0o660);
    let ran = run_with(&folder, &config);
    assert!(ran.code == 2 && ran.stderr.contains("audit.jsonl has the mode 0660"), "{}", ran.stderr);
}

#[test]
fn a_flow_cannot_write_files_that_the_operator_trusts() {
    let folder = Folder::new();
    let (audit, helper) = (folder.path().join("audit.jsonl"), folder.file("helper", "#!/bin/sh\n"));
    let (authority, token) = (folder.file("ca.pem", ""), folder.file("pat", "x"));
    std::fs::create_dir(folder.path().join("tokens")).expect("a folder");
    folder.file("tokens/other", "x");
    let config = folder.file(
        "azdo-bot.toml",
        &format!(
            "[audit]\nfile = \"{}\"\n[stores.exec.pass]\nprogram = \"{}\"\n[stores.file]\nfolders = [\"{}\"]\n\
             [network]\ncertificate_authorities = [\"{}\"]\n[lockers.\"a/b/c\"]\nreference = \"file:{}\"\n",
            audit.display(),
            helper.display(),
            folder.path().join("tokens").display(),
            authority.display(),
            token.display()
        ),
    );
    for name in [
        "azdo-bot.toml",
        "audit.jsonl",
        "helper",
        "ca.pem",
        "pat",
        "tokens/other",
        "tokens/new",
        "AUDIT.jsonl",
        "audit.jsonl.1",
        "audit.jsonl.next",
    ] {
        logging_to(&folder, name, 1);
        let before = std::fs::read(folder.path().join(name)).ok();
        let ran = run_with(&folder, &config);
        assert_ne!(ran.code, 0, "{name}: {}", ran.stderr);
        let refused = format!("the file \"{name}\" ");
        assert!(
            ran.stderr.contains("input.invalid") && ran.stderr.contains(&refused),
            "{name}: {}",
            ran.stderr
        );
        assert_eq!(std::fs::read(folder.path().join(name)).ok(), before, "{name}");
    }
    logging_to(&folder, "run.log", 1);
    assert_eq!(run_with(&folder, &config).code, 0);
}

// Opening a pipe would block until its other end is opened.
#[test]
fn a_pipe_or_device_is_refused_without_waiting() {
    let folder = Folder::new();
    logging(&folder, 1);
    let pipe = folder.path().join("pipe");
    fifo(&pipe);
    let device = Path::new("/dev/null");
    for (path, words) in [(pipe.as_path(), "a pipe"), (folder.path(), "a folder"), (device, "a device")] {
        let words = format!("it is {words}, not a file");
        let as_config = run_with(&folder, path);
        assert!(as_config.code == 2 && as_config.stderr.contains(&words), "{}", as_config.stderr);
        let config = folder.file("azdo-bot.toml", &format!("[audit]\nfile = \"{}\"\n", path.display()));
        let as_audit = run_with(&folder, &config);
        assert!(as_audit.code == 2 && as_audit.stderr.contains(&words), "{}", as_audit.stderr);
        let root = folder.path().join("root.bot.json");
        let as_world = ran(azdo_bot().arg("run").arg(root).args(["--simulate", "--world"]).arg(path));
        assert!(as_world.code == 2 && as_world.stderr.contains(&words), "{}", as_world.stderr);
        let as_bot = ran(azdo_bot().arg("run").arg(path));
        assert!(as_bot.code != 0 && as_bot.stderr.contains(&words), "{}", as_bot.stderr);
        let as_authority = ran(azdo_bot()
            .args(["call", "list-repositories", "--organization-url", "https://dev.azure.com/contoso"])
            .args(["--project", "x", "--credential", "env:AZDO_PAT", "--ca"])
            .arg(path));
        assert!(as_authority.code == 2 && as_authority.stderr.contains(&words), "{}", as_authority.stderr);
        for ran in [as_config, as_audit, as_world, as_bot, as_authority] {
            assert!(!ran.stderr.contains("internal"), "{}", ran.stderr);
        }
    }
}

#[test]
fn a_process_without_file_descriptors_reports_that() {
    let folder = Folder::new();
    logging(&folder, 1);
    let config = folder
        .file("azdo-bot.toml", &format!("[audit]\nfile = \"{}\"\n", folder.path().join("audit").display()));
    let mut reports = 0;
    for limit in 4..24 {
        let script = format!("ulimit -n {limit}; exec \"$0\" run \"$1\" --simulate --config \"$2\"");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_azdo-bot")]);
        command.arg(folder.path().join("root.bot.json")).arg(config.as_path());
        let output = command.env_clear().stdin(Stdio::null()).output().expect("the shell starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code != 101), "{limit}: {stderr}");
        assert!(!stderr.contains("internal"), "{limit}: {stderr}");
        reports += usize::from(stderr.contains("has no file descriptors left"));
    }
    assert!(reports > 0, "it is reported at least once");
}

/// The result of a command with `folder` on a file system of 64 KiB, if the test can create one
fn on_a_small_disk(folder: &Path, command: &mut Command) -> Option<(i32, String)> {
    let mount = "mount -t tmpfs -o size=64k none \"$1\" && cp -r \"$2\"/. \"$1\" && shift 2 && exec \"$@\"";
    let mut outer = Command::new("unshare");
    outer.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]).arg(folder);
    outer.arg(folder.parent()?.join("content")).arg(command.get_program()).args(command.get_args());
    let output = outer.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").output().ok()?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let refused = stderr.starts_with("unshare: ") || stderr.starts_with("mount: ");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr;
    if refused {
        #[allow(clippy::print_stdout, reason = "the test prints what it skips")]
        {
            println!("left out, no file system can be made here: {stderr}");
        }
    }
    Some((output.status.code()?, shown)).filter(|_| !refused)
}

#[test]
fn a_full_disk_has_its_own_message() {
    let folder = Folder::new();
    let disk = folder.path().join("disk");
    for name in ["disk", "content"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    let content = folder.path().join("content");
    let node = |length| {
        let folder = Folder::new();
        logging(&folder, length);
        std::fs::copy(folder.path().join("root.bot.json"), content.join("root.bot.json"))
            .expect("it is copied");
    };
    node(20_000);
    let root = disk.join("root.bot.json");
    let mut command = azdo_bot();
    command.arg("run").arg(&root).arg("--simulate");
    let Some((code, shown)) = on_a_small_disk(&disk, &mut command) else { return };
    assert!(code == 0, "there is room for one line: {shown}");
    node(60_000);
    let (code, shown) = on_a_small_disk(&disk, &mut command).expect("it worked before");
    assert!(code != 0 && shown.contains("file.no_space: ") && shown.contains("the disk is full"), "{shown}");
    node(1);
    command.arg("--save-world").arg(disk.join("world.json"));
    std::fs::write(content.join("filler"), vec![b'x'; 57_000]).expect("it can be written");
    let (code, shown) = on_a_small_disk(&disk, &mut command).expect("it worked before");
    assert!(
        code == 1 && shown.contains("file.no_space: ") && shown.contains("world.json cannot be written"),
        "{shown}"
    );
}

#[test]
fn output_to_a_full_disk_is_not_reported_as_a_bug() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = azdo_bot().arg("actions").stdout(full).output().expect("the binary starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("file.no_space: the output cannot be written: the disk is full"), "{stderr}");
}

// The helper holds a pipe: the end of the pipe proves that the helper has ended.
#[cfg(all(target_os = "linux", feature = "store-exec"))]
#[test]
fn a_helper_ends_when_its_bot_is_killed() {
    let simulated = Simulated::start();
    let folder = Folder::new();
    let pipe = folder.path().join("pipe");
    fifo(&pipe);
    let script = format!("#!/bin/sh\nexec 3>'{}'\nprintf u >&3\nexec sleep 1000\n", pipe.display());
    let helper = folder.file("helper", &script);
    mode(&helper, 0o700);
    let config =
        folder.file("azdo-bot.toml", &format!("[stores.exec.slow]\nprogram = \"{}\"\n", helper.display()));
    let mut bot = azdo_bot();
    bot.args(["call", "list-repositories", "--organization-url", &simulated.url, "--project", "Fabrikam"]);
    bot.args(["--credential", "exec:slow", "--allow-loopback-http", "--config"]).arg(&config);
    let mut bot = bot
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("PATH", "/usr/bin:/bin")
        .spawn()
        .expect("it starts");
    let mut pipe = std::fs::File::open(&pipe).expect("the helper opens its end");
    pipe.read_exact(&mut [0]).expect("the helper is up");
    bot.kill().expect("it runs");
    assert_eq!(bot.wait().expect("it ends").signal(), Some(9));
    assert_eq!(pipe.read_to_end(&mut Vec::new()).expect("the pipe comes to its end"), 0);
}

#[cfg(all(target_os = "linux", feature = "store-exec"))]
#[test]
fn a_helper_is_not_started_for_a_process_that_has_ended() {
    let folder = Folder::new();
    let made = folder.path().join("made");
    let ran = ran(azdo_bot().args(["run-helper", "1", "--", "/usr/bin/touch"]).arg(&made));
    assert_eq!(ran.code, 125);
    assert!(!made.exists());
    let own = std::process::id().to_string();
    let started =
        self::ran(azdo_bot().args(["run-helper", &own, "--", "/bin/echo", "--json", "-n", "--", "x"]));
    assert_eq!((started.code, started.stdout.as_str()), (0, "--json -n -- x\n"));
}
