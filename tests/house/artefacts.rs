//! Generated files are what the catalogue says; `AZDO_BLESS=1 cargo test` writes them anew.

use std::fs;
use std::path::Path;

/// Compares a file with what it should be, or writes it when asked to
fn blessed(path: &str, text: &str) -> Result<(), String> {
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
        azdo_bot::package::artefacts().iter().filter_map(|(path, text)| blessed(path, text).err()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_schema_is_left_over() {
    let known: Vec<String> = azdo_bot::package::artefacts().into_iter().map(|(path, _)| path).collect();
    for folder in ["schemas", "schemas/protocol"] {
        let files =
            fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("there are schemas");
        for file in files.map(|file| file.expect("it can be read")) {
            let name = format!("{folder}/{}", file.file_name().to_string_lossy());
            assert!(file.path().is_dir() || known.contains(&name), "{name} belongs to nothing");
        }
    }
}

#[test]
fn the_guide_to_connecting_has_todays_needs() {
    let page = "docs/connect.md";
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the guide is there");
    let (begin, end) = ("<!-- needs: generated -->\n", "<!-- needs: end -->");
    let (head, rest) = text.split_once(begin).expect("the guide marks where the table begins");
    let (_, tail) = rest.split_once(end).expect("the guide marks where the table ends");
    let table = azdo_bot::package::needs_table();
    let fault = blessed(page, &format!("{head}{begin}{table}{end}{tail}"));
    assert_eq!(fault, Ok(()));
}
