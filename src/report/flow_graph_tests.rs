//! The drawing of outlines that are given.

use super::*;
use crate::contract::Secret;
use crate::package::action;

fn row(line: usize, kind: OutlineKind) -> OutlineRow {
    OutlineRow { depth: 0, line, kind }
}

fn acts(line: usize, name: &str, session: &str, step: SessionStep) -> OutlineRow {
    let card = action(name).expect("the package has it");
    row(line, OutlineKind::Action(card, Some(OutlineSession { name: session.to_owned(), step })))
}

fn bot(name: &str, rows: Vec<OutlineRow>) -> BotOutline {
    BotOutline { name: name.to_owned(), rows }
}

/// A parent that opens two sessions and runs a child twice
fn flow() -> Vec<BotOutline> {
    let parent = vec![
        acts(1, "connect", "Default", SessionStep::OpensGlobal),
        acts(2, "connect", "$other$", SessionStep::Opens),
        row(3, OutlineKind::Child(1)),
        row(4, OutlineKind::Child(1)),
        acts(5, "disconnect", "Default", SessionStep::Closes),
    ];
    vec![
        bot("parent", parent),
        bot("child & <co>", vec![acts(1, "getProject", "Default", SessionStep::Uses)]),
    ]
}

#[test]
fn a_bot_is_a_card_and_a_session_has_one_colour_in_all_bots() {
    let svg = drawing(&flow(), &Masker::default());
    assert!(svg.starts_with("<svg "), "{svg}");
    assert_eq!(svg.matches("class=\"card\"").count(), 2);
    assert_eq!(svg.matches("class=\"tip\"").count(), 2, "an arrow for each run of the child");
    assert_eq!(svg.matches("session Default").count(), 1, "the legend has each session once");
    // A lane in each bot that has the session, a mark of the closing, and the line of the legend
    assert_eq!(svg.matches(&format!("class=\"lane\" stroke=\"{}\"", COLOURS[0])).count(), 4, "{svg}");
    assert!(svg.contains(&format!("<circle fill=\"{}\"", COLOURS[0])), "the child uses the first session");
    assert!(svg.contains("child &amp; &lt;co&gt;"), "texts are escaped");
}

#[test]
fn a_child_is_right_of_its_parent_and_a_recursion_ends() {
    let mut bots = flow();
    bots[1].rows.push(row(2, OutlineKind::Child(0)));
    bots.push(bot("not run", Vec::new()));
    let layout = FlowLayout::of(&bots);
    assert!(layout.cards[1].x >= layout.cards[0].x + WIDTH);
    assert_eq!(layout.cards[2].x, layout.cards[0].x);
    assert!(layout.cards[2].y >= layout.cards[0].y + layout.cards[0].height());
    let (right, bottom) = (layout.cards[1].x + WIDTH, layout.cards[2].y + layout.cards[2].height());
    assert!(layout.width >= right + MARGIN && layout.height >= bottom);
}

#[test]
fn a_long_text_is_cut_and_is_whole_in_its_title() {
    let long = "a".repeat(200);
    let svg = drawing(&[bot(&long, Vec::new())], &Masker::default());
    assert_eq!(svg.matches(&long).count(), 2, "the title of the drawing, and that of the text");
    assert!(svg.contains('\u{2026}'), "{svg}");
}

#[test]
fn a_secret_is_masked() {
    let (masker, secret) = (Masker::default(), "k9Zq-plain".to_owned());
    masker.remember(&Secret::new(secret.clone()));
    let svg = drawing(&[bot(&secret, vec![acts(1, "getProject", &secret, SessionStep::Uses)])], &masker);
    assert!(!svg.contains("9Zq"), "{svg}");
}
