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
    found.into_iter().map(|name| printable(name, LONGEST)).collect()
}

/// The longest name that is shown, in characters
const LONGEST: usize = 512;

/// What a message adds where a name is not there and another is near to it: `; did you mean "result"?`
pub fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean \"{}\"?", printable(near, LONGEST))).unwrap_or_default()
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
