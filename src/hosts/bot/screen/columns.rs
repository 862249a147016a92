//! The columns of the rows of a run: they fit into the terminal, and a long message is below its row.

use anstyle::AnsiColor;
use anstyle::Style;
use textwrap::Options;
use textwrap::WordSeparator;
use textwrap::WordSplitter;
use textwrap::core::display_width;

use crate::hosts::bot::location::Location;

/// The most columns of a line
pub(super) const MOST_COLUMNS: usize = 150;

/// The widths of label, subject and result if there is room for all; the result has what is left, too
const WIDE: [usize; 3] = [22, 34, 18];

/// The widths of label and result on a narrow terminal; the subject has what is left
const NARROW: [usize; 2] = [20, 16];

/// The least width of a place, and the most: a longer one is wrapped
const PLACE: [usize; 2] = [26, 40];

/// The least width of a place on a narrow terminal
const NARROW_PLACE: usize = 24;

/// The digits of a line that a place has room for, so that most bots need no more room after their ninth line
const LINE_DIGITS: usize = 2;

/// The most lines of a subject inside its column
const SUBJECT_LINES: usize = 2;

/// The least width of a subject
const LEAST: usize = 10;

/// The indent of a message below its row
const BELOW: &str = "    ";

/// The colour of a text that succeeded
pub(super) const GOOD: Style = AnsiColor::Green.on_default();

/// The colour of a text that failed
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();

/// The colour of a warning
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// No colour
pub(super) const PLAIN: Style = Style::new();

/// A row of a run
pub(super) struct Row<'a> {
    pub(super) place: &'a Location,
    /// The label of the action or event, and its colour
    pub(super) label: (&'a str, Style),
    /// What it works on, or its message
    pub(super) what: &'a str,
    /// Its result; empty for a message
    pub(super) how: (&'a str, Style),
}

/// How the rows of a run are laid out
#[derive(Clone, Copy)]
pub(super) struct Columns {
    /// The width of a line
    pub(super) width: usize,
    /// The width of the longest place so far
    pub(super) place: usize,
    /// Whether text has colours
    pub(super) styled: bool,
}

impl Columns {
    /// The widths of place, label, subject and result
    fn widths(self) -> [usize; 4] {
        let rest = |taken: usize| self.width.saturating_sub(taken).max(LEAST);
        let [least, most] = PLACE;
        let (place, [label, what, how]) = (self.place.clamp(least, most), WIDE);
        if self.width >= place + label + what + how + 3 {
            return [place, label, what, rest(place + label + what + 3)];
        }
        let (place, [label, how]) = (self.place.clamp(NARROW_PLACE, most), NARROW);
        [place, label, rest(place + label + how + 3), how]
    }

    /// Makes room for the place of a row and of all later ones
    pub(super) fn admit(&mut self, place: &Location) {
        let line = place.line.to_string().len().max(LINE_DIGITS);
        self.place = self.place.max(display_width(&place.file) + 1 + line);
    }

    /// Returns the lines of a row
    pub(super) fn row(self, row: &Row<'_>) -> String {
        let place = shown(row.place);
        let [at, label, what, how] = self.widths();
        let is_message = row.how.0.is_empty();
        let room = self.width.saturating_sub(at + label + 2);
        let mut cells = vec![(place.as_str(), PLAIN, at), (row.label.0, row.label.1, label)];
        if is_message && display_width(row.what) > room {
            return format!("{}\n{}", self.cells(&cells), self.below(row.what));
        }
        if display_width(row.how.0) > how {
            cells.push((row.what, PLAIN, room));
            let result = self.paint(row.how.1, row.how.0);
            return format!("{}\n{}", self.cells(&cells), self.below(&result));
        }
        let what = if is_message { room } else { what };
        let is_long = pieces(row.what, what).len() > SUBJECT_LINES;
        cells.extend([(if is_long { "" } else { row.what }, PLAIN, what), (row.how.0, row.how.1, how)]);
        let line = self.cells(&cells);
        if is_long { format!("{line}\n{}", self.below(row.what)) } else { line }
    }

    /// Returns a row on one line, without its result and whatever its length: for the line that is rewritten
    pub(super) fn one_line(self, place: &Location, label: &str, what: &str, progress: &str) -> String {
        let [at, label_width, what_width, _] = self.widths();
        let place = shown(place);
        let line = format!("{place:<at$} {label:<label_width$} {what:<what_width$} {progress}");
        line.trim_end().to_owned()
    }

    /// Returns a message as lines below a row
    pub(super) fn below(self, text: &str) -> String {
        wrapped(text, self.width, BELOW)
    }

    /// Returns the text wrapped to the width
    pub(super) fn prose(self, text: &str) -> String {
        textwrap::fill(text, options(self.width).break_words(false).subsequent_indent(BELOW))
    }

    /// Returns the text wrapped to the width, its further lines indented below `  `
    pub(super) fn indented(self, text: &str) -> String {
        let lines = wrapped(text, self.width.saturating_sub(2), BELOW);
        format!("  {}", lines.trim_start())
    }

    /// Returns the text in a colour
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        match self.styled && style != PLAIN && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    /// Returns cells side by side; a cell that does not fit is wrapped inside its column
    fn cells(self, cells: &[(&str, Style, usize)]) -> String {
        let pieces: Vec<Vec<String>> = cells.iter().map(|(text, _, width)| pieces(text, *width)).collect();
        let height = pieces.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| {
            let mut line = String::new();
            let mut blanks = 0;
            for ((pieces, (_, style, width)), number) in pieces.iter().zip(cells).zip(1..) {
                let piece = pieces.get(at).map_or("", String::as_str);
                if !piece.is_empty() {
                    line.extend(std::iter::repeat_n(' ', std::mem::take(&mut blanks)));
                    line += &self.paint(*style, piece);
                }
                let is_last = number == cells.len();
                blanks += if is_last { 0 } else { width.saturating_sub(display_width(piece)) + 1 };
            }
            line
        };
        (0..height).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Returns a place as text: `release.bot.json:15`
fn shown(place: &Location) -> String {
    format!("{}:{}", place.file, place.line)
}

/// Returns the lines of a cell; a word that is wider than the column is broken
fn pieces(text: &str, width: usize) -> Vec<String> {
    match display_width(text) <= width {
        true => vec![text.to_owned()],
        false => textwrap::wrap(text, options(width.max(1))).into_iter().map(String::from).collect(),
    }
}

fn wrapped(text: &str, width: usize, indent: &str) -> String {
    textwrap::fill(text, options(width).break_words(false).initial_indent(indent).subsequent_indent(indent))
}

fn options(width: usize) -> Options<'static> {
    Options::new(width).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(width: usize, what: &str, how: &str) -> String {
        let place =
            Location { file: "release.bot.json".into(), line: 15, uid: String::new(), node: String::new() };
        let mut columns = Columns { width, place: 0, styled: false };
        columns.admit(&place);
        columns.row(&Row { place: &place, label: ("Run pipeline", PLAIN), what, how: (how, GOOD) })
    }

    #[test]
    fn columns_are_aligned_at_every_width() {
        assert_eq!(
            row(150, "release-notes", "ok, 2 requests"),
            "release.bot.json:15        Run pipeline           release-notes                      ok, 2 requests"
        );
        let (place, label, blank) = (" ".repeat(6), " ".repeat(9), " ".repeat(46));
        assert_eq!(
            row(80, "global session \"Default\"", "ok, 2 requests"),
            format!(
                "release.bot.json:15{place}Run pipeline{label}global session    ok, 2 requests\n{blank}\"Default\""
            )
        );
        assert_eq!(
            row(80, "session \"Archive\"", "session.not_found, 0 requests"),
            format!(
                "release.bot.json:15{place}Run pipeline{label}session \"Archive\"\n    session.not_found, 0 requests"
            )
        );
    }

    #[test]
    fn a_long_message_is_below_its_row() {
        let message = "word ".repeat(40);
        for width in [80, 100, 140, 150] {
            let shown = row(width, message.trim_end(), "");
            let (first, rest) = shown.split_once('\n').expect("it has several lines");
            assert_eq!(
                first.split_whitespace().collect::<Vec<_>>(),
                ["release.bot.json:15", "Run", "pipeline"]
            );
            assert!(rest.lines().all(|line| line.starts_with("    word") && line.len() <= width), "{shown}");
        }
        assert_eq!(row(100, "short", "").lines().count(), 1);
    }

    #[test]
    fn a_long_subject_is_below_its_row() {
        let shown = row(80, "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject]", "ok, 2 requests");
        let (first, rest) = shown.split_once('\n').expect("it has two lines");
        assert!(first.starts_with("release.bot.json:15") && first.ends_with("  ok, 2 requests"), "{shown}");
        assert_eq!(rest, "    SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject]");
    }

    #[test]
    fn the_ninth_and_the_tenth_line_of_a_bot_are_aligned() {
        let mut columns = Columns { width: 150, place: 0, styled: false };
        let mut width = |line| {
            let file = "a-release-day-from-a-branch.bot.json".to_owned();
            columns.admit(&Location { file, line, uid: String::new(), node: String::new() });
            columns.widths()[0]
        };
        assert_eq!(width(9), width(10));
    }

    #[test]
    fn results_are_coloured_only_on_request() {
        let plain = Columns { width: 80, place: 0, styled: false };
        assert_eq!(plain.paint(GOOD, "ok"), "ok");
        assert_eq!(Columns { styled: true, ..plain }.paint(GOOD, "ok"), "\u{1b}[32mok\u{1b}[0m");
    }
}
