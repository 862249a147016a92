//! Helpers: their arguments and environment, their output, and how they are ended.

use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Retry;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Helper;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::Protocol;
use azdo_bot::credentials::StorePolicy;
use insta::assert_snapshot;
use url::Url;

use crate::common::encodings::assert_hidden;
use crate::credentials::support::CONTOSO;
use crate::credentials::support::block_on;
use crate::credentials::support::by_locker;
use crate::credentials::support::by_reference;
use crate::credentials::support::environment;
use crate::credentials::support::lockers;
use crate::credentials::support::read;
use crate::credentials::support::reference;
use crate::credentials::support::resolve;
use crate::credentials::support::set_mode;
use crate::credentials::support::token;

const FABRIKAM: &str = "https://dev.azure.com/fabrikam";

/// A helper that is a shell script of the test
fn script(folder: &Path, text: &str) -> Helper {
    let program = folder.join("helper");
    std::fs::write(&program, format!("#!/bin/sh\n{text}\n")).expect("the test's folder can be written");
    set_mode(&program, 0o700);
    Helper { program, arguments: vec![], protocol: Protocol::Plain, environment: vec![], bots: vec![] }
}

fn git(helper: Helper) -> Helper {
    Helper { protocol: Protocol::Git { url: Url::parse(CONTOSO).expect("it is one") }, ..helper }
}

fn over(helper: Helper, variables: &[(&str, &str)], lockers: Lockers) -> CredentialResolver {
    let helpers = [("pass".to_owned(), helper)].into_iter().collect();
    CredentialResolver::new(
        environment(variables),
        lockers,
        StorePolicy { helpers, ..StorePolicy::default() },
    )
}

/// Resolves a reference to a helper
fn ask(helper: Helper, reference: &str) -> Result<String, Error> {
    let vault = over(helper, &[("PATH", "/usr/bin:/bin")], Lockers::default());
    read(&vault, reference).map(|secret| secret.expose().to_owned())
}

/// A pipe: opening it for writing waits for a reader, which reaches its end when all writers are gone
fn fifo(folder: &Path) -> PathBuf {
    let pipe = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("it is there").success());
    pipe
}

fn words(error: &Error) -> String {
    format!("{error}\n{}", error.help_text())
}

#[test]
fn a_plain_helper_writes_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let helper = script(folder.path(), &format!("echo {}", token(52)));
    assert_eq!(ask(helper, "exec:pass").unwrap(), token(52));
}

#[test]
fn an_attribute_replaces_its_placeholder_and_no_shell_interprets_it() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["read", "{attribute}", "--no{attribute}"].map(str::to_owned).to_vec();
    let helper = Helper { arguments, ..script(folder.path(), r#"printf '%s|%s|%s' "$1" "$2" "$3""#) };
    let told = ask(helper.clone(), "exec:pass#a$HOME|;*&").unwrap();
    assert_eq!(told, "read|a$HOME|;*&|--no{attribute}");
    for reference in ["exec:pass", "exec:pass#-o"] {
        assert_eq!(
            ask(helper.clone(), reference).unwrap_err().code(),
            ErrorCode::InputInvalid,
            "{reference}"
        );
    }
    let without = script(folder.path(), "echo x");
    assert_eq!(ask(without, "exec:pass#a").unwrap_err().code(), ErrorCode::InputInvalid);
}

#[test]
fn a_helper_gets_only_the_environment_that_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    // The shell sets PWD and _ by itself; a token has no line breaks.
    let helper = Helper {
        environment: vec!["OP_ACCOUNT".to_owned()],
        ..script(folder.path(), "env | cut -d= -f1 | grep -v -e PWD -e _$ -e SHLVL | sort | tr '\\n' ,")
    };
    let all = ["AZDO_PAT", "HOME", "OP_ACCOUNT", "PATH", "SECRET", "LD_PRELOAD", "USER"];
    let vault = over(
        helper,
        &all.map(|name| (name, if name == "PATH" { "/usr/bin:/bin" } else { "x" })),
        Lockers::default(),
    );
    assert_eq!(read(&vault, "exec:pass").unwrap().expose(), "HOME,OP_ACCOUNT,PATH,USER,");
}

#[test]
fn no_token_is_in_a_helpers_arguments_or_environment() {
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("seen");
    let text = format!("{{ echo \"$0 $*\"; env; }} > {}; echo {}", seen.display(), token(84));
    let helper = Helper { arguments: vec!["{attribute}".to_owned()], ..script(folder.path(), &text) };
    let vault = over(helper, &[("PATH", "/usr/bin:/bin"), ("AZDO_PAT", &token(52))], Lockers::default());
    for _ in 0..2 {
        assert_eq!(read(&vault, "exec:pass#bot").unwrap().expose(), token(84));
        let told = std::fs::read_to_string(&seen).unwrap();
        assert!(told.contains("helper bot\n") && told.contains("PATH="), "{told}");
        assert_hidden(&told, &token(52), "the environment's token");
        assert_hidden(&told, &token(84), "the helper's own token");
    }
}

#[test]
fn a_git_helper_uses_gits_protocol() {
    let folder = tempfile::tempdir().unwrap();
    let answer =
        format!("cat > {}/asked; echo username=bot; echo password={}", folder.path().display(), token(52));
    let helper = git(script(folder.path(), &answer));
    assert_eq!(ask(helper, "exec:pass#bot").unwrap(), token(52));
    let asked = std::fs::read_to_string(folder.path().join("asked")).unwrap();
    assert_eq!(asked, "protocol=https\nhost=dev.azure.com\npath=contoso\nusername=bot\n\n");
}

#[test]
fn the_error_of_a_helper_does_not_quote_its_output() {
    let rows = [
        (
            "echo hidden; echo hidden >&2; exit 3",
            false,
            "credential.not_found: The helper pass ended with exit code 3",
        ),
        ("echo hidden; kill -9 $$", false, "credential.not_found: The helper pass was ended by a signal"),
        (
            "printf '\\377hidden'",
            false,
            "credential.invalid_format: The helper pass wrote characters that no token has",
        ),
        ("", false, "credential.not_found: The helper pass wrote nothing"),
        ("", true, "credential.not_found: The helper pass has no such credential"),
        (
            "echo hidden",
            true,
            "credential.not_found: The helper pass does not follow git's credential protocol",
        ),
        // The response has the password of another host.
        (
            "echo host=hidden.example; echo password=hidden",
            true,
            "credential.not_found: The helper pass returned a different credential than requested",
        ),
        (
            "echo password=hidden; echo password=hidden",
            true,
            "credential.not_found: The helper pass returned two passwords",
        ),
        // It would write forever: a result shows that it was ended.
        (
            "exec yes hidden",
            false,
            "credential.invalid_format: The helper pass wrote more than 64 KiB and was ended",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (text, as_git, expected) in rows {
        let helper = script(folder.path(), text);
        let error = ask(if as_git { git(helper) } else { helper }, "exec:pass").unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(!format!("{error:?} {}", error.help_text()).contains("hidden"), "{error:?}");
    }
}

#[test]
fn the_error_of_a_missing_helper_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let gone = Helper { program: PathBuf::from("/nowhere/pass"), ..script(folder.path(), "") };
    assert_snapshot!(words(&ask(gone.clone(), "exec:pass").unwrap_err()), @r"
    credential.not_found: The helper pass cannot be run: /nowhere/pass: it does not exist
    Correct `stores.exec.pass.program` in azdo-bot.toml.
    ");
    assert_snapshot!(words(&ask(gone, "exec:other").unwrap_err()), @r#"
    credential.not_found: The operator's file has no helper "other"
    Add it to azdo-bot.toml as [stores.exec.other], or correct the reference.
    "#);
}

#[test]
fn a_helper_that_fails_names_the_variables_that_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let variables = ["OP_TOKEN", "PATH"].map(str::to_owned).to_vec();
    for (text, message) in
        [("exit 4", "The helper pass ended with exit code 4"), ("exit 0", "The helper pass wrote nothing")]
    {
        let helper = Helper { environment: variables.clone(), ..script(folder.path(), text) };
        let error = ask(helper, "exec:pass").unwrap_err();
        assert_eq!(error.message(), message);
        let help = error.help_text();
        assert!(help.ends_with("listed in `stores.exec.pass.environment`: OP_TOKEN."), "{help}");
    }
    let helper = Helper { environment: vec!["PATH".to_owned()], ..script(folder.path(), "exit 4") };
    assert!(!ask(helper, "exec:pass").unwrap_err().help_text().contains("Not set"));
}

#[test]
fn the_encoding_of_a_helpers_output_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let marked = script(folder.path(), &format!("printf '\\357\\273\\277{}'", token(52)));
    assert_eq!(ask(marked, "exec:pass").unwrap(), token(52));
    let error = ask(script(folder.path(), "printf 'a\\000b\\000'"), "exec:pass").unwrap_err();
    assert_eq!(error.message(), "The helper pass wrote UTF-16");
}

// The helper's child writes to a pipe: the end of the pipe shows that the child was ended too.
#[test]
fn a_helper_that_hangs_is_ended_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = fifo(folder.path());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("the pipe can be read")
    });
    let helper =
        script(folder.path(), &format!("(exec >{}; echo up; exec sleep 1000) & wait", pipe.display()));
    let helper = Helper { environment: vec!["OP_TOKEN".to_owned()], ..helper };
    let error = ask(helper, "exec:pass").unwrap_err();
    assert_eq!((error.code(), error.retry_advice()), (ErrorCode::CredentialTimeout, Retry::Later));
    assert!(error.message().ends_with("did not return the token of exec:pass within 3 seconds"), "{error}");
    assert!(error.help_text().contains("The helper pass (/"), "{}", error.help_text());
    assert!(
        error.help_text().contains("listed in `stores.exec.pass.environment`: OP_TOKEN."),
        "{}",
        error.help_text()
    );
    assert_eq!(reader.join().unwrap(), "up\n");
}

// Cancelling the call ends the helper.
#[test]
fn a_helper_whose_call_is_cancelled_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = fifo(folder.path());
    let (up, is_up) = tokio::sync::oneshot::channel();
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut file = std::fs::File::open(pipe).expect("the pipe can be read");
            file.read_exact(&mut [0]).expect("the helper says that it is up");
            up.send(()).expect("the test waits");
            file.read_to_end(&mut Vec::new()).expect("the pipe can be read")
        }
    });
    let helper = script(folder.path(), &format!("exec 3>{}; printf u >&3; exec sleep 1000", pipe.display()));
    let vault = over(helper, &[("PATH", "/usr/bin:/bin")], Lockers::default());
    block_on(async {
        let reference = reference("exec:pass");
        tokio::select! {
            answer = vault.read_reference(&reference) => panic!("it answered: {answer:?}"),
            up = is_up => up.expect("it is up"),
        }
    });
    assert_eq!(reader.join().unwrap(), 0);
}

#[test]
fn a_bot_may_reference_only_what_is_listed_for_bots() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = vec!["{attribute}".to_owned()];
    let bots = vec!["ci".to_owned()];
    let helper = Helper { arguments, bots, ..script(folder.path(), &format!("echo {}", token(52))) };
    let vault = over(helper, &[], Lockers::default());
    assert_eq!(resolve(&vault, &by_reference("exec:pass#ci"), CONTOSO).unwrap(), token(52));
    for reference in ["exec:pass", "exec:pass#admin", "exec:other#ci", "exec:/bin/sh#ci"] {
        let error = resolve(&vault, &by_reference(reference), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{reference}");
        assert!(error.help_text().contains("stores.exec.NAME.bots"), "{}", error.help_text());
        assert!(!format!("{error:?}").contains(reference), "{error:?}");
    }
}

#[test]
fn a_reference_is_bound_by_its_locker() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [("l/n/one", "exec:pass#one", Some(CONTOSO)), ("l/n/two", "exec:pass#two", Some(FABRIKAM))];
    let bots = ["", "one", "two"].map(str::to_owned).to_vec();
    let helper = Helper { bots, ..script(folder.path(), &format!("echo password={}", token(52))) };
    let vault = over(git(helper), &[], lockers(&rows));
    let credentials = [
        (by_locker("l", "n", "one"), true, false),
        (by_locker("l", "n", "two"), false, true),
        (by_reference("exec:pass#one"), true, false),
        (by_reference("exec:pass#two"), false, true),
        // Without a user it may be either credential.
        (by_reference("exec:pass"), true, true),
    ];
    for (credential, contoso, fabrikam) in credentials {
        for (target, expected) in
            [(CONTOSO, contoso), (FABRIKAM, fabrikam), ("https://dev.azure.com/other", false)]
        {
            match resolve(&vault, &credential, target) {
                Ok(found) => assert!(expected && found == token(52), "{credential:?} {target}"),
                Err(error) => {
                    assert!(!expected, "{credential:?} {target}: {error}");
                    assert_eq!(error.code(), ErrorCode::CredentialOrganizationMismatch);
                }
            }
        }
    }
}

// A user who can change the program, or its folder, could read the token.
#[test]
fn a_helper_that_others_can_write_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("bin");
    std::fs::create_dir(&inner).unwrap();
    let helper = script(&inner, &format!("echo {}", token(52)));
    for (folder_mode, mode, fine) in [
        (0o755, 0o755, true),
        (0o1777, 0o755, true),
        (0o755, 0o775, false),
        (0o755, 0o702, false),
        (0o777, 0o755, false),
    ] {
        set_mode(&inner, folder_mode);
        set_mode(&helper.program, mode);
        let answer = ask(helper.clone(), "exec:pass");
        assert_eq!(answer.is_ok(), fine, "{folder_mode:04o} {mode:04o}: {answer:?}");
        let Err(error) = answer else { continue };
        assert_eq!(error.code(), ErrorCode::CredentialNotFound);
        assert!(error.message().contains("users other than its owner can change it"), "{error}");
        assert!(error.help_text().contains("chmod go-w '"), "{}", error.help_text());
    }
    let as_folder = Helper { program: inner.clone(), ..helper };
    set_mode(&inner, 0o755);
    assert!(ask(as_folder, "exec:pass").unwrap_err().message().ends_with("it is a folder, not a file"));
}
