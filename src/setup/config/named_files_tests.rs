//! Tests of the files that no flow may write, for every setting that names one.

use crate::files;
use crate::setup::config::operator_file::OperatorFile;

fn named(text: &str) -> Vec<files::Guarded> {
    OperatorFile::parse("azdo-bot.toml", text).expect("the settings are valid").named_files
}

#[cfg(unix)]
#[test]
fn no_flow_writes_a_file_that_a_setting_names_or_reads_one_that_holds_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("named");
    std::fs::write(&file, "text").unwrap();
    let broker = "[sessions]\nstore = 'broker'\n";
    let mut settings = vec![
        ("[network]\ncertificate_authorities = ['PATH']".to_owned(), true),
        ("[network]\nproxy = 'file:PATH'".to_owned(), false),
        ("[audit]\nfile = 'PATH'".to_owned(), true),
        ("[audit]\nsyslog = 'PATH'".to_owned(), true),
        ("[stores.exec.pass]\nprogram = 'PATH'\narguments = ['show']".to_owned(), true),
        ("[stores.exec.pass]\nprogram = '/usr/bin/pass'\narguments = ['PATH']".to_owned(), true),
        ("[stores.vault]\naddress = 'https://bao.example'\ntoken = 'file:PATH'".to_owned(), false),
        ("[lockers.'a/b/c']\nreference = 'file:PATH'".to_owned(), false),
        (format!("{broker}sealing_key = 'file:PATH'"), false),
        (format!("{broker}sealing_key = 'env:A'\nprevious_sealing_key = 'file:PATH'"), false),
    ];
    if cfg!(feature = "store-redis") {
        settings.push(("[sessions]\nstore = 'file:PATH'".to_owned(), false));
    }
    for (setting, may_be_read) in settings {
        let named = named(&setting.replace("PATH", &file.display().to_string()));
        let folders = files::Folders::open(Some(folder.path()), &[], &[]).unwrap().guarding(named);
        assert!(folders.writable("named").is_err(), "{setting}");
        assert_eq!(folders.readable("named").is_ok(), may_be_read, "{setting}");
        assert!(folders.writable("other").is_ok(), "{setting}");
    }
    let folders = files::Folders::open(Some(folder.path()), &[], &[]).unwrap();
    assert!(folders.writable("named").is_ok(), "no setting names it");
}
