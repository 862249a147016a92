//! The drawing of a flow: a card for each bot, and a lane for each session that its actions open, use and close.
//!
//! Only actions, child bots, and the parts of the flow around them are drawn. The drawing is an SVG without scripts.

use indexmap::IndexSet;
use maud::Markup;
use maud::PreEscaped;
use maud::html;

use crate::contract::Masker;
use crate::hosts::bot::BotOutline;
use crate::hosts::bot::OutlineKind;
use crate::hosts::bot::OutlineRow;
use crate::hosts::bot::OutlineSession;
use crate::hosts::bot::SessionStep;
use crate::report::flow_layout::Card;
use crate::report::flow_layout::FlowLayout;
use crate::report::flow_layout::HEAD;
use crate::report::flow_layout::MARGIN;
use crate::report::flow_layout::ROW;
use crate::report::flow_layout::WIDTH;

/// The width of the lane of a session, and of an indentation
const LANE: usize = 14;

/// The widest letter that is usual, in tenths of a pixel: texts are cut before they leave their card
const LETTER: usize = 76;

const STYLE: &str = "\
:root{--paper:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--area:#f6f8fa;--head:#0969da}\
@media(prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--area:#151b23;--head:#4493f8}}\
text{font:13px system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:var(--ink)}\
.head{font-weight:600}.soft,.number{fill:var(--soft)}.number{font-size:11px}\
.paper{fill:var(--paper)}.card{fill:var(--area);stroke:var(--line)}.rule{stroke:var(--line)}\
.arrow{fill:none;stroke:var(--soft);stroke-width:1.5}.tip{fill:var(--soft)}\
.lane{stroke-width:2}.opens{stroke:var(--area);stroke-width:1.5}";

/// The colours of sessions, in the order in which they occur; each can be told from the paper, light or dark
const COLOURS: [&str; 8] =
    ["#1f7ae0", "#2a9d4e", "#c2489a", "#b98900", "#8a63d2", "#d9534f", "#1797a6", "#7a7f87"];

/// What the marks mean; each line fits under a single card
const MARKS: [&str; 3] = [
    "Square: opens a session; framed: a global one",
    "Dot: uses it. Cross: closes it",
    "Numbers are the lines of the bot",
];

/// Returns the drawing of a flow
pub(crate) fn drawing(bots: &[BotOutline], masker: &Masker) -> String {
    let layout = FlowLayout::of(bots);
    let sessions: IndexSet<&str> = bots.iter().flat_map(|bot| &bot.rows).filter_map(session_name).collect();
    let view = GraphView { layout: &layout, sessions, masker };
    let root = bots.first().map(|bot| view.shown(&bot.name)).unwrap_or_default();
    let legend = view.legend();
    let height = layout.height + legend.height;
    let size = format!("0 0 {} {height}", layout.width);
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(size) width=(layout.width) height=(height) role="img" {
            title { "The flow " (root) " with its sessions" }
            style { (PreEscaped(STYLE)) }
            rect class="paper" width="100%" height="100%" {}
            @for (bot, card) in bots.iter().zip(&layout.cards) { (view.arrows(bot, card)) }
            @for (bot, card) in bots.iter().zip(&layout.cards) { (view.card(bot, card)) }
            (legend.markup)
        }
    };
    svg.into_string() + "\n"
}

fn session_name(row: &OutlineRow) -> Option<&str> {
    match &row.kind {
        OutlineKind::Action(_, Some(session)) => Some(&session.name),
        _ => None,
    }
}

/// What all parts of the drawing use
struct GraphView<'a> {
    layout: &'a FlowLayout,
    /// The sessions of all bots, in the order of their colours
    sessions: IndexSet<&'a str>,
    masker: &'a Masker,
}

struct Legend {
    markup: Markup,
    height: usize,
}

impl GraphView<'_> {
    fn shown(&self, text: &str) -> String {
        self.masker.mask(text).to_string()
    }

    fn colour(&self, session: &str) -> &'static str {
        COLOURS[self.sessions.get_index_of(session).unwrap_or_default() % COLOURS.len()]
    }

    fn card(&self, bot: &BotOutline, card: &Card) -> Markup {
        let own: IndexSet<&str> = bot.rows.iter().filter_map(session_name).collect();
        let x = |lane: usize| card.x + 12 + lane * LANE;
        let texts = x(own.len()) + 4;
        html! {
            g {
                rect class="card" x=(card.x) y=(card.y) width=(WIDTH) height=(card.height()) rx="6" {}
                line class="rule" x1=(card.x) x2=(card.x + WIDTH) y1=(card.y + HEAD) y2=(card.y + HEAD) {}
                (self.text("head", card.x + 12, card.y + 20, WIDTH - 24, &format!("Bot {}", bot.name)))
                @for (lane, session) in own.iter().enumerate() {
                    @let rows: Vec<usize> = (0..bot.rows.len()).filter(|at| session_name(&bot.rows[*at]) == Some(session)).collect();
                    @if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                        line class="lane" stroke=(self.colour(session)) x1=(x(lane)) x2=(x(lane)) y1=(card.middle(*first)) y2=(card.middle(*last)) {}
                    }
                }
                @for (at, row) in bot.rows.iter().enumerate() {
                    @let left = texts + row.depth * LANE;
                    @let width = (card.x + WIDTH).saturating_sub(left + 44);
                    @if let OutlineKind::Action(_, Some(session)) = &row.kind {
                        (self.mark(session, x(own.get_index_of(session.name.as_str()).unwrap_or_default()), card.middle(at)))
                    }
                    (self.row(row, left, card.middle(at) + 4, width))
                    text class="number" x=(card.x + WIDTH - 8) y=(card.middle(at) + 4) text-anchor="end" { (row.line) }
                }
            }
        }
    }

    fn row(&self, row: &OutlineRow, x: usize, y: usize, width: usize) -> Markup {
        match &row.kind {
            OutlineKind::Part(title) => self.text("soft", x, y, width, title),
            OutlineKind::Action(card, _) => self.text("", x, y, width, &card.label),
            OutlineKind::Child(bot) => {
                let name = self.layout.cards.get(*bot).map(|card| card.name.as_str()).unwrap_or_default();
                self.text("", x, y, width, &format!("Run {name} \u{2192}"))
            }
        }
    }

    /// A square opens a session, a dot uses it, a cross closes it
    fn mark(&self, session: &OutlineSession, x: usize, y: usize) -> Markup {
        let colour = self.colour(&session.name);
        html! {
            @match session.step {
                SessionStep::Opens => { rect class="opens" fill=(colour) x=(x - 5) y=(y - 5) width="10" height="10" {} }
                SessionStep::OpensGlobal => {
                    rect class="opens" fill=(colour) x=(x - 5) y=(y - 5) width="10" height="10" {}
                    rect fill="none" stroke=(colour) x=(x - 7) y=(y - 7) width="14" height="14" {}
                }
                SessionStep::Uses => { circle fill=(colour) cx=(x) cy=(y) r="4" {} }
                SessionStep::Closes => {
                    path class="lane" stroke=(colour) d=(format!("M{} {}l10 10m0 -10l-10 10", x - 5, y - 5)) {}
                }
            }
        }
    }

    /// The arrows from the nodes that run child bots to the cards of these
    fn arrows(&self, bot: &BotOutline, card: &Card) -> Markup {
        let runs = bot.rows.iter().enumerate().filter_map(|(at, row)| match row.kind {
            OutlineKind::Child(child) => Some((at, self.layout.cards.get(child)?)),
            _ => None,
        });
        html! {
            @for (at, child) in runs {
                @let (x, y) = (card.x + WIDTH, card.middle(at));
                @let (to, height) = (child.x, child.y + HEAD / 2);
                @if to > x {
                    @let bend = (to - x) / 2;
                    path class="arrow" d=(format!("M{x} {y}C{} {y} {} {height} {} {height}", x + bend, to - bend, to - 6)) {}
                    path class="tip" d=(format!("M{to} {height}l-8 -4v8z")) {}
                }
            }
        }
    }

    fn legend(&self) -> Legend {
        let top = self.layout.height;
        let session = |at: usize, name: &str| {
            let y = top + 10 + at * ROW;
            html! {
                line class="lane" stroke=(self.colour(name)) x1=(MARGIN) x2=(MARGIN + 24) y1=(y) y2=(y) {}
                (self.text("", MARGIN + 34, y + 4, self.layout.width - MARGIN * 2 - 34, &format!("session {name}")))
            }
        };
        let line = |at: usize, text: &str| {
            let y = top + 14 + (self.sessions.len() + at) * ROW;
            self.text("soft", MARGIN, y, self.layout.width - MARGIN * 2, text)
        };
        let markup = html! {
            g {
                @for (at, name) in self.sessions.iter().enumerate() { (session(at, name)) }
                @for (at, text) in MARKS.iter().enumerate() { (line(at, text)) }
            }
        };
        Legend { markup, height: (self.sessions.len() + MARKS.len()) * ROW + MARGIN }
    }

    /// A text that ends before it leaves its width; the whole text is its title then
    fn text(&self, class: &str, x: usize, y: usize, width: usize, text: &str) -> Markup {
        let text = self.masker.mask(text);
        let most = (width * 10 / LETTER).max(4);
        let whole = Some(text.to_string()).filter(|whole| whole.chars().count() > most);
        let shown = if whole.is_some() { text.beginning(most - 1) } else { text.into_owned() };
        html! {
            text class=(class) x=(x) y=(y) {
                @if let Some(whole) = whole { title { (whole) } }
                (shown)
            }
        }
    }
}

#[cfg(test)]
#[path = "flow_graph_tests.rs"]
mod tests;
