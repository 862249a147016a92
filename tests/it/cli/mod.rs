//! Tests of the binary: its screens, documents and exit codes.

#[cfg(unix)]
mod audit;
#[cfg(unix)]
mod audit_verify;
mod bot_tests;
mod broker;
mod broker_members;
mod call;
mod canary;
mod check;
mod completions;
mod doctor;
#[cfg(target_os = "linux")]
mod endings;
#[cfg(feature = "store-entra")]
mod entra;
mod every_action;
mod examples;
mod files;
mod manifest;
mod modes;
mod policy;
mod policy_hosts;
mod policy_in_flows;
mod profiles;
mod readiness;
mod report;
mod run;
mod screens;
mod spoken;
mod suggestions;
mod support;
mod surface;
