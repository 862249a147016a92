//! The session names of a scope, each with the possible states of its session.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::contract::SessionName;

/// The possible states of a name or variable at one point of a flow: a set of never opened, open and closed
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Status(u8);

impl Status {
    /// No session was ever opened
    pub(super) const NEVER: Status = Status(1);
    /// A session is open
    pub(super) const OPEN: Status = Status(2);
    /// A session was opened and is closed
    pub(super) const CLOSED: Status = Status(4);

    /// Joins the states of two paths that meet
    pub(super) const fn or(self, other: Status) -> Status {
        Status(self.0 | other.0)
    }

    /// Returns whether the sets have a state in common
    pub(super) const fn may_be(self, other: Status) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns whether a session is certainly open
    pub(super) const fn is_open(self) -> bool {
        self.0 == Status::OPEN.0
    }

    /// Returns the possible states of a name that is looked up in this scope first, then in the other one
    pub(super) const fn before(self, other: Status) -> Status {
        if self.is_open() || other.is_open() {
            return Status::OPEN;
        }
        // The name was never opened only if that is possible in both scopes.
        let never = self.0 & other.0 & Status::NEVER.0;
        Status(never | ((self.0 | other.0) & !Status::NEVER.0))
    }

    /// Returns whether all possible states are among those of the other set
    pub(super) const fn is_only(self, other: Status) -> bool {
        self.0 & !other.0 == 0
    }

    /// Returns the states after a Disconnect that may have closed this session
    pub(super) const fn maybe_closed(self) -> Status {
        if self.may_be(Status::OPEN) { self.or(Status::CLOSED) } else { self }
    }

    /// Returns the states after a Disconnect that closed this session, if it was open
    pub(super) const fn closed(self) -> Status {
        Status(self.maybe_closed().0 & !Status::OPEN.0)
    }
}

/// What a session is connected to, as far as it is constant; REUSE requires the same
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::hosts::bot) struct Access {
    /// The identity of the organization, independent of the form of its URL
    pub(in crate::hosts::bot) organization: Option<String>,
    /// The name of the project in lower case; `None` for an ID, which may refer to the same project
    pub(in crate::hosts::bot) project: Option<String>,
    /// The authentication method
    pub(in crate::hosts::bot) method: Option<String>,
    /// The credential of the Credential Vault
    pub(in crate::hosts::bot) credential: Option<String>,
}

impl Access {
    /// Returns whether the two certainly differ
    pub(super) fn differs(&self, other: &Access) -> bool {
        let differs = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if one != other);
        differs(&self.organization, &other.organization)
            || differs(&self.project, &other.project)
            || differs(&self.method, &other.method)
            || differs(&self.credential, &other.credential)
    }
}

/// A name
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Named {
    status: Status,
    /// What its open session is connected to, if known
    access: Option<Rc<Access>>,
}

/// The names of a scope
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FlowNames {
    known: BTreeMap<SessionName, Named>,
    /// The possible states of every other name, which a Connect with a computed name may have opened
    rest: Status,
}

impl Default for FlowNames {
    fn default() -> Self {
        FlowNames { known: BTreeMap::new(), rest: Status::NEVER }
    }
}

impl FlowNames {
    /// Returns the number of known names
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Returns the possible states of a name
    pub(super) fn status(&self, name: &SessionName) -> Status {
        self.known.get(name).map_or(self.rest, |named| named.status)
    }

    /// Returns what the open session of a name is connected to, if known
    pub(super) fn access(&self, name: &SessionName) -> Option<&Access> {
        self.known.get(name)?.access.as_deref()
    }

    /// Returns whether any session may be open
    pub(super) fn any_open(&self) -> bool {
        self.rest.may_be(Status::OPEN) || self.open().next().is_some()
    }

    /// Returns the names that may be open
    pub(super) fn open(&self) -> impl Iterator<Item = &SessionName> {
        self.known.iter().filter(|(_, named)| named.status.may_be(Status::OPEN)).map(|(name, _)| name)
    }

    /// Sets the possible states of a name; what an open session is connected to remains
    pub(super) fn set(&mut self, name: &SessionName, status: Status) {
        let access = self.known.get(name).and_then(|named| named.access.clone());
        let access = access.filter(|_| status.may_be(Status::OPEN));
        self.known.insert(name.clone(), Named { status, access });
    }

    /// Records that a Connect opened the name, or reused its open session
    pub(super) fn open_as(&mut self, name: &SessionName, access: &Rc<Access>, reused: bool) {
        let known = self.known.get(name).filter(|named| reused && named.status.may_be(Status::OPEN));
        let access = match known {
            // If the known session and the reused one agreed in part only, the result is not known.
            Some(Named { access: Some(own), .. }) if **own == **access => Some(Rc::clone(own)),
            Some(_) => None,
            None => Some(Rc::clone(access)),
        };
        self.known.insert(name.clone(), Named { status: Status::OPEN, access });
    }

    /// Records that a Connect opened a computed name
    pub(super) fn open_any(&mut self) {
        self.rest = self.rest.or(Status::OPEN);
        for named in self.known.values_mut() {
            *named = Named { status: named.status.or(Status::OPEN), access: None };
        }
    }

    /// Records that a Disconnect closed a computed name
    pub(super) fn maybe_close_any(&mut self) {
        self.rest = self.rest.maybe_closed();
        self.known.values_mut().for_each(|named| named.status = named.status.maybe_closed());
    }

    /// Joins the states of two paths that meet
    pub(super) fn join(&mut self, other: FlowNames) {
        for (name, named) in &mut self.known {
            if !other.known.contains_key(name) {
                named.status = named.status.or(other.rest);
            }
        }
        for (name, theirs) in other.known {
            let rest = self.rest;
            let own = self.known.entry(name).or_insert(Named { status: rest, access: None });
            own.access = match (own.access.take(), theirs.access) {
                (own_access, _) if !theirs.status.may_be(Status::OPEN) => own_access,
                (_, access) if !own.status.may_be(Status::OPEN) => access,
                (Some(one), Some(other)) if one == other => Some(one),
                _ => None,
            };
            own.status = own.status.or(theirs.status);
        }
        self.rest = self.rest.or(other.rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TextKind as _;

    fn name(text: &str) -> SessionName {
        SessionName::parse(text).expect("a name")
    }

    fn access(project: &str) -> Rc<Access> {
        let project = Some(project.to_owned());
        Rc::new(Access { organization: None, project, method: None, credential: None })
    }

    #[test]
    fn a_session_that_may_be_open_is_not_certainly_open() {
        let maybe = Status::NEVER.or(Status::OPEN);
        assert!(Status::OPEN.is_open() && !maybe.is_open() && maybe.may_be(Status::OPEN));
        assert_eq!(maybe.closed(), Status::NEVER.or(Status::CLOSED));
        assert_eq!(Status::NEVER.closed(), Status::NEVER);
        assert_eq!(Status::OPEN.maybe_closed(), Status::OPEN.or(Status::CLOSED));
        assert_eq!(Status::CLOSED.before(Status::OPEN), Status::OPEN);
        assert_eq!(Status::CLOSED.before(Status::NEVER), Status::CLOSED);
        assert_eq!(maybe.before(maybe), maybe);
    }

    #[test]
    fn states_are_joined_where_paths_meet() {
        let (mut one, mut other) = (FlowNames::default(), FlowNames::default());
        one.open_as(&name("A"), &access("x"), false);
        other.open_as(&name("B"), &access("y"), false);
        other.set(&name("A"), Status::CLOSED);
        one.join(other);
        assert_eq!(one.status(&name("A")), Status::OPEN.or(Status::CLOSED));
        assert_eq!(one.status(&name("B")), Status::OPEN.or(Status::NEVER));
        assert_eq!(one.status(&name("C")), Status::NEVER);
        assert_eq!(one.access(&name("A")), Some(&*access("x")), "only one of the two is open");
    }

    #[test]
    fn a_computed_name_may_be_any_name() {
        let mut names = FlowNames::default();
        names.set(&name("A"), Status::CLOSED);
        names.open_any();
        assert_eq!(names.status(&name("A")), Status::CLOSED.or(Status::OPEN));
        assert_eq!(names.status(&name("B")), Status::NEVER.or(Status::OPEN));
        names.open_as(&name("A"), &access("x"), false);
        names.maybe_close_any();
        assert_eq!(names.status(&name("A")), Status::OPEN.or(Status::CLOSED));
    }
}
