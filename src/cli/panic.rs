//! What the user sees when we made a mistake.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::PanicHookInfo;

/// From now on a panic says that it is our bug and asks for a report.
pub(super) fn ask_for_report() {
    std::panic::set_hook(Box::new(|info| {
        let _ = std::io::stderr().write_all(report(info).as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let address = match env!("CARGO_PKG_REPOSITORY") {
        "" => String::new(),
        repository => format!(" at {repository}/issues"),
    };
    let mut text = format!(
        "error: fingerpost {} has a bug: {message}\n  --> {place}\nhelp: please report it{address}, with these lines and, if you can, a site that shows it\n",
        env!("CARGO_PKG_VERSION")
    );
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text.push_str(&trace.to_string());
    }
    text
}
