//! Files for people who were not there: the report of a run and of a token, and the drawing of a flow. Decision 0192.
//!
//! A report is one HTML file without scripts and without anything from elsewhere, readable on a phone and on paper.

mod amounts;
mod flow_graph;
mod flow_layout;
mod page;
mod page_view;
mod run_needs;
mod run_page;
mod run_record;
mod run_recorder;
mod run_tree;
mod token_page;

pub(crate) use flow_graph::drawing;
pub(crate) use run_page::RunReport;
pub(crate) use run_recorder::RunRecorder;
pub(crate) use token_page::TokenReport;
