//! The example on the page of each action, run as it is written there.

use std::process::Command;

use azdo_bot::package::ActionCard;
use azdo_bot::package::actions;

use crate::cli::support::Folder;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::cli::support::run;

/// The example on the page of an action; none for an action that opens a session
fn example(card: &ActionCard) -> Option<String> {
    let page = run(&["actions", &card.name]).stdout;
    page.lines().find_map(|line| line.strip_prefix("  azdo-bot ")).map(str::to_owned)
}

#[cfg(unix)]
#[test]
fn the_example_of_each_page_runs_against_the_simulator() {
    let folder = Folder::new();
    // The local files that examples send.
    folder.file("drop.zip", "zip");
    std::fs::create_dir(folder.path().join("pages")).expect("a folder can be made");
    folder.file("pages/index.html", "<h1>site</h1>");
    let program = azdo_bot().get_program().to_owned();
    let mut tried = 0;
    // The waits of a real clock are left out.
    for card in actions().iter().filter(|card| card.attribute("timeLimit").is_none()) {
        let Some(arguments) = example(card) else { continue };
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("\"$0\" {arguments} --simulate")]).arg(&program);
        let ran = ran(shell.env_clear().current_dir(folder.path()));
        assert_eq!(ran.code, 0, "azdo-bot {arguments}: {}", ran.stderr);
        tried += 1;
    }
    assert!(tried > 90, "{tried}");
}
