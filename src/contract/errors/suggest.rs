//! Suggestions of similar names.

use crate::contract::printable;

/// How many similar names are suggested
const MOST: usize = 5;

/// Returns the candidate most similar to an unknown word, if any is similar
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let wanted: String = plain(word).chars().take(128).collect();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns up to five names similar to a wanted one, safe to show: the most similar first, then those that contain it or that it contains
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

/// Returns the suggestion that a message adds: `; did you mean "result"?`
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

    #[test]
    fn the_nearest_word_is_found_in_any_spelling_and_only_when_near() {
        assert_eq!(
            nearest("create-repositry", ["createRepository", "listRepositories"]),
            Some("createRepository")
        );
        assert_eq!(nearest("zzz", ["createRepository", "connect"]), None);
    }
}
