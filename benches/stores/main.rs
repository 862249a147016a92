//! What a shared session costs: in Redis in commands, bytes and memory, in a broker in time and memory.
//!
//! Servers run in processes of their own. The counts are Redis's own, so they do not depend on this machine; times do, and
//! stand beside the least that the same bytes take. `docs/scale.md` computes with these figures. Needs `redis-server` for
//! the first half.

mod broker;
mod bytes;
#[expect(dead_code, reason = "another bench measures some figures again")]
#[path = "../speed/figures.rs"]
mod figures;
#[cfg(feature = "store-redis")]
mod redis;

use std::process::ExitCode;

use figures::Figure;

fn main() -> ExitCode {
    #[allow(unused_mut, reason = "without the feature there is one half only")]
    let mut figures = broker::measure();
    #[cfg(feature = "store-redis")]
    figures.extend(redis::measure());
    figures::print(&figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
