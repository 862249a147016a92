//! Makes the table of the committed schemas that a release reads. Decision 0320.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = fs::read_dir(&folder).expect("the schemas are committed");
    let mut paths: Vec<_> = files.map(|file| file.expect("the folder can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    // Two builds of one commit are equal.
    paths.sort();
    let mut table = "&[\n".to_owned();
    for path in paths {
        let name = path.file_stem().expect("a file has a name").display();
        writeln!(table, "    (\"{name}\", include_str!({path:?})),").expect("a string grows");
    }
    table += "]\n";
    #[expect(clippy::disallowed_methods, reason = "how cargo names the folder")]
    let out = std::env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("schemas.rs"), table).expect("the folder can be written");
}
