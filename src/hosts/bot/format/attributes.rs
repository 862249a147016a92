//! The attributes of a node, a condition or an iterator: how one is found, and which have names that nothing looked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use serde::Deserialize;
use serde::Deserializer;

use crate::contract::nearest;

/// An attribute, which has a name, and may have attributes below it
pub(crate) trait NestedAttribute: Sized {
    /// Returns the name
    fn name(&self) -> &str;

    /// Returns the attributes below it
    fn below(&self) -> &Attributes<Self>;

    /// Returns what it is in words, if it looks for the attributes below it itself
    fn owner(&self) -> Option<&'static str>;
}

/// The attributes of a node, a condition or an iterator, in the order of the file
#[derive(Debug)]
pub(crate) struct Attributes<A> {
    given: Vec<A>,
    /// The names that were looked for
    looked_for: RefCell<BTreeSet<String>>,
}

/// An attribute that nothing looked for, with a name that is near to one that is missing
#[derive(Debug)]
pub(crate) struct Misspelt<'a> {
    pub(crate) name: &'a str,
    /// What has the attribute, in words
    pub(crate) owner: &'static str,
    /// The name that may be meant
    pub(crate) near: String,
}

impl<A> Default for Attributes<A> {
    fn default() -> Self {
        Attributes { given: Vec::new(), looked_for: RefCell::default() }
    }
}

impl<A> Deref for Attributes<A> {
    type Target = [A];

    fn deref(&self) -> &[A] {
        &self.given
    }
}

impl<'de, A: Deserialize<'de>> Deserialize<'de> for Attributes<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Attributes { given: Vec::deserialize(deserializer)?, looked_for: RefCell::default() })
    }
}

impl<A: NestedAttribute> Attributes<A> {
    /// Returns the attribute with this name, also one that is nested under an option
    pub(crate) fn named(&self, name: &str) -> Option<&A> {
        if !self.looked_for.borrow().contains(name) {
            self.looked_for.borrow_mut().insert(name.to_owned());
        }
        find(&self.given, name)
    }

    /// Returns the name that is spelled most like one that is missing
    pub(crate) fn nearest_to(&self, name: &str) -> Option<&str> {
        let others = self.given.iter().map(NestedAttribute::name);
        nearest(name, others.filter(|other| *other != name))
    }

    /// Returns the attributes that nothing looked for, each with the missing attribute that it may be meant to be; also those of
    /// conditions and iterators
    pub(crate) fn misspelt(&self) -> Vec<Misspelt<'_>> {
        let mut found = Vec::new();
        self.collect_misspelt("node", &mut found);
        found
    }

    fn collect_misspelt<'a>(&'a self, owner: &'static str, found: &mut Vec<Misspelt<'a>>) {
        let looked_for = self.looked_for.borrow();
        let is_missing = |name: &&str| find(&self.given, name).is_none();
        let missing: Vec<&str> = looked_for.iter().map(String::as_str).filter(is_missing).collect();
        collect(&self.given, owner, &looked_for, &missing, found);
    }
}

/// Collects the misspelt attributes of one owner, at any level below its options
fn collect<'a, A: NestedAttribute>(
    given: &'a [A],
    owner: &'static str,
    looked_for: &BTreeSet<String>,
    missing: &[&str],
    found: &mut Vec<Misspelt<'a>>,
) {
    for attribute in given {
        let name = attribute.name();
        if !looked_for.contains(name)
            && let Some(near) = nearest(name, missing.iter().copied())
        {
            found.push(Misspelt { name, owner, near: near.to_owned() });
        }
        match attribute.owner() {
            Some(owner) => attribute.below().collect_misspelt(owner, found),
            None => collect(attribute.below(), owner, looked_for, missing, found),
        }
    }
}

fn find<'a, A: NestedAttribute>(given: &'a [A], name: &str) -> Option<&'a A> {
    given
        .iter()
        .find(|attribute| attribute.name() == name)
        .or_else(|| given.iter().find_map(|attribute| find(attribute.below(), name)))
}
