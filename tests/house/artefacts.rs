//! Generated files are what the catalogue says; `AZDO_BLESS=1 cargo test` writes them anew.

use std::fs;
use std::path::Path;

/// Every generated file: those of the package, and the schemas of the JSON-RPC protocol
fn artefacts() -> Vec<(String, String)> {
    let mut files = azdo_bot::package::artefacts();
    files.extend(azdo_bot::hosts::json_rpc::protocol::artefacts());
    files
}

/// Compares a file with what it should be, or writes it when asked to
pub(crate) fn blessed(path: &str, text: &str) -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let current = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    if current == text {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "how a person asks for the files to be written")]
    let bless = std::env::var_os("AZDO_BLESS").is_some() && std::env::var_os("CI").is_none();
    if !bless {
        return Err(format!(
            "{path} differs from the catalogue; run AZDO_BLESS=1 cargo test and read the difference"
        ));
    }
    fs::create_dir_all(file.parent().expect("a generated file has a folder"))
        .expect("the folder can be made");
    fs::write(&file, text).expect("the file can be written");
    Ok(())
}

#[test]
fn generated_files_are_what_the_catalogue_says() {
    let faults: Vec<String> =
        artefacts().iter().filter_map(|(path, text)| blessed(path, text).err()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_schema_is_left_over() {
    let known: Vec<String> = artefacts().into_iter().map(|(path, _)| path).collect();
    for folder in ["schemas", "schemas/protocol"] {
        let files =
            fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("there are schemas");
        for file in files.map(|file| file.expect("it can be read")) {
            let name = format!("{folder}/{}", file.file_name().to_string_lossy());
            assert!(file.path().is_dir() || known.contains(&name), "{name} belongs to nothing");
        }
    }
}

/// A page that people write, with a table between two marks that is generated
fn has_table(page: &str, name: &str, table: &str) -> Result<(), String> {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the page is there");
    let (begin, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- {name}: end -->"));
    let (head, rest) = text.split_once(&begin).expect("the page marks where the table begins");
    let (_, tail) = rest.split_once(&end).expect("the page marks where the table ends");
    blessed(page, &format!("{head}{begin}{table}{end}{tail}"))
}

#[test]
fn the_guide_to_connecting_has_todays_needs() {
    assert_eq!(has_table("docs/connect.md", "needs", &azdo_bot::package::needs_table()), Ok(()));
}

#[test]
fn the_page_of_lost_responses_has_every_action_that_changes_something() {
    let table = azdo_bot::package::lost_responses_table();
    assert_eq!(has_table("docs/lost-responses.md", "lost responses", &table), Ok(()));
}

/// The JSON of every node, condition and iterator, by package
fn forms_of_bot_files() -> String {
    use azdo_bot::hosts::bot::ExampleKind;
    use azdo_bot::hosts::bot::format_examples;

    let mut text = String::new();
    for (kind, title) in [
        (ExampleKind::Node, "Nodes"),
        (ExampleKind::Condition, "Conditions"),
        (ExampleKind::Iterator, "Iterators"),
    ] {
        text += &format!("\n### {title}\n");
        let mut package = "";
        for example in format_examples().iter().filter(|one| one.kind == kind) {
            // The second name of the project's own package has the same forms.
            if example.package == "AzdoBot" {
                continue;
            }
            if example.package != package {
                package = example.package;
                text += &format!("\n**{package}**\n");
            }
            text += &format!("\n```json\n{}\n```\n", example.json);
            if let [_, others @ ..] = example.names.as_slice()
                && !others.is_empty()
                && kind != ExampleKind::Node
            {
                text += &format!("\nAlso named `{}`.\n", others.join("`, `"));
            }
        }
    }
    text + "\n"
}

#[test]
fn the_page_on_bot_files_shows_the_json_of_each_node_it_knows() {
    has_table("docs/hosts/bot-files.md", "nodes", &forms_of_bot_files())
        .unwrap_or_else(|error| panic!("{error}"));
}
