//! `--version`: the version, the commit, and what is built in.

use crate::credentials::built_in_stores;

/// The commit of a release; the script that makes it sets the variable
const COMMIT: Option<&str> = option_env!("AZDO_BOT_COMMIT");

/// Returns what `--version` shows after the name of the program; `-V` shows the first line
pub(super) fn long() -> String {
    let stores: Vec<&str> = built_in_stores().collect();
    format!(
        "{}\ncommit             {}\ncredential stores  {}\nsimulator          {}",
        env!("CARGO_PKG_VERSION"),
        COMMIT.unwrap_or("unknown: built from sources"),
        stores.join(", "),
        if cfg!(feature = "simulator") { "built in" } else { "not built in" },
    )
}
