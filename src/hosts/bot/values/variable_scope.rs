//! The variables of a bot run while it works.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::contract::Value;

/// A variable's value; a child bot that was given it by reference holds the same one
type Cell = Arc<Mutex<Value>>;

/// A bot run's variables by name
///
/// A check before the run sees to it that only declared names are asked for.
#[derive(Default)]
pub(crate) struct VariableScope {
    cells: Mutex<HashMap<String, Cell>>,
    task_name: String,
}

impl VariableScope {
    /// No variables yet, of a bot of that name
    pub(crate) fn new(task_name: &str) -> Self {
        VariableScope { cells: Mutex::default(), task_name: task_name.to_owned() }
    }

    /// The bot's name
    pub(crate) fn task_name(&self) -> &str {
        &self.task_name
    }

    /// Declares a variable with a value of its own
    pub(crate) fn declare(&self, name: &str, value: Value) {
        self.share(name, Arc::new(Mutex::new(value)));
    }

    /// Declares a variable that is another bot's: what either writes, both see
    pub(crate) fn share(&self, name: &str, cell: Cell) {
        lock(&self.cells).insert(name.to_owned(), cell);
    }

    /// The variable itself, to share it
    pub(crate) fn cell(&self, name: &str) -> Cell {
        Arc::clone(lock(&self.cells).get(name).expect("a check found the variable declared"))
    }

    /// Looks at a variable's value
    pub(crate) fn read<R>(&self, name: &str, read: impl FnOnce(&Value) -> R) -> R {
        read(&lock(&self.cell(name)))
    }

    /// Changes a variable's value in place
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
