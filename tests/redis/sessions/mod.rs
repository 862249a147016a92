//! The rules that hold for every store, shared with the tests of the stores in memory and in a broker.

#[path = "../../it/sessions/broker_thread.rs"]
#[allow(dead_code, reason = "a broker without Redis is tested there")]
pub(crate) mod broker_thread;
#[path = "../../it/sessions/key_rules.rs"]
pub(crate) mod key_rules;
#[path = "../../it/sessions/limit_rules.rs"]
pub(crate) mod limit_rules;
#[path = "../../it/sessions/machine.rs"]
#[allow(dead_code, reason = "a machine without a store is tested there")]
pub(crate) mod machine;
#[path = "../../it/sessions/machines.rs"]
pub(crate) mod machines;
#[path = "../../it/sessions/model.rs"]
pub(crate) mod model;
#[path = "../../it/sessions/operations.rs"]
pub(crate) mod operations;
#[path = "../../it/sessions/reference.rs"]
pub(crate) mod reference;
#[path = "../../it/sessions/support.rs"]
#[allow(dead_code, reason = "the tests of a process alone need more of it")]
pub(crate) mod support;
