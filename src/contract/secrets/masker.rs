//! Secrets are masked in everything that is shown, in the encodings they may turn up in, and before anything is cut.

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

/// One way to write a secret, wiped when the last who keeps it drops it; the longest come first
#[derive(PartialEq, Eq)]
struct Spelling(Zeroizing<String>);

/// Every spelling that a masker of this process has; equal ones are kept once
///
/// Only what belongs to the process as a whole is masked by it: its log. An answer is masked by the
/// secrets of its own run tree, or one tree could ask about the secrets of another.
static PROCESS: RwLock<BTreeSet<Arc<Spelling>>> = RwLock::new(BTreeSet::new());

/// The secrets of a run tree, and how they would look in an output
///
/// Masked are the text itself, its URL, form, JSON and XML spellings, those of URL and JSON twice (an
/// address in an address, a message in a message), and base64 of it alone or behind any user name
/// (which shifts it by 0, 1 or 2 bytes). For a token of letters and digits these are four texts.
/// Nothing here writes a secret in hexadecimal digits, in UTF-16 or reversed, so these are not looked for on
/// every output. What has the form of a personal access token is masked too, known or not.
#[derive(Default)]
pub struct Masker {
    /// The longest first: it may contain a shorter one
    spellings: RwLock<Vec<Arc<Spelling>>>,
}

impl Masker {
    /// Remembers a secret; the same one twice is kept once
    pub fn remember(&self, secret: &Secret) {
        let text = secret.expose();
        let is_known = |known: &[Arc<Spelling>]| known.iter().any(|spelling| spelling.0.as_str() == text);
        // Asked for every request that is sent, and nearly always known.
        if text.len() < SHORTEST || is_known(&self.known()) {
            return;
        }
        let mut process = PROCESS.write().unwrap_or_else(PoisonError::into_inner);
        let mut own = self.spellings.write().unwrap_or_else(PoisonError::into_inner);
        for spelling in spellings(text).into_iter().map(|text| Arc::new(Spelling(text))) {
            let shared = process.get(&spelling).cloned().unwrap_or(spelling);
            process.insert(shared.clone());
            if !own.contains(&shared) {
                own.push(shared);
            }
        }
        own.sort();
    }

    /// The text with every secret in it replaced
    pub fn mask<'a>(&self, text: &'a str) -> Masked<'a> {
        Masked(masked(&self.known(), text))
    }

    /// The value with every text in it masked, the names of its members too
    pub fn mask_value(&self, value: &mut Value) {
        mask_value(&self.known(), value);
    }

    /// Masks a text where it is
    pub fn mask_text(&self, text: &mut String) {
        mask_text(&self.known(), text);
    }

    fn known(&self) -> RwLockReadGuard<'_, Vec<Arc<Spelling>>> {
        self.spellings.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Masker {
    fn drop(&mut self) {
        let own = std::mem::take(self.spellings.get_mut().unwrap_or_else(PoisonError::into_inner));
        if own.is_empty() {
            return;
        }
        let mut process = PROCESS.write().unwrap_or_else(PoisonError::into_inner);
        for spelling in own {
            // The set's and this one: no other masker has it.
            if Arc::strong_count(&spelling) == 2 {
                process.remove(&spelling);
            }
        }
    }
}

impl Ord for Spelling {
    fn cmp(&self, other: &Self) -> Ordering {
        // A longer one may contain a shorter one: it is looked for first.
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

/// A line of the process's log with every secret of the process replaced
pub fn mask_log(line: &str) -> Masked<'_> {
    let process = PROCESS.read().unwrap_or_else(PoisonError::into_inner);
    Masked(mask_shapes(mask_known(Cow::Borrowed(line), process.iter())))
}

/// A text in which every secret is masked; only a masker makes one
///
/// It alone can be cut: of a text that was cut before, a part of a secret is left that no mask finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked<'a>(Cow<'a, str>);

impl Masked<'_> {
    /// Its beginning, as many characters, fit for one line: control and bidirectional characters are escaped
    pub fn excerpt(&self, most: usize) -> String {
        escape(&self.0, most)
    }

    /// Its beginning, as many characters, as it is
    pub fn beginning(self, most: usize) -> String {
        match self.0.char_indices().nth(most) {
            Some((end, _)) => format!("{}…", &self.0[..end]),
            None => self.into_owned(),
        }
    }

    /// Its lines, each as masked as the whole: no secret has a line break
    pub fn lines(&self) -> impl Iterator<Item = Masked<'_>> {
        self.0.lines().map(|line| Masked(Cow::Borrowed(line)))
    }

    /// The text as it is, whole
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

fn masked<'a>(known: &[Arc<Spelling>], text: &'a str) -> Cow<'a, str> {
    mask_shapes(mask_known(Cow::Borrowed(text), known.iter()))
}

fn mask_text(known: &[Arc<Spelling>], text: &mut String) {
    if let Cow::Owned(masked) = masked(known, text) {
        *text = masked;
    }
}

fn mask_value(known: &[Arc<Spelling>], value: &mut Value) {
    match value {
        Value::Text(text) => mask_text(known, text),
        Value::List(items) => items.iter_mut().for_each(|item| mask_value(known, item)),
        Value::Dictionary(entries) => {
            entries.values_mut().for_each(|item| mask_value(known, item));
            if entries.keys().any(|name| matches!(masked(known, name), Cow::Owned(_))) {
                *entries = with_masked_names(known, std::mem::take(entries));
            }
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) => {}
    }
}

/// The same entries; those whose masked names are equal are told apart, so that none is lost
fn with_masked_names(known: &[Arc<Spelling>], entries: Dictionary) -> Dictionary {
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
