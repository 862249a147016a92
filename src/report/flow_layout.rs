//! Where the bots of a flow are drawn: a column for each level of child bots, the root at the left.

use crate::hosts::bot::BotOutline;
use crate::hosts::bot::OutlineKind;

/// The width of a card, in pixels
pub(super) const WIDTH: usize = 360;

/// The height of the head of a card
pub(super) const HEAD: usize = 30;

/// The height of a line
pub(super) const ROW: usize = 22;

/// The margin around the drawing and between cards in a column
pub(super) const MARGIN: usize = 20;

/// The space between columns, for the arrows
const GAP: usize = 70;

/// The place of a bot
pub(super) struct Card {
    pub(super) name: String,
    pub(super) x: usize,
    pub(super) y: usize,
    rows: usize,
}

impl Card {
    pub(super) fn height(&self) -> usize {
        HEAD + self.rows.max(1) * ROW + 8
    }

    /// Returns the middle of a line
    pub(super) fn middle(&self, row: usize) -> usize {
        self.y + HEAD + 4 + row * ROW + ROW / 2
    }
}

/// The places of all bots
pub(super) struct FlowLayout {
    /// The card of each bot, by its number
    pub(super) cards: Vec<Card>,
    pub(super) width: usize,
    /// The height of the cards with their margin
    pub(super) height: usize,
}

impl FlowLayout {
    pub(super) fn of(bots: &[BotOutline]) -> Self {
        let levels = levels(bots);
        let columns = levels.iter().max().map_or(1, |last| last + 1);
        let mut bottoms = vec![MARGIN; columns];
        let mut cards = Vec::with_capacity(bots.len());
        for (bot, level) in bots.iter().zip(levels) {
            let (x, y) = (MARGIN + level * (WIDTH + GAP), bottoms[level]);
            let card = Card { name: bot.name.clone(), x, y, rows: bot.rows.len() };
            bottoms[level] += card.height() + MARGIN;
            cards.push(card);
        }
        let width = MARGIN * 2 + columns * WIDTH + (columns - 1) * GAP;
        FlowLayout { cards, width, height: bottoms.into_iter().max().unwrap_or(MARGIN) }
    }
}

/// Returns the level of each bot: that of the first bot that runs it, and one more
fn levels(bots: &[BotOutline]) -> Vec<usize> {
    let mut levels: Vec<Option<usize>> = vec![None; bots.len()];
    let mut open = std::collections::VecDeque::from([(0, 0)]);
    while let Some((bot, level)) = open.pop_front() {
        let Some(place) = levels.get_mut(bot).filter(|place| place.is_none()) else { continue };
        *place = Some(level);
        open.extend(bots[bot].rows.iter().filter_map(|row| match row.kind {
            OutlineKind::Child(child) => Some((child, level + 1)),
            _ => None,
        }));
    }
    // A bot that nothing runs, since its parent could not be read, is beside the root.
    levels.into_iter().map(Option::unwrap_or_default).collect()
}
