//! Bot files.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

/// The file of this process that is written for each input
static PLACE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("azdo-bot-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder.join("a.bot.json")
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let text = azdo_bot::contract::fuzzing::planted(input, " ");
    std::fs::write(&*PLACE, &text).expect("the folder for temporary files can be written");
    azdo_bot::hosts::bot::fuzzing::bot_file(&PLACE, &text);
});
