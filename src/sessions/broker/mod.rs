//! The session store in a process of its own, for all processes of one user on one machine. Decision 0232.
//!
//! A broker holds what [`InProcessStore`](crate::sessions::InProcessStore) holds, or the one connection of the machine to a
//! store elsewhere. It serves that on a socket, or on a named pipe of Windows, one JSON message a line. A process has one
//! connection: its run trees and reservations end with it.

mod connected_process;
mod connecting;
mod connection;
mod message;
mod outgoing;
mod served;
mod server;
mod shared_keys;
mod shared_limits;
mod store;
mod transport;
mod worker;

pub use connecting::BrokerOptions;
pub use connecting::StartBroker;
pub use server::Broker;
pub use store::BrokerStore;
