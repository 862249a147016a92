//! Suggestions of similar names.

use crate::contract::errors::meanings::MEANINGS;
use crate::contract::errors::meanings::SETTING_MEANINGS;
use crate::contract::printable;

/// The input that identifies what an action works on
const ID: &str = "id";

/// How many similar names are suggested
const MOST: usize = 5;

/// Returns the candidate that an unknown word means, or else the one that is spelled most like it, if any is
///
/// `top` means `limit`, and `list-repos` means `listRepositories` ([`MEANINGS`]).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let beginning: String = word.chars().take(128).collect();
    let meant = meanings(&beginning);
    let by_meaning = meant.iter().find_map(|name| candidates.iter().find(|one| plain(one) == *name));
    by_meaning.copied().or_else(|| Some(spelled_alike(&plain(&beginning), &candidates)?.1)).or_else(|| {
        let alike = meant.iter().filter_map(|name| spelled_alike(name, &candidates));
        alike.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
    })
}

/// Returns the candidate that is spelled most like a name, if any is, with the number of different letters
fn spelled_alike<'a>(wanted: &str, candidates: &[&'a str]) -> Option<(usize, &'a str)> {
    candidates
        .iter()
        .map(|candidate| (strsim::osa_distance(wanted, &plain(candidate)), *candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
}

/// Returns a name without case and separators
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['-', '_', ' '], "")
}

/// Returns the names that a word means, each without case and separators
fn meanings(word: &str) -> Vec<String> {
    let words = words(word);
    // `runId` and `build-id` are the id of what an action works on.
    let id = (words.len() > 1 && words.last().is_some_and(|last| last == ID)).then_some(ID);
    let of = |word: &String| -> Vec<&str> {
        let all = MEANINGS.iter().chain(SETTING_MEANINGS);
        all.filter(|(other, _)| other == word).map(|(_, meaning)| *meaning).collect()
    };
    let choices: Vec<Vec<&str>> = words.iter().map(of).collect();
    let most = choices.iter().map(Vec::len).max().unwrap_or(0);
    let name = |at: usize| -> String {
        let chosen = words.iter().zip(&choices).map(|(word, choices)| {
            let meaning = choices.get(at).or(choices.first()).copied();
            plain(meaning.unwrap_or(word))
        });
        chosen.collect()
    };
    let mut names: Vec<String> = (0..most).map(name).collect();
    let is_whole = |other: &str| {
        let other = plain(other);
        other == words.concat() || names.contains(&other)
    };
    let of_whole = MEANINGS.iter().filter(|(other, _)| other.contains(' ') && is_whole(other));
    let of_whole: Vec<String> = of_whole.map(|(_, meaning)| plain(meaning)).collect();
    names.extend(of_whole);
    names.extend(id.map(str::to_owned));
    names
}

/// Returns the words of a name in any spelling: `list`, `repos` for `list-repos` or `listRepos`
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if matches!(c, '-' | '_' | ' ') || c.is_ascii_uppercase() {
            words.push(String::new());
        }
        if !matches!(c, '-' | '_' | ' ') {
            words.last_mut().expect("there is one").extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
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
        assert_eq!(nearest("", ["createRepository", "to"]), None);
    }

    #[test]
    fn a_word_of_another_tool_finds_the_name_that_means_it() {
        let fields = ["repository", "limit", "timeLimit", "pullRequest", "tags", "stop"];
        for (word, name) in [
            ("top", "limit"),
            ("Max", "limit"),
            ("repo", "repository"),
            ("pr", "pullRequest"),
            ("timeout", "timeLimit"),
            ("label", "tags"),
        ] {
            assert_eq!(nearest(word, fields), Some(name), "{word}");
        }
        for word in ["pull-request", "pullRequestId", "pr", "number", "run-id", "release"] {
            assert_eq!(nearest(word, ["session", "id", "includeRaw"]), Some("id"), "{word}");
        }
        assert_eq!(nearest("pr", ["id", "pullRequest"]), Some("pullRequest"));
        assert_eq!(nearest("policy", ["network", "actions"]), Some("actions"));
        let actions = ["list-repositories", "create-pull-request", "vote-on-pull-request", "run-pipeline"];
        for (word, name) in [
            ("list-repos", "list-repositories"),
            ("listRepos", "list-repositories"),
            ("new-pr", "create-pull-request"),
            ("create-pul-requst", "create-pull-request"),
            ("approve-pr", "vote-on-pull-request"),
            ("start workflow", "run-pipeline"),
        ] {
            assert_eq!(nearest(word, actions), Some(name), "{word}");
        }
    }
}
