//! What a shared session costs: in commands, bytes, time and memory, in Redis and in a broker.
//!
//! Servers run in processes of their own. The counts are Redis's own, so they do not depend on this machine; times do, and
//! stand beside those of raw commands or bytes in the same run. `docs/scale.md` has the figures and computes with them. The
//! part about Redis needs a `redis-server`.

mod broker;
mod bytes;
mod cached;
mod clients;
mod closing;
#[path = "../speed/figures.rs"]
mod figures;
#[cfg(feature = "store-redis")]
mod raw;
#[cfg(feature = "store-redis")]
mod redis_figures;
#[cfg(feature = "store-redis")]
mod redis_server;

use std::process::ExitCode;

use figures::Figure;
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    if let Some((kind, place)) = clients::role() {
        match kind.as_str() {
            broker::LOOK_UPS => broker::look_up(&place),
            #[cfg(feature = "store-redis")]
            redis_figures::LOOK_UPS => redis_figures::look_up(place),
            #[cfg(feature = "store-redis")]
            raw::READS => raw::read(&place),
            _ => panic!("no client of this bench does {kind}"),
        }
        return ExitCode::SUCCESS;
    }
    let mut figures = vec![cached::measure()];
    figures.extend(broker::measure());
    #[cfg(feature = "store-redis")]
    figures.extend(redis_figures::measure());
    figures::print(&figures);
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The runtime of a process with one thread, as `azdo-bot` has it
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts")
}
