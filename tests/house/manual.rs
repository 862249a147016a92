//! The manual pages are what the command line says. Decision 0187.

use crate::artefacts::blessed;

/// The folder of the pages
const FOLDER: &str = "packaging/man";

/// Adds the page of a command and those of its subcommands, each with its file
fn pages(command: &clap::Command, found: &mut Vec<(String, String)>) {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).expect("memory takes a page");
    let page = String::from_utf8(page).expect("a page is text");
    found.push((format!("{FOLDER}/{name}.1"), page));
    for inner in command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help") {
        pages(inner, found);
    }
}

#[test]
fn every_command_has_its_manual_page() {
    let mut command = azdo_bot::cli::command();
    command.build();
    let mut found = Vec::new();
    pages(&command, &mut found);
    let faults: Vec<String> = found.iter().filter_map(|(path, text)| blessed(path, text).err()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    for file in std::fs::read_dir(folder).expect("there are pages") {
        let file = file.expect("it can be read").file_name().to_string_lossy().into_owned();
        assert!(
            found.iter().any(|(path, _)| path.ends_with(&format!("/{file}"))),
            "{file} belongs to nothing"
        );
    }
}
