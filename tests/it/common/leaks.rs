//! Searches output for parts of a token: the longest run of its characters, whole or cut.

use std::collections::HashSet;

/// Shorter runs of characters reveal nothing
pub(crate) const SHORT: usize = 8;

/// The texts to plant: the token once, and the token repeated, so that every cut of this package is inside a token
pub(crate) fn planted(token: &str) -> [String; 2] {
    [format!("said {token}"), format!("{token} ").repeat(60)]
}

/// Asserts that no eight consecutive characters of the token were written
pub(crate) fn assert_no_run(written: &str, token: &str, place: &str) {
    let runs: HashSet<&[u8]> = token.as_bytes().windows(SHORT).collect();
    if let Some(at) = written.as_bytes().windows(SHORT).position(|run| runs.contains(run)) {
        let before = String::from_utf8_lossy(&written.as_bytes()[at.saturating_sub(200)..at]);
        panic!("{place}: a part of the token behind …{before}");
    }
}

/// A secret of no known form, in which no eight characters occur twice or in ordinary text
pub(crate) fn secret() -> String {
    let mut state: u64 = 0x2545_f491_4f6c_dd1d;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-"[(state >> 33) as usize % 58])
    };
    (0..83).map(|_| letter()).collect()
}
