//! The variables of a running bot.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;

use crate::contract::Masker;
use crate::contract::Value;

/// The value of a variable; a child bot that gets it by reference shares the cell
type Cell = Arc<Mutex<Value>>;

/// The variables of a bot run, by name
///
/// The check before the run ensures that only declared names are used.
#[derive(Default)]
pub(crate) struct VariableScope {
    cells: Mutex<HashMap<String, Cell>>,
    task_name: String,
    masker: OnceLock<Arc<Masker>>,
}

impl VariableScope {
    /// Creates an empty scope for the bot with this name
    pub(crate) fn new(task_name: &str) -> Self {
        VariableScope { task_name: task_name.to_owned(), ..VariableScope::default() }
    }

    /// The name of the bot
    pub(crate) fn task_name(&self) -> &str {
        &self.task_name
    }

    /// Masks the secrets of the run from now on in texts that are cut or changed
    pub(crate) fn mask_with(&self, masker: &Arc<Masker>) {
        // A scope belongs to one run.
        let _ = self.masker.set(Arc::clone(masker));
    }

    /// Returns a text with its secrets masked, before it is cut or its letters are changed: what is left of a secret then
    /// would not be recognized
    pub(crate) fn masked(&self, text: String) -> String {
        match self.masker.get() {
            Some(masker) => masker.mask(&text).into_owned(),
            None => text,
        }
    }

    /// Declares a variable with its own value
    pub(crate) fn declare(&self, name: &str, value: Value) {
        self.share(name, Arc::new(Mutex::new(value)));
    }

    /// Declares a variable that is shared with another bot
    pub(crate) fn share(&self, name: &str, cell: Cell) {
        lock(&self.cells).insert(name.to_owned(), cell);
    }

    /// Returns the cell of a variable, to share it
    pub(crate) fn cell(&self, name: &str) -> Cell {
        Arc::clone(lock(&self.cells).get(name).expect("a check found the variable declared"))
    }

    /// Reads the value of a variable
    pub(crate) fn read<R>(&self, name: &str, read: impl FnOnce(&Value) -> R) -> R {
        read(&lock(&self.cell(name)))
    }

    /// Changes the value of a variable in place
    pub(crate) fn change<R>(&self, name: &str, change: impl FnOnce(&mut Value) -> R) -> R {
        change(&mut lock(&self.cell(name)))
    }

    /// Sets a variable
    pub(crate) fn set(&self, name: &str, value: Value) {
        self.change(name, |place| *place = value);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
