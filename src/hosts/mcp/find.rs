//! `find_action`: the actions that are no tools of their own, by words, with their inputs.

use std::cmp::Reverse;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::dispatch::Policy;
use crate::hosts::mcp::offer::Offer;
use crate::package;
use crate::package::ActionCard;

/// How many actions are found at most
const MOST: usize = 12;

/// How many found actions are shown with their inputs
const WITH_INPUTS: usize = 2;

/// The arguments of `find_action`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindAction {
    #[serde(default)]
    query: String,
}

/// Returns the actions whose name, group or description have words of the query, the best first
///
/// An action that the server or the operator's policy denies is left out.
pub(super) fn find(wanted: &FindAction, offer: &Offer, policy: &Policy) -> Result<Json, Error> {
    let denied = |card: &ActionCard| policy.denies(&card.name, &Dictionary::default());
    let offered =
        package::actions().iter().copied().filter(|card| offer.check_action(card).is_ok() && !denied(card));
    let words: Vec<String> =
        wanted.query.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    let exact = package::action(&wanted.query).map(|card| card.words);
    let offered: Vec<&ActionCard> = offered.collect();
    let scores = scores(&offered, &words);
    let mut found: Vec<(usize, &ActionCard)> = scores
        .into_iter()
        .zip(offered)
        .map(|(score, card)| (if exact == Some(card.words) { usize::MAX } else { score }, card))
        .filter(|(score, _)| *score > 0)
        .collect();
    found.sort_by_key(|(score, _)| Reverse(*score));
    let with_inputs = if exact.is_some() { 1 } else { WITH_INPUTS };
    let shown = found.iter().take(MOST).enumerate();
    let actions: Vec<Json> = shown.map(|(place, (_, card))| described(card, place < with_inputs)).collect();
    Ok(json!({ "actions": actions, "more": found.len() > MOST }))
}

/// Returns how well each action fits; with no word at all, every action fits
///
/// A word in an action's name counts most, and one that few actions have counts more than one that many have.
fn scores(cards: &[&ActionCard], words: &[String]) -> Vec<usize> {
    let texts: Vec<(&str, String, String)> = cards
        .iter()
        .map(|card| {
            let description = format!("{} {}", card.summary, card.details).to_lowercase();
            (card.words, card.group.to_lowercase(), description)
        })
        .collect();
    let mut scores = vec![0; cards.len()];
    let mut asked = false;
    for word in words.iter().filter(|word| word.len() > 1) {
        asked = true;
        let stem = stem(word);
        let fits: Vec<usize> = texts
            .iter()
            .map(|(name, group, description)| {
                4 * usize::from(name.contains(stem))
                    + 2 * usize::from(group.contains(stem))
                    + usize::from(description.contains(stem))
            })
            .collect();
        let fitting = fits.iter().filter(|fit| **fit > 0).count();
        for (score, fit) in scores.iter_mut().zip(fits).filter(|(_, fit)| *fit > 0) {
            *score += 1 + fit * 1000 / fitting;
        }
    }
    if asked { scores } else { vec![1; cards.len()] }
}

/// Returns the beginning of a word that its other forms have, too: `run` of "runs", `appro` of "approve" and "approval"
fn stem(word: &str) -> &str {
    let word = word.strip_suffix('s').unwrap_or(word);
    if word.len() > 6 { &word[..word.floor_char_boundary(5)] } else { word }
}

fn described(card: &ActionCard, with_inputs: bool) -> Json {
    let mut described = json!({
        "action": card.tool_name(),
        "summary": card.summary,
        "group": card.group,
        "effect": card.effect.as_str(),
    });
    if with_inputs {
        described["inputs"] = card.tool_input().into();
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str, offer: &Offer) -> Vec<Json> {
        let wanted = FindAction { query: query.to_owned() };
        let found = find(&wanted, offer, &Policy::default()).expect("a search does not fail");
        found["actions"].as_array().cloned().expect("a list")
    }

    #[test]
    fn every_offered_action_is_found_by_each_of_its_names_and_no_other() {
        for offer in [Offer::new().destructive(true), Offer::new(), Offer::new().read_only(true)] {
            for card in package::actions() {
                let offered = offer.check_action(card).is_ok();
                for name in [card.name.clone(), card.words.to_owned(), card.tool_name(), card.label.clone()] {
                    let found = found(&name, &offer);
                    let is_it = |one: &Json| one["action"] == card.tool_name();
                    assert_eq!(found.iter().any(is_it), offered, "{name}");
                    if offered {
                        assert!(is_it(&found[0]) && found[0]["inputs"]["properties"].is_object(), "{name}");
                    }
                }
            }
        }
    }

    #[test]
    fn words_find_an_action() {
        for (words, action) in [
            ("delete a branch", "delete_branch"),
            ("who reviews the pull request", "list_pull_request_reviewers"),
            ("approve a waiting pipeline run", "decide_pipeline_approval"),
            ("link a work item to a commit", "link_work_item"),
            ("add a tag to a run", "tag_pipeline_run"),
            ("set variables of a variable group", "update_variable_group"),
        ] {
            let found = found(words, &Offer::new().destructive(true));
            assert!(found.iter().any(|one| one["action"] == action), "{words}: {found:#?}");
        }
    }
}
