//! A map of bounded size, which keeps the latest entries and drops the oldest.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::hash::Hash;

/// The latest `limit` keys with their values
pub(super) struct Recent<K, V> {
    limit: usize,
    next: u64,
    known: HashMap<K, (u64, V)>,
    /// The keys by age, oldest first
    ages: BTreeMap<u64, K>,
}

impl<K: Eq + Hash + Clone, V> Recent<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Recent { limit, next: 0, known: HashMap::new(), ages: BTreeMap::new() }
    }

    /// Inserts a key as the latest one and replaces its value
    pub(super) fn remember(&mut self, key: K, value: V) {
        let age = self.next;
        self.next += 1;
        if let Some((old, _)) = self.known.insert(key.clone(), (age, value)) {
            self.ages.remove(&old);
        }
        self.ages.insert(age, key);
        if self.ages.len() > self.limit
            && let Some((_, oldest)) = self.ages.pop_first()
        {
            self.known.remove(&oldest);
        }
    }

    pub(super) fn forget<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some((age, _)) = self.known.remove(key) {
            self.ages.remove(&age);
        }
    }

    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.known.get(key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_is_dropped_first_and_a_key_counts_once() {
        let mut recent = Recent::new(2);
        recent.remember("a", 1);
        recent.remember("b", 2);
        recent.remember("a", 3);
        recent.remember("c", 4);
        assert_eq!((recent.get("a"), recent.get("b"), recent.get("c")), (Some(&3), None, Some(&4)));
        recent.forget("a");
        recent.forget("never there");
        recent.remember("d", 5);
        assert_eq!((recent.get("a"), recent.get("c"), recent.get("d")), (None, Some(&4), Some(&5)));
        assert_eq!((recent.known.len(), recent.ages.len()), (2, 2));
    }
}
