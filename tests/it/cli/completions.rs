//! The completions of commands, actions and inputs, asked of the shells themselves.
//!
//! bash is on every machine that runs these tests on Unix. The other shells are asked where they are installed;
//! `AZDO_TEST_SHELLS=1`, which `scripts/test` sets, fails where one is not. PowerShell is never asked.

use std::process::Command;
use std::process::Stdio;

use crate::cli::support::Folder;
use crate::cli::support::run;

/// What is typed, the last word in part, and a word that the shell offers
const TYPED: &[(&[&str], &str)] = &[
    (&["doc"], "doctor"),
    (&["call", "list-repositori"], "list-repositories"),
    (&["needs", "run-p"], "run-pipeline"),
    (&["actions", "create-rep"], "create-repository"),
    (&["completions", "fi"], "fish"),
    (&["call", "run-pipeline", "template"], "template-parameters="),
    (&["call", "run-pipeline", "pipeline=1", "bra"], "branch="),
];

/// Returns whether a shell is installed
#[expect(clippy::disallowed_methods, reason = "the script that installs the shells sets the variable")]
fn has(shell: &str) -> bool {
    let found =
        Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(found || std::env::var_os("AZDO_TEST_SHELLS").is_none(), "{shell} is not installed");
    found
}

/// Returns the lines that a shell prints for a program
fn printed(shell: &str, arguments: &[&str]) -> Vec<String> {
    let done = Command::new(shell).args(arguments).output().expect("the shell starts");
    assert!(done.status.success(), "{shell}: {}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).expect("it is text");
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Asks a shell for each of [`TYPED`]; `ask` returns what it offers
fn all_are_offered(shell: &str, ask: impl Fn(&[&str]) -> Vec<String>) {
    for (words, expected) in TYPED {
        let offered = ask(words);
        assert!(offered.iter().any(|one| one == expected), "{shell}: {words:?} has {offered:?}");
    }
    let hidden = ask(&["run"]);
    assert!(!hidden.iter().any(|one| one == "run-helper"), "{shell} offers a hidden command: {hidden:?}");
}

#[cfg(unix)]
#[test]
fn bash_completes() {
    let folder = Folder::new();
    let file = folder.file("azdo-bot.bash", &run(&["completions", "bash"]).stdout);
    all_are_offered("bash", |words| {
        let (last, before) = words.split_last().expect("a word is typed");
        let call = format!(
            "source {}; COMP_WORDS=(azdo-bot {}); COMP_CWORD={}; _azdo__bot azdo-bot {last} {}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            file.display(),
            words.join(" "),
            words.len(),
            before.last().unwrap_or(&"azdo-bot"),
        );
        printed("bash", &["--norc", "-c", &call])
    });
}

#[cfg(unix)]
#[test]
fn fish_completes() {
    if !has("fish") {
        return;
    }
    let folder = Folder::new();
    let file = folder.file("azdo-bot.fish", &run(&["completions", "fish"]).stdout);
    all_are_offered("fish", |words| {
        let call = format!("source {}; complete -C 'azdo-bot {}'", file.display(), words.join(" "));
        let lines = printed("fish", &["--no-config", "-c", &call]);
        // After a tab, a line has what the word means.
        lines.iter().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
    });
}

#[cfg(unix)]
#[test]
fn elvish_completes() {
    if !has("elvish") {
        return;
    }
    let script = run(&["completions", "elvish"]).stdout;
    // The editor exists in a terminal only; this stands for the parts that the script uses.
    let editor = "var edit: = (ns [&completion:=(ns [&arg-completer=[&]]) \
                  &complex-candidate~={|text &display=''| put $text }])";
    let folder = Folder::new();
    all_are_offered("elvish", |words| {
        let ask = format!("$edit:completion:arg-completer[azdo-bot] azdo-bot {} | to-lines", words.join(" "));
        let file = folder.file("ask.elv", &format!("{editor}\n{script}\n{ask}\n"));
        printed("elvish", &["-norc", file.to_str().expect("a plain path")])
    });
}

#[cfg(unix)]
#[test]
fn zsh_completes() {
    if !has("zsh") {
        return;
    }
    let folder = Folder::new();
    let script = folder.file("_azdo-bot", &run(&["completions", "zsh"]).stdout);
    // It completes in a terminal only: it gets one, in which a key prints the word that a tab has completed.
    let setup = folder.file(
        "setup.zsh",
        &format!(
            "PROMPT=; autoload -Uz compinit; compinit -D -u; source {}\n\
             show() {{ print -r -- \"word<${{${{BUFFER% }}##* }}>\" }}; zle -N show; bindkey '^X' show\n\
             print ready\n",
            script.display()
        ),
    );
    let terminal = folder.file(
        "terminal.zsh",
        &format!(
            "zmodload zsh/zpty; zpty z zsh -f -i\n\
             zpty -w z 'source {}'; zpty -r z out '*ready*'\n\
             zpty -n -w z \"azdo-bot $1\"$'\\t\\x18'; zpty -r z out '*word<*>*'\n\
             print -r -- ${{${{out##*word<}}%%>*}}; zpty -d z\n",
            setup.display()
        ),
    );
    all_are_offered("zsh", |words| {
        let terminal = terminal.to_str().expect("a plain path");
        printed("zsh", &["-f", terminal, &words.join(" ")])
    });
}

#[test]
fn the_script_of_powershell_has_actions_and_inputs_where_they_are_typed() {
    let script = run(&["completions", "powershell"]).stdout;
    let block = |path: &str| {
        let (_, from) =
            script.split_once(&format!("'azdo-bot;{path}' {{\n")).expect("the command has a block");
        from.split_once("break").expect("a block ends").0
    };
    let offers = |path: &str, word: &str| block(path).contains(&format!("::new('{word}', '{word}',"));
    for (path, word) in [
        ("call", "list-repositories"),
        ("call;run-pipeline", "template-parameters="),
        ("needs", "run-pipeline"),
        ("actions", "run-pipeline"),
        ("policy;check", "run-pipeline"),
        ("completions", "powershell"),
    ] {
        assert!(offers(path, word), "{path} does not offer {word}: {}", block(path));
    }
    assert!(!script.contains("run-helper"));
    // A further word is no part of the path.
    assert!(script.contains("$commandElements[1].Value -in 'completions', 'actions', 'needs'"), "{script}");
}
