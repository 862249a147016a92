//! The report of a panic.

use crate::cli::output::stderr;

/// Installs a panic hook that reports on standard error, which is masked
pub(in crate::cli) fn install() {
    std::panic::set_hook(Box::new(report_panic));
}

/// Writes where the panic happened; its message only if it is a literal, since any other text may contain a secret
fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let location = panic.location().map(|location| format!(" at {location}")).unwrap_or_default();
    let text = panic.payload().downcast_ref::<&'static str>().map(|text| format!(": {text}"));
    stderr::line(&format!("azdo-bot: bug in this package{location}{}", text.unwrap_or_default()));
}
