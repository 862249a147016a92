//! Values that the service did not take as they were given: the warning that names them.

use crate::actions::runtime::OpenSession;
use crate::contract::WarningCode;

/// The longest value that the warning shows, in characters
const SHOWN: usize = 200;

/// The given values of one change that its response does not show
pub(crate) struct Differences<'a> {
    subject: &'a str,
    found: Vec<Difference>,
}

/// One value or state that was asked for and is not there
enum Difference {
    /// A value, the given one, and the one in the response
    Value { name: String, given: String, actual: String },
    /// A state, such as `removed`
    State { name: String, wanted: &'static str },
}

impl<'a> Differences<'a> {
    /// Starts with no differences; `subject` names the changed resource: `the work item 7`
    pub(crate) fn of(subject: &'a str) -> Self {
        Differences { subject, found: Vec::new() }
    }

    /// Adds a value, unless `is_same`
    pub(crate) fn add(&mut self, name: &str, given: &str, actual: &str, is_same: bool) {
        if !is_same {
            let (name, given, actual) = (name.to_owned(), given.to_owned(), actual.to_owned());
            self.found.push(Difference::Value { name, given, actual });
        }
    }

    /// Adds a value if it was given and the response shows another one
    #[must_use]
    pub(crate) fn value(mut self, name: &str, given: Option<&str>, actual: Option<&str>) -> Self {
        if let (Some(given), Some(actual)) = (given, actual) {
            // The service removes blanks at the ends of some texts, and has its own line ends.
            let plain = |text: &str| text.trim().replace("\r\n", "\n");
            self.add(name, given, actual, plain(given) == plain(actual));
        }
        self
    }

    /// Adds a state, such as `removed`, unless the response shows it
    #[must_use]
    pub(crate) fn state(mut self, name: &str, wanted: &'static str, is_so: bool) -> Self {
        if !is_so {
            self.found.push(Difference::State { name: name.to_owned(), wanted });
        }
        self
    }

    /// Adds the warning if there is a difference
    pub(crate) fn warn(self, session: &OpenSession<'_>) {
        if self.found.is_empty() {
            return;
        }
        let shown = |text: &str| match text {
            "" => "empty".to_owned(),
            text => format!("\"{}\"", session.excerpt(text, SHOWN)),
        };
        let all: Vec<String> = self
            .found
            .iter()
            .map(|difference| match difference {
                Difference::Value { name, given, actual } => {
                    format!("{} is {}, not {}", session.excerpt(name, SHOWN), shown(actual), shown(given))
                }
                Difference::State { name, wanted } => {
                    format!("{} is not {wanted}", session.excerpt(name, SHOWN))
                }
            })
            .collect();
        let message = format!("{} was changed, but not as given: {}", self.subject, all.join("; "));
        session.warn(WarningCode::OtherValue, message);
    }
}
