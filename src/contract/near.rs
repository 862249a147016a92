//! Names near to one that is not there.

use crate::contract::nearest;
use crate::contract::printable;

/// How many near names are told
const MOST: usize = 5;

/// Up to five names near to a wanted one, safe to show: the nearest first, then those that contain it or that it contains
pub fn near_names<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Vec<String> {
    let lower = wanted.to_lowercase();
    let nearest = nearest(wanted, names.clone());
    let related = names.into_iter().filter(|other| {
        let other = other.to_lowercase();
        !other.is_empty() && (other.contains(&lower) || lower.contains(&other))
    });
    let mut found: Vec<&str> = Vec::new();
    for candidate in nearest.into_iter().chain(related) {
        if found.len() < MOST && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found.into_iter().map(|name| printable(name, 64)).collect()
}

/// More than any text that is looked for in order to mask it
const UNCUT: usize = 1 << 20;

/// What a message adds where a name is not there and another is near to it: `; did you mean "result"?`
///
/// The near one is not cut short: it may be a token, and half a token is not masked any more.
pub fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean \"{}\"?", printable(near, UNCUT))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first_then_those_that_contain_it() {
        let names =
            ["Fabrikam Archive", "Other", "Fabrikan", "", "Fab", "fabrikam x1", "fabrikam x2", "fabrikam x3"];
        assert_eq!(
            near_names("fabrikam", names),
            ["Fabrikan", "Fabrikam Archive", "Fab", "fabrikam x1", "fabrikam x2"]
        );
        assert!(near_names("unlike", names).is_empty());
    }
}
