//! Files for people who were not there: the report of a run. Decision 0192.
//!
//! A report is one HTML file without scripts and without anything from elsewhere, readable on a phone and on paper.

mod amounts;
mod page;
mod page_view;
mod run_needs;
mod run_page;
mod run_record;
mod run_recorder;
mod run_tree;

pub(crate) use run_page::RunReport;
pub(crate) use run_recorder::RunRecorder;
