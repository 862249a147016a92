//! The session names of one scope as a check knows them: what may have become of each.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::contract::SessionName;

/// What may be true of a name or a variable at one point of a flow: a set of never, open, closed
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Status(u8);

impl Status {
    /// No session was ever there
    pub(super) const NEVER: Status = Status(1);
    /// A session is open
    pub(super) const OPEN: Status = Status(2);
    /// A session was open and is closed
    pub(super) const CLOSED: Status = Status(4);

    /// What is true where two ways meet
    pub(super) const fn or(self, other: Status) -> Status {
        Status(self.0 | other.0)
    }

    /// Whether this may be so
    pub(super) const fn may_be(self, other: Status) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a session is open for certain
    pub(super) const fn is_open(self) -> bool {
        self.0 == Status::OPEN.0
    }

    /// What may be true of a name that is looked up here first, then in the other scope
    pub(super) const fn before(self, other: Status) -> Status {
        if self.is_open() || other.is_open() {
            return Status::OPEN;
        }
        // It never was where it was in neither scope.
        let never = self.0 & other.0 & Status::NEVER.0;
        Status(never | ((self.0 | other.0) & !Status::NEVER.0))
    }

    /// Whether nothing else can be so
    pub(super) const fn is_only(self, other: Status) -> bool {
        self.0 & !other.0 == 0
    }

    /// After a Disconnect that may have meant this session
    pub(super) const fn maybe_closed(self) -> Status {
        if self.may_be(Status::OPEN) { self.or(Status::CLOSED) } else { self }
    }

    /// After a Disconnect that meant this session, if it was open
    pub(super) const fn closed(self) -> Status {
        Status(self.maybe_closed().0 & !Status::OPEN.0)
    }
}

/// What a session is connected to, as far as the flow writes it out; REUSE needs the same
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::hosts::bot) struct Access {
    /// Which organization, whatever way its URL is written
    pub(in crate::hosts::bot) organization: Option<String>,
    /// The project's name in small letters; none for an id, which may be the same project's
    pub(in crate::hosts::bot) project: Option<String>,
    /// The method of signing in
    pub(in crate::hosts::bot) method: Option<String>,
    /// The credential of the vault
    pub(in crate::hosts::bot) credential: Option<String>,
}

impl Access {
    /// Whether two are of different places for certain
    pub(super) fn differs(&self, other: &Access) -> bool {
        let differs = |one: &Option<String>, other: &Option<String>| matches!((one, other), (Some(one), Some(other)) if one != other);
        differs(&self.organization, &other.organization)
            || differs(&self.project, &other.project)
            || differs(&self.method, &other.method)
            || differs(&self.credential, &other.credential)
    }
}

/// One name
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Named {
    status: Status,
    /// What its open session is connected to, if that is known
    access: Option<Rc<Access>>,
}

/// One scope's names
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FlowNames {
    known: BTreeMap<SessionName, Named>,
    /// What may have become of every other name, once a Connect has computed its own
    rest: Status,
}

impl Default for FlowNames {
    fn default() -> Self {
        FlowNames { known: BTreeMap::new(), rest: Status::NEVER }
    }
}

impl FlowNames {
    /// How many names something is known of
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// What may have become of a name
    pub(super) fn status(&self, name: &SessionName) -> Status {
        self.known.get(name).map_or(self.rest, |named| named.status)
    }

    /// What the open session of a name is connected to, if that is known
    pub(super) fn access(&self, name: &SessionName) -> Option<&Access> {
        self.known.get(name)?.access.as_deref()
    }

    /// Whether any session may be open
    pub(super) fn any_open(&self) -> bool {
        self.rest.may_be(Status::OPEN) || self.open().next().is_some()
    }

    /// The names that may be open
    pub(super) fn open(&self) -> impl Iterator<Item = &SessionName> {
        self.known.iter().filter(|(_, named)| named.status.may_be(Status::OPEN)).map(|(name, _)| name)
    }

    /// Says what has become of a name; an open session's access stays as it was known
    pub(super) fn set(&mut self, name: &SessionName, status: Status) {
        let access = self.known.get(name).and_then(|named| named.access.clone());
        let access = access.filter(|_| status.may_be(Status::OPEN));
        self.known.insert(name.clone(), Named { status, access });
    }

    /// A Connect has opened the name, or found it open and used that
    pub(super) fn open_as(&mut self, name: &SessionName, access: &Rc<Access>, reused: bool) {
        let known = self.known.get(name).filter(|named| reused && named.status.may_be(Status::OPEN));
        let access = match known {
            // Whichever of the two it is, they agree in all that is known, or this is not reached.
            Some(Named { access: Some(own), .. }) if **own == **access => Some(Rc::clone(own)),
            Some(_) => None,
            None => Some(Rc::clone(access)),
        };
        self.known.insert(name.clone(), Named { status: Status::OPEN, access });
    }

    /// A Connect has opened a name that only the run knows
    pub(super) fn open_any(&mut self) {
        self.rest = self.rest.or(Status::OPEN);
        for named in self.known.values_mut() {
            *named = Named { status: named.status.or(Status::OPEN), access: None };
        }
    }

    /// A Disconnect has closed a name that only the run knows
    pub(super) fn maybe_close_any(&mut self) {
        self.rest = self.rest.maybe_closed();
        self.known.values_mut().for_each(|named| named.status = named.status.maybe_closed());
    }

    /// What is true where two ways meet
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
    fn what_may_be_open_is_not_open_for_certain() {
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
    fn where_two_ways_meet_both_may_be_so() {
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
    fn a_computed_name_may_be_any_of_them() {
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
