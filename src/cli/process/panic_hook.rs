//! What is written when the program panics.

use crate::cli::output::stderr;

/// Has a panic reported on standard error, masked as everything there
pub(in crate::cli) fn install() {
    std::panic::set_hook(Box::new(tell_of_panic));
}

/// Says where a fault is; what a panic says besides may hold anything, unless it stands so in the source
fn tell_of_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let text = panic.payload().downcast_ref::<&'static str>().map(|text| format!(": {text}"));
    stderr::line(&format!("azdo-bot: a fault in this package{place}{}", text.unwrap_or_default()));
}
