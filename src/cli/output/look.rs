//! How text is shown: the width of a stream, whether it has colours, and the wrapping of long messages. Decision 0185.

use std::io;
use std::io::IsTerminal;
use std::sync::OnceLock;

use anstream::AutoStream;
use anstream::ColorChoice;
use anstream::stream::RawStream;
use anstyle::AnsiColor;
use anstyle::Style;
use textwrap::Options;
use textwrap::WordSeparator;
use textwrap::WordSplitter;

use crate::setup::Lookup;

/// The most columns of a line of prose
const MOST_COLUMNS: usize = 150;

/// The width of a terminal that does not report one
const USUAL_COLUMNS: usize = 80;

/// The width that the variable COLUMNS sets, for all streams
static COLUMNS: OnceLock<usize> = OnceLock::new();

/// The meaning of a text, which has a colour on a terminal
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    /// Most texts
    #[default]
    Plain,
    /// A heading
    Heading,
    /// A good result
    Good,
    /// A bad result
    Bad,
    /// A warning
    Warning,
    /// The label of a help
    Help,
    /// Something of less interest
    Quiet,
}

impl Tone {
    /// The style of the tone; the 16 colours of a terminal are readable on its light and its dark background
    const fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Heading => Style::new().bold(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
            Tone::Warning => AnsiColor::Yellow.on_default().bold(),
            Tone::Help => AnsiColor::Cyan.on_default().bold(),
            Tone::Quiet => Style::new().dimmed(),
        }
    }
}

/// Sets what all streams obey: `--color`, and the variable COLUMNS
pub(in crate::cli) fn set_up(color: ColorChoice, lookup: &Lookup) {
    color.write_global();
    if let Some(columns) = columns(lookup) {
        let _ = COLUMNS.set(columns);
    }
}

/// Returns the width that the variable COLUMNS sets
fn columns(lookup: &Lookup) -> Option<usize> {
    lookup("COLUMNS")?.to_str()?.trim().parse().ok().filter(|columns| *columns > 0)
}

/// How a stream shows text
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Look {
    styled: bool,
    /// The width of tables; without one, a row is one line
    table: Option<usize>,
    /// The width of prose; without one, a message is one line
    prose: Option<usize>,
}

impl Look {
    /// No colours, and no line is wrapped: for a file
    pub(in crate::cli) const PLAIN: Look = Look { styled: false, table: None, prose: None };

    /// No colours, and tables of this width
    #[cfg(test)]
    pub(in crate::cli) const fn with_table(width: usize) -> Self {
        Look { table: Some(width), ..Look::PLAIN }
    }

    /// How standard output shows text: for people, so prose is wrapped even if it is not a terminal
    pub(in crate::cli) fn stdout() -> Self {
        let stdout = io::stdout();
        let columns = width(&stdout);
        Look { prose: Some(columns.unwrap_or(MOST_COLUMNS).min(MOST_COLUMNS)), ..Look::of(stdout, columns) }
    }

    /// How a standard error shows text: a message is one line of a log if it is not a terminal
    pub(in crate::cli) fn stderr(stderr: impl RawStream + IsTerminal) -> Self {
        let columns = width(&stderr);
        Look::of(stderr, columns)
    }

    fn of(stream: impl RawStream, columns: Option<usize>) -> Self {
        // A console without escape sequences stays without colours.
        let styled = AutoStream::auto(stream).current_choice() == ColorChoice::AlwaysAnsi;
        Look { styled, table: columns, prose: columns.map(|columns| columns.min(MOST_COLUMNS)) }
    }

    /// Whether text has colours
    pub(in crate::cli) const fn styled(&self) -> bool {
        self.styled
    }

    /// The width of tables; without one, a row is one line
    pub(in crate::cli) const fn table_width(&self) -> Option<usize> {
        self.table
    }

    /// The width of prose; without one, a message is one line
    pub(in crate::cli) const fn prose_width(&self) -> Option<usize> {
        self.prose
    }

    /// Returns the text in the colour of its tone
    pub(in crate::cli) fn paint(&self, tone: Tone, text: &str) -> String {
        match self.styled && tone != Tone::Plain && !text.is_empty() {
            true => format!("{style}{text}{style:#}", style = tone.style()),
            false => text.to_owned(),
        }
    }

    /// Returns the text with long lines wrapped between words; all lines but the first begin with `indent`
    pub(in crate::cli) fn wrap(&self, text: &str, indent: &str) -> String {
        wrapped(text, self.prose, "", indent)
    }

    /// Returns `label: text`, with the label in its tone, wrapped below the text's beginning
    pub(in crate::cli) fn labelled(&self, tone: Tone, label: &str, text: &str) -> String {
        self.wrap(&format!("{} {text}", self.paint(tone, &format!("{label}:"))), "  ")
    }
}

/// Returns the text with lines that are wider than `width` wrapped between words
pub(in crate::cli) fn wrapped(text: &str, width: Option<usize>, first: &str, rest: &str) -> String {
    let options = Options::new(width.unwrap_or(usize::MAX))
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let text = textwrap::fill(text, options);
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Returns the width of a stream: that of COLUMNS, or of its terminal
fn width(stream: &impl IsTerminal) -> Option<usize> {
    let own = || stream.is_terminal().then(terminal_width);
    COLUMNS.get().copied().or_else(own)
}

fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.filter(|columns| *columns > 0).unwrap_or(USUAL_COLUMNS)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn columns_has_to_be_a_positive_number() {
        for (value, expected) in [("100", Some(100)), (" 7 ", Some(7)), ("0", None), ("wide", None)] {
            let lookup: Lookup = Arc::new(move |name| (name == "COLUMNS").then(|| OsString::from(value)));
            assert_eq!(columns(&lookup), expected, "{value:?}");
        }
    }

    #[test]
    fn only_a_styled_stream_gets_escape_sequences() {
        assert_eq!(Look::PLAIN.paint(Tone::Bad, "denied"), "denied");
        let styled = Look { styled: true, ..Look::PLAIN };
        assert_eq!(styled.paint(Tone::Bad, "denied"), "\u{1b}[1m\u{1b}[31mdenied\u{1b}[0m");
        assert_eq!(styled.paint(Tone::Plain, "denied"), "denied");
    }

    #[test]
    fn long_lines_are_wrapped_between_words_and_below_their_beginning() {
        let look = Look { prose: Some(20), ..Look::PLAIN };
        let text = "error: this is a message of https://dev.azure.com/contoso\n[table]\n  key = 1";
        let lines = ["error: this is a", "  message of", "  https://dev.azure.com/contoso", "  [table]"];
        let expected = format!("{}\n    key = 1", lines.join("\n"));
        assert_eq!(look.wrap(text, "  "), expected);
        assert_eq!(Look::PLAIN.wrap("one two three four five six", "  "), "one two three four five six");
    }
}
