//! Output of commands: colours and widths, standard error, errors, tables, masked documents.

pub(super) mod fail;
pub(super) mod flow_report;
pub(super) mod help_text;
pub(super) mod json_fields;
pub(super) mod look;
pub(super) mod masked;
pub(super) mod report_file;
pub(super) mod stderr;
pub(super) mod stdout_room;
pub(super) mod table;
pub(super) mod token_advice;
