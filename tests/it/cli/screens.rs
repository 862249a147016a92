//! How commands show text: colours, widths, and a reader that is gone.

use std::collections::BTreeSet;
use std::process::Stdio;

use textwrap::core::display_width;

use crate::cli::support::Ran;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::cli::support::run;

const FLOW: &str = "examples/bots/release-day.bot.json";

fn with(environment: &[(&str, &str)], arguments: &[&str]) -> Ran {
    ran(azdo_bot().envs(environment.iter().copied()).args(arguments))
}

#[test]
fn colours_obey_the_option_and_the_variables() {
    let doctor = ["doctor", "--simulate", "--intended-usage", "repositories.read"];
    let has_colours = |environment: &[(&str, &str)], option: &[&str]| {
        let shown = with(environment, &[&doctor[..], option].concat());
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        shown.stdout.contains("\u{1b}[32mgranted\u{1b}[0m")
    };
    let always = ["--color", "always"];
    for (environment, option, expected) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color=never"], false),
        (&[("NO_COLOR", "1")], &always, true),
    ] {
        assert_eq!(has_colours(environment, option), expected, "{environment:?} {option:?}");
    }
    let error = with(&[], &["--color", "always", "needs", "nope"]).stderr;
    assert!(error.starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m action.unknown"), "{error:?}");
    let help = with(&[], &["--color=always", "call", "--help"]).stdout;
    assert!(help.contains("\u{1b}[1m\u{1b}[32mExamples:\u{1b}[0m") && help.contains("\u{1b}[1m\u{1b}[36m"));
    let wrong = with(&[], &["--color", "sometimes", "actions"]);
    assert_eq!((wrong.code, wrong.stderr.contains("\u{1b}")), (2, false), "{}", wrong.stderr);
}

#[test]
fn lines_fit_into_the_terminal() {
    for columns in [80, 100, 140] {
        let columns_text = columns.to_string();
        for arguments in [
            &["--help"][..],
            &["call", "--help"],
            &["actions"],
            &["actions", "create-pull-request"],
            &["actions", "connect"],
            &["needs", "connect", "create-repository"],
            &["doctor", "--simulate"],
            &["check", FLOW],
            &["run", FLOW, "--simulate"],
            &["policy", "show"],
        ] {
            let shown = with(&[("COLUMNS", &columns_text)], arguments);
            let wide = shown.stdout.lines().find(|line| display_width(line) > columns);
            // An example to paste and a word are not broken.
            let wide = wide.filter(|line| !line.starts_with("  azdo-bot ") && line.trim().contains(' '));
            assert_eq!(wide, None, "{columns}: {arguments:?}\n{}", shown.stdout);
        }
    }
}

#[test]
fn an_error_of_the_command_line_fits_into_the_terminal() {
    for arguments in [
        &["doctor", "--intended-usage", "nope"][..],
        &["check", FLOW, "--scope", "Cod (read)"],
        &["mcp", "--tls-key", "key.pem"],
        &["run", FLOW, "--run-tree", "abc"],
    ] {
        let narrow = with(&[("COLUMNS", "80")], arguments);
        assert!(narrow.stderr.lines().all(|line| display_width(line) <= 80), "{}", narrow.stderr);
        // In a log, the message is one line.
        let wide = with(&[], arguments).stderr;
        assert!(wide.lines().count() < narrow.stderr.lines().count(), "{wide}");
    }
}

#[test]
fn entries_with_long_words_are_below_each_other_where_a_table_would_break_them() {
    let listed = |columns: &str| {
        let shown = with(&[("COLUMNS", columns)], &["call", "list-repositories", "--simulate"]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        shown.stdout
    };
    let narrow = listed("80");
    assert!(narrow.lines().any(|line| line == "defaultBranch  refs/heads/main"), "{narrow}");
    assert!(
        narrow.lines().any(|line| line.starts_with("webUrl") && line.ends_with("/_git/site")),
        "{narrow}"
    );
    let wide = listed("240");
    assert!(wide.starts_with("id ") && wide.contains("webUrl\n"), "{wide}");
}

#[test]
fn no_page_of_an_action_breaks_a_word() {
    for card in azdo_bot::package::actions() {
        let page = |columns: &str| with(&[("COLUMNS", columns)], &["actions", &card.name]).stdout;
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(words(&page("80")), words(&page("1000")), "{}", card.name);
    }
}

#[test]
fn without_a_terminal_a_row_is_a_line_and_prose_has_at_most_150_columns() {
    let actions = run(&["actions"]).stdout;
    assert_eq!(actions.lines().count(), azdo_bot::package::actions().len() + 1);
    for arguments in [&["run", FLOW, "--simulate"][..], &["check", FLOW], &["doctor", "--simulate"]] {
        let shown = run(arguments).stdout;
        assert!(shown.lines().all(|line| display_width(line) <= 150), "{arguments:?}\n{shown}");
    }
    let error = run(&["run", FLOW, "--input", "x=1"]).stderr;
    assert!(error.lines().any(|line| line.contains("has no input \"x\"")), "{error}");
}

// The signal is of Unix, and so is its exit code.
#[cfg(unix)]
#[test]
fn a_reader_that_is_gone_ends_a_command_quietly() {
    for (arguments, code) in [
        (&["actions"][..], 141),
        (&["actions", "--json"], 141),
        (&["--help"], 141),
        (&["help", "call"], 141),
        (&["completions", "bash"], 141),
        (&["manifest"], 141),
        (&["check", FLOW], 141),
        (&["doctor", "--simulate"], 141),
        (&["call", "list-repositories", "--simulate"], 141),
        // A run goes on without a reader.
        (&["run", FLOW, "--simulate"], 0),
    ] {
        let (reader, writer) = std::io::pipe().expect("the system has a pipe");
        drop(reader);
        let child = azdo_bot().args(arguments).stdout(Stdio::from(writer)).stderr(Stdio::piped()).spawn();
        let ended = child.and_then(|child| child.wait_with_output()).expect("it starts and ends");
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}");
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert!(stderr.lines().all(|line| line.starts_with("simulator: ")), "{arguments:?}: {stderr}");
    }
}
