//! Masks secrets in every text that is shown, in all encodings that can occur, and before a text is cut.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::RwLockReadGuard;

use memchr::memmem;
use secrecy::zeroize::Zeroizing;

use crate::contract::Dictionary;
use crate::contract::Secret;
use crate::contract::Value;
use crate::contract::secrets::escape::escape;
use crate::contract::secrets::mask_tokens::MASK;
use crate::contract::secrets::mask_tokens::mask_shapes;
use crate::contract::secrets::spellings::SHORTEST;
use crate::contract::secrets::spellings::spellings;
use crate::contract::secrets::token_shapes;

/// One encoding of a secret, wiped when its last owner drops it; ordered from the longest to the shortest
#[derive(PartialEq, Eq)]
struct Spelling(Zeroizing<String>);

/// The spellings of all maskers of this process; equal ones are kept once
///
/// Only the log of the process is masked with it. A response is masked with the secrets of its own
/// run tree; otherwise one tree could probe for the secrets of another.
static PROCESS: RwLock<BTreeSet<Arc<Spelling>>> = RwLock::new(BTreeSet::new());

/// The secrets of a run tree, in every encoding in which an output may contain them
///
/// A masker replaces the text itself, its URL, form, JSON and XML encodings, the URL and JSON encodings applied twice (an
/// URL inside a URL, a message inside a message), and its base64 encoding, alone or after any user name
/// (which shifts it by 0, 1 or 2 bytes). For a token of letters and digits, these are four texts.
/// This package never writes a secret in hexadecimal, in UTF-16 or reversed, so a masker does not search
/// for these. It also masks every text that has the form of a personal access token, known or not.
#[derive(Default)]
pub struct Masker {
    known: RwLock<Known>,
}

/// The spellings of the secrets of a masker
struct Known {
    /// The longest first, since it may contain a shorter one
    spellings: Vec<Arc<Spelling>>,
    /// A text without so many consecutive letters, digits, `-` and `_` has neither a spelling nor a token in it
    shortest_run: usize,
}

impl Default for Known {
    fn default() -> Self {
        Known { spellings: Vec::new(), shortest_run: token_shapes::LONG }
    }
}

impl Known {
    fn add(&mut self, spelling: Arc<Spelling>) {
        self.shortest_run = self.shortest_run.min(token_shapes::longest_run(spelling.0.as_bytes()));
        self.spellings.push(spelling);
    }
}

impl Masker {
    /// Adds a secret; adding it again has no effect
    pub fn remember(&self, secret: &Secret) {
        let text = secret.expose();
        let is_known = |known: &[Arc<Spelling>]| known.iter().any(|spelling| spelling.0.as_str() == text);
        // This runs for every request, and the secret is nearly always known.
        if text.len() < SHORTEST || is_known(&self.known().spellings) {
            return;
        }
        let mut process = PROCESS.write().unwrap_or_else(PoisonError::into_inner);
        let mut own = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for spelling in spellings(text).into_iter().map(|text| Arc::new(Spelling(text))) {
            let shared = process.get(&spelling).cloned().unwrap_or(spelling);
            process.insert(shared.clone());
            if !own.spellings.contains(&shared) {
                own.add(shared);
            }
        }
        own.spellings.sort();
    }

    /// Returns the text with every secret replaced
    pub fn mask<'a>(&self, text: &'a str) -> Masked<'a> {
        Masked(masked(&self.known(), text))
    }

    /// Masks every text in a value, including the names of its members
    pub fn mask_value(&self, value: &mut Value) {
        mask_value(&self.known(), value);
    }

    /// Masks a text in place
    pub fn mask_text(&self, text: &mut String) {
        mask_text(&self.known(), text);
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Masker {
    fn drop(&mut self) {
        let own = std::mem::take(self.known.get_mut().unwrap_or_else(PoisonError::into_inner)).spellings;
        if own.is_empty() {
            return;
        }
        let mut process = PROCESS.write().unwrap_or_else(PoisonError::into_inner);
        for spelling in own {
            // One reference of the set and this one: no other masker has it.
            if Arc::strong_count(&spelling) == 2 {
                process.remove(&spelling);
            }
        }
    }
}

impl Ord for Spelling {
    fn cmp(&self, other: &Self) -> Ordering {
        // A longer one may contain a shorter one, so it comes first.
        other.0.len().cmp(&self.0.len()).then_with(|| self.0.as_str().cmp(other.0.as_str()))
    }
}

impl PartialOrd for Spelling {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masker(..)")
    }
}

/// Returns a line of the process's log with every secret of the process replaced
pub fn mask_log(line: &str) -> Masked<'_> {
    let process = PROCESS.read().unwrap_or_else(PoisonError::into_inner);
    Masked(mask_shapes(mask_known(Cow::Borrowed(line), process.iter())))
}

/// A text in which every secret is masked; only a masker creates one
///
/// Only a masked text may be cut: in a text that was cut before, a partial secret cannot be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked<'a>(Cow<'a, str>);

impl Masked<'_> {
    /// Returns the first `most` characters as a single line: control and bidirectional characters are escaped
    pub fn excerpt(&self, most: usize) -> String {
        escape(&self.0, most)
    }

    /// Returns the first `most` characters, unchanged
    pub fn beginning(self, most: usize) -> String {
        match self.0.char_indices().nth(most) {
            Some((end, _)) => format!("{}…", &self.0[..end]),
            None => self.into_owned(),
        }
    }

    /// Returns the lines, which are masked as the whole text is, since no secret has a line break
    pub fn lines(&self) -> impl Iterator<Item = Masked<'_>> {
        self.0.lines().map(|line| Masked(Cow::Borrowed(line)))
    }

    /// Returns the whole text
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Masked<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Masked<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Masked<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for Masked<'_> {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

fn masked<'a>(known: &Known, text: &'a str) -> Cow<'a, str> {
    // Most texts are names, numbers and addresses, and this is all that is done for them.
    if !token_shapes::has_run(text.as_bytes(), known.shortest_run) {
        return Cow::Borrowed(text);
    }
    mask_shapes(mask_known(Cow::Borrowed(text), known.spellings.iter()))
}

fn mask_text(known: &Known, text: &mut String) {
    if let Cow::Owned(masked) = masked(known, text) {
        *text = masked;
    }
}

fn mask_value(known: &Known, value: &mut Value) {
    match value {
        Value::Text(text) => mask_text(known, text),
        Value::List(items) => items.iter_mut().for_each(|item| mask_value(known, item)),
        Value::Dictionary(entries) => {
            entries.values_mut().for_each(|item| mask_value(known, item));
            // The names of fields are in the program.
            if entries.own_names().any(|name| matches!(masked(known, name), Cow::Owned(_))) {
                *entries = with_masked_names(known, std::mem::take(entries));
            }
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) => {}
    }
}

/// Returns the entries with masked names; equal names get a suffix, so that no entry is lost
fn with_masked_names(known: &Known, entries: Dictionary) -> Dictionary {
    let mut named = Dictionary::with_capacity(entries.len());
    for (name, value) in entries {
        let mut name = masked(known, &name).into_owned();
        while named.contains_key(&name) {
            name.push('*');
        }
        named.insert(name, value);
    }
    named
}

fn mask_known<'a, 's>(
    text: Cow<'a, str>,
    spellings: impl Iterator<Item = &'s Arc<Spelling>>,
) -> Cow<'a, str> {
    spellings.fold(text, |text, spelling| {
        let spelling = &spelling.0;
        if text.len() >= spelling.len() && memmem::find(text.as_bytes(), spelling.as_bytes()).is_some() {
            Cow::Owned(text.replace(spelling.as_str(), MASK))
        } else {
            text
        }
    })
}

#[cfg(test)]
#[path = "masker_tests.rs"]
mod tests;
