//! The delimited files that a bot has open: their rows, by the name of the session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::contract::Error;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::values::expression_error;

/// The open files of a bot
#[derive(Default)]
pub(crate) struct OpenTables(Mutex<HashMap<String, Arc<Vec<Value>>>>);

impl OpenTables {
    /// Keeps the rows of a file; a file that was open under this name is closed
    pub(crate) fn open(&self, session: &str, rows: Vec<Value>) {
        self.tables().insert(session.to_owned(), Arc::new(rows));
    }

    /// Returns the rows of a file
    ///
    /// Errors: `bot.expression` if no file is open under this name.
    pub(crate) fn rows(&self, session: &str) -> Result<Arc<Vec<Value>>, Error> {
        let tables = self.tables();
        tables.get(session).cloned().ok_or_else(|| not_open(&tables, session))
    }

    /// Closes a file
    ///
    /// Errors: `bot.expression` if no file is open under this name.
    pub(crate) fn close(&self, session: &str) -> Result<(), Error> {
        let mut tables = self.tables();
        match tables.remove(session) {
            Some(_) => Ok(()),
            None => Err(not_open(&tables, session)),
        }
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<String, Arc<Vec<Value>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_open(tables: &HashMap<String, Arc<Vec<Value>>>, session: &str) -> Error {
    let hint = did_you_mean(nearest(session, tables.keys().map(String::as_str)));
    let message = format!("no CSV or text file is open in the session \"{}\"{hint}", printable(session, 256));
    expression_error(message).help("Open one with CsvTxt.OpenCSVTXT before this node, in the same bot.")
}
