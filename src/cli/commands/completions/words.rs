//! Words that are no flags, such as the inputs of an action: the scripts of fish, PowerShell and elvish do not have them.
//!
//! `clap_complete` writes them for bash and zsh only. Decision 0310.

use std::fmt::Write as _;

use clap::Command;
use clap_complete::Shell;

/// The words that a command takes after its name
pub(super) struct Words {
    /// The names of the command and of those above it, without the program: `call`, `run-pipeline`
    path: Vec<String>,
    /// Each word, and what it means
    words: Vec<(String, String)>,
}

impl Words {
    /// Returns the words of a command and of all commands below it
    pub(super) fn of(command: &Command, path: &[String]) -> Vec<Words> {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values);
        let word = |value: clap::builder::PossibleValue| {
            let meaning = value.get_help().map(ToString::to_string).unwrap_or_default();
            (value.get_name().to_owned(), meaning)
        };
        let words: Vec<_> = values.map(word).collect();
        let own = (!words.is_empty()).then(|| Words { path: path.to_vec(), words });
        let below = command.get_subcommands().filter(|one| one.get_name() != "help").flat_map(|one| {
            let path = [path, &[one.get_name().to_owned()]].concat();
            Words::of(one, &path)
        });
        own.into_iter().chain(below).collect()
    }
}

/// Adds the words to the script of a shell
pub(super) fn add(shell: Shell, script: String, words: &[Words]) -> String {
    match shell {
        Shell::Fish => script + &fish(words),
        Shell::PowerShell => powershell(script, words),
        Shell::Elvish => elvish(script, words),
        _ => script,
    }
}

fn fish(words: &[Words]) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    let mut lines = String::new();
    for Words { path, words } in words {
        let mut condition = format!("__fish_azdo_bot_using_subcommand {}", path[0]);
        for inner in &path[1..] {
            let _ = write!(condition, "; and __fish_seen_subcommand_from {inner}");
        }
        for (word, meaning) in words {
            let meaning = quoted(meaning);
            let _ = writeln!(lines, "complete -c azdo-bot -n \"{condition}\" -f -a '{word}' -d '{meaning}'");
        }
    }
    lines
}

/// In the script, the path is all words before the cursor; it has to end where the words begin
fn powershell(script: String, words: &[Words]) -> String {
    let ends = "$element.Value.StartsWith('-') -or";
    let mut firsts: Vec<&str> =
        words.iter().filter(|one| one.path.len() == 1).map(|one| one.path[0].as_str()).collect();
    firsts.dedup();
    let firsts = format!("'{}'", firsts.join("', '"));
    let script = script.replacen(
        ends,
        &format!(
            "{ends}\n                $i -gt 2 -or\n                ($i -gt 1 -and $commandElements[1].Value -in {firsts}) -or"
        ),
        1,
    );
    let line = |word: &str, meaning: &str| {
        let meaning = if meaning.is_empty() { word.to_owned() } else { doubled(meaning) };
        format!(
            "            [CompletionResult]::new('{word}', '{word}', [CompletionResultType]::ParameterValue, '{meaning}')\n"
        )
    };
    in_blocks(script, words, |path| format!("        'azdo-bot;{path}' {{\n"), line)
}

fn elvish(script: String, words: &[Words]) -> String {
    // The words that a command takes are no commands: the last command before them is the one to look up.
    let script = script.replacen(
        "    $completions[$command]\n",
        "    while (not (has-key $completions $command)) {\n        \
         set command = (str:join ';' [(str:split ';' $command)][..-1])\n    }\n    $completions[$command]\n",
        1,
    );
    let line = |word: &str, meaning: &str| format!("            cand '{word}' '{}'\n", doubled(meaning));
    in_blocks(script, words, |path| format!("        &'azdo-bot;{path}'= {{\n"), line)
}

/// Adds a line for each word to the block of its command, which begins with `head`
fn in_blocks(
    mut script: String,
    words: &[Words],
    head: impl Fn(&str) -> String,
    line: impl Fn(&str, &str) -> String,
) -> String {
    for Words { path, words } in words {
        let head = head(&path.join(";"));
        let lines: String = words.iter().map(|(word, meaning)| line(word, meaning)).collect();
        script = script.replacen(&head, &format!("{head}{lines}"), 1);
    }
    script
}

/// Returns a text for single quotes, where a quote is written twice
fn doubled(text: &str) -> String {
    text.replace('\'', "''")
}
