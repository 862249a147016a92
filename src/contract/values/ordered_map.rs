//! A map from names to values that keeps the order of its entries: the dictionaries of a flow. Decision 0170.
//!
//! Nearly every dictionary is small: the inputs of an action, or a record of a few fields. These are searched name by
//! name, and nothing is hashed. A larger one, which a caller may have sent, has an index with a keyed hash.

use std::borrow::Cow;
use std::fmt;
use std::hash::BuildHasher as _;
use std::hash::RandomState;
use std::iter::Map;
use std::ops::Index;

use hashbrown::HashTable;
use serde::Serialize;
use serde::Serializer;

/// The most entries that are searched one by one
const SEARCHED: usize = 32;

/// The name of an entry: a text of the program, which is not copied, or a text from outside
pub type EntryName = Cow<'static, str>;

/// A map from names to values, which keeps the order of its entries
///
/// Two maps are equal if they have the same entries in any order.
#[derive(Clone)]
pub struct OrderedMap<V> {
    entries: Vec<(EntryName, V)>,
    /// The positions of the entries by the hash of their name, if there are more than [`SEARCHED`]
    index: Option<Box<Positions>>,
}

#[derive(Clone)]
struct Positions {
    hasher: RandomState,
    table: HashTable<usize>,
}

/// An iterator over the entries of an [`OrderedMap`]
pub type MapEntries<'a, V> = Map<std::slice::Iter<'a, (EntryName, V)>, fn(&(EntryName, V)) -> (&str, &V)>;

impl<V> OrderedMap<V> {
    /// Creates an empty map
    pub const fn new() -> Self {
        OrderedMap { entries: Vec::new(), index: None }
    }

    /// Creates an empty map with room for so many entries
    pub fn with_capacity(entries: usize) -> Self {
        OrderedMap { entries: Vec::with_capacity(entries), index: None }
    }

    /// Returns the number of entries
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there is no entry
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the value of an entry
    pub fn get(&self, name: &str) -> Option<&V> {
        self.position(name).map(|at| &self.entries[at].1)
    }

    /// Returns the value of an entry, to change it
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.position(name).map(|at| &mut self.entries[at].1)
    }

    /// Returns whether there is an entry with this name
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Sets the value of an entry, and returns the value that it had
    ///
    /// A new entry is the last one; an existing entry keeps its position.
    pub fn insert(&mut self, name: impl Into<EntryName>, value: V) -> Option<V> {
        let name = name.into();
        match self.get_mut(&name) {
            Some(known) => Some(std::mem::replace(known, value)),
            None => {
                self.push(name, value);
                None
            }
        }
    }

    /// Adds an entry whose name is new
    pub(super) fn push(&mut self, name: EntryName, value: V) {
        debug_assert!(!self.contains_key(&name), "the name is new");
        self.entries.push((name, value));
        match &mut self.index {
            Some(index) => index.add(&self.entries, self.entries.len() - 1),
            None if self.entries.len() > SEARCHED => self.index = Positions::of(&self.entries),
            None => {}
        }
    }

    /// Removes an entry and returns its value; the other entries keep their order
    pub fn remove(&mut self, name: &str) -> Option<V> {
        let at = self.position(name)?;
        let (_, value) = self.entries.remove(at);
        // Removing from a large dictionary is rare.
        self.index = Positions::of(&self.entries);
        Some(value)
    }

    /// Removes the entries for which a function returns false
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &V) -> bool) {
        self.entries.retain(|(name, value)| keep(name, value));
        self.index = Positions::of(&self.entries);
    }

    /// Returns the entries in order
    pub fn iter(&self) -> MapEntries<'_, V> {
        self.entries.iter().map(|(name, value)| (&**name, value))
    }

    /// Returns the names in order
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.entries.iter().map(|(name, _)| &**name)
    }

    /// Returns the names that are not in the program but came with a value
    pub(crate) fn own_names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|(name, _)| match name {
            EntryName::Borrowed(_) => None,
            EntryName::Owned(name) => Some(name.as_str()),
        })
    }

    /// Returns the values in order
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Returns the values in order, to change them
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> + DoubleEndedIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            None => self.entries.iter().position(|(known, _)| known == name),
            Some(index) => index.find(&self.entries, name),
        }
    }
}

impl Positions {
    /// Returns the index of the entries, if they are too many to be searched
    fn of<V>(entries: &[(EntryName, V)]) -> Option<Box<Self>> {
        if entries.len() <= SEARCHED {
            return None;
        }
        let mut index = Box::new(Positions {
            hasher: RandomState::new(),
            table: HashTable::with_capacity(entries.len()),
        });
        for at in 0..entries.len() {
            index.add(entries, at);
        }
        Some(index)
    }

    fn add<V>(&mut self, entries: &[(EntryName, V)], at: usize) {
        let hash = |at: &usize| self.hasher.hash_one(&*entries[*at].0);
        self.table.insert_unique(hash(&at), at, hash);
    }

    fn find<V>(&self, entries: &[(EntryName, V)], name: &str) -> Option<usize> {
        self.table.find(self.hasher.hash_one(name), |at| entries[*at].0 == name).copied()
    }
}

impl<V> Default for OrderedMap<V> {
    fn default() -> Self {
        OrderedMap::new()
    }
}

impl<V: PartialEq> PartialEq for OrderedMap<V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<V: fmt::Debug> fmt::Debug for OrderedMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<V> Index<&str> for OrderedMap<V> {
    type Output = V;

    /// Returns the value of an entry; panics if there is none
    fn index(&self, name: &str) -> &V {
        self.get(name).unwrap_or_else(|| panic!("there is no entry \"{}\"", name.escape_debug()))
    }
}

impl<N: Into<EntryName>, V> FromIterator<(N, V)> for OrderedMap<V> {
    /// Collects entries; of two with the same name, the last value counts
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut all = OrderedMap::new();
        all.extend(entries);
        all
    }
}

impl<N: Into<EntryName>, V> Extend<(N, V)> for OrderedMap<V> {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, entries: I) {
        let entries = entries.into_iter();
        self.entries.reserve(entries.size_hint().0);
        entries.for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

impl<V> IntoIterator for OrderedMap<V> {
    type Item = (EntryName, V);
    type IntoIter = std::vec::IntoIter<(EntryName, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a OrderedMap<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = MapEntries<'a, V>;

    fn into_iter(self) -> MapEntries<'a, V> {
        self.iter()
    }
}

impl<V: Serialize> Serialize for OrderedMap<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Numbers = OrderedMap<i64>;

    #[derive(Debug, Clone)]
    enum Step {
        Insert(u8, i64),
        Remove(u8),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0..80_u8, any::<i64>()).prop_map(|(name, value)| Step::Insert(name, value)),
            1 => (0..80_u8).prop_map(Step::Remove),
        ];
        prop::collection::vec(step, 0..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn small_and_large_maps_do_what_an_index_map_does(steps in steps()) {
            let mut model: indexmap::IndexMap<String, i64> = indexmap::IndexMap::new();
            let mut map = Numbers::new();
            for step in steps {
                match step {
                    Step::Insert(name, value) => {
                        let old = model.insert(name.to_string(), value);
                        prop_assert_eq!(map.insert(name.to_string(), value), old);
                    }
                    Step::Remove(name) => {
                        let old = model.shift_remove(&name.to_string());
                        prop_assert_eq!(map.remove(&name.to_string()), old);
                    }
                }
                prop_assert_eq!(map.index.is_some(), model.len() > SEARCHED);
            }
            prop_assert!(map.iter().eq(model.iter().map(|(name, value)| (name.as_str(), value))));
            for name in (0..80_u8).map(|name| name.to_string()) {
                prop_assert_eq!(map.get(&name), model.get(&name));
            }
            prop_assert!(map == map.clone().into_iter().rev().collect::<Numbers>());
        }
    }
}
