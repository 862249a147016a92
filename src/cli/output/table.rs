//! Text tables: columns are as wide as their widest cell, and shrink to the width of the terminal.

use textwrap::core::display_width;

use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::look::wrapped;

/// The blanks between two columns
const GAP: usize = 2;

/// The least width of a column whose words are not broken, if the terminal has room for it
const LEAST: usize = 10;

/// What a description below its row begins with
const BELOW: &str = "    ";

/// A cell of a table: a text of one line, and its tone
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell with a tone
    pub(in crate::cli) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Cell { text: text.into(), tone }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell { text, tone: Tone::Plain }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::from(text.to_owned())
    }
}

/// Returns the lines of a table with a header, without trailing blanks
///
/// On a narrow terminal, long cells are wrapped inside their column.
pub(in crate::cli) fn table(head: &[&str], rows: &[Vec<Cell>], look: &Look) -> Vec<String> {
    rows_of(head, rows, look).concat()
}

/// Returns the lines of a table whose last column is a description: below its row, if a word of it would be broken otherwise
pub(in crate::cli) fn described(head: &[&str], rows: &[Vec<Cell>], look: &Look) -> Vec<String> {
    if fits(head, rows, look) {
        return table(head, rows, look);
    }
    let columns = head.len() - 1;
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row[..columns].to_vec()).collect();
    let descriptions = std::iter::once("").chain(rows.iter().map(|row| row[columns].text.as_str()));
    let below = |text: &str| match text {
        "" => Vec::new(),
        text => {
            wrapped(text, look.table_width(), BELOW, BELOW).lines().map(str::to_owned).collect::<Vec<_>>()
        }
    };
    let row = |(lines, text)| [lines, below(text)].concat();
    rows_of(&head[..columns], &cells, look).into_iter().zip(descriptions).flat_map(row).collect()
}

/// Returns the lines of each row, the header first
fn rows_of(head: &[&str], rows: &[Vec<Cell>], look: &Look) -> Vec<Vec<String>> {
    let head: Vec<Cell> = head.iter().map(|name| Cell::toned(Tone::Heading, *name)).collect();
    let all = || std::iter::once(&head).chain(rows);
    let widest = |at: usize, width: fn(&str) -> usize| {
        all().filter_map(|row| row.get(at)).map(|cell| width(&cell.text)).max().unwrap_or(0)
    };
    let natural: Vec<usize> = (0..head.len()).map(|at| widest(at, display_width)).collect();
    let words: Vec<usize> = (0..head.len()).map(|at| widest(at, widest_word)).collect();
    let widths = match look.table_width() {
        Some(width) => shrunk(natural, &words, width),
        None => natural,
    };
    all().map(|row| lines(row, &widths, look)).collect()
}

/// Returns whether a table fits into the terminal without a broken word
pub(in crate::cli) fn fits(head: &[&str], rows: &[Vec<Cell>], look: &Look) -> bool {
    let Some(most) = look.table_width() else { return true };
    let cell = |row: &Vec<Cell>, at: usize| row.get(at).map_or(0, |cell| widest_word(&cell.text));
    let widest = |(at, name): (usize, &&str)| {
        rows.iter().map(|row| cell(row, at)).max().unwrap_or(0).max(widest_word(name))
    };
    head.iter().enumerate().map(widest).sum::<usize>() + GAP * head.len().saturating_sub(1) <= most
}

fn widest_word(text: &str) -> usize {
    text.split(' ').map(display_width).max().unwrap_or(0)
}

/// Returns the widths of the columns so that a row fits, as far as that is possible
///
/// The widest column shrinks first: to its widest word, and if that is not enough, to [`LEAST`].
fn shrunk(mut widths: Vec<usize>, words: &[usize], most: usize) -> Vec<usize> {
    let most = most.saturating_sub(GAP * widths.len().saturating_sub(1));
    for least in [words, &vec![LEAST; words.len()]] {
        while widths.iter().sum::<usize>() > most {
            let can_shrink = (0..widths.len()).filter(|at| widths[*at] > least[*at]);
            let Some(at) = can_shrink.max_by_key(|at| widths[*at]) else { break };
            widths[at] -= 1;
        }
    }
    widths
}

/// Returns a row as one line, or as several if a cell does not fit into its column
fn lines(row: &[Cell], widths: &[usize], look: &Look) -> Vec<String> {
    let cells: Vec<Vec<String>> =
        row.iter().zip(widths).map(|(cell, width)| pieces(&cell.text, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        let mut blanks = 0;
        for ((pieces, cell), width) in cells.iter().zip(row).zip(widths) {
            let piece = pieces.get(at).map_or("", String::as_str);
            if !piece.is_empty() {
                line.extend(std::iter::repeat_n(' ', std::mem::take(&mut blanks)));
                line += &look.paint(cell.tone, piece);
            }
            blanks += width.saturating_sub(display_width(piece)) + GAP;
        }
        line
    };
    (0..height).map(line).collect()
}

/// Returns the lines of a cell
fn pieces(text: &str, width: usize) -> Vec<String> {
    if display_width(text) <= width {
        return vec![text.to_owned()];
    }
    let text = wrapped(text, Some(width), "", "");
    // A word that is wider than the column is broken.
    text.lines().flat_map(|line| textwrap::wrap(line, width.max(1))).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[&[&str]]) -> Vec<Vec<Cell>> {
        cells.iter().map(|row| row.iter().map(|cell| Cell::from(*cell)).collect()).collect()
    }

    #[test]
    fn columns_align_and_lines_have_no_trailing_blanks() {
        let rows = rows(&[&["1", "äöü"], &["long", ""]]);
        assert_eq!(table(&["a", "b"], &rows, &Look::PLAIN), ["a     b", "1     äöü", "long"]);
    }

    #[test]
    fn the_widest_column_shrinks_to_the_terminal_and_its_cells_are_wrapped() {
        let rows = rows(&[&["one", "a text of several words", "end"], &["two", "short", ""]]);
        let expected =
            ["a    b            c", "one  a text of    end", "     several", "     words", "two  short"];
        assert_eq!(table(&["a", "b", "c"], &rows, &Look::with_table(21)), expected);
    }

    #[test]
    fn a_table_fits_if_no_word_is_broken() {
        let rows = rows(&[&["https://dev.azure.com", "two words"]]);
        for (width, expected) in [(27, false), (28, true)] {
            assert_eq!(fits(&["url", "b"], &rows, &Look::with_table(width)), expected, "{width}");
        }
        assert!(fits(&["url", "b"], &rows, &Look::PLAIN));
    }

    #[test]
    fn a_description_is_below_its_row_where_a_word_would_be_broken() {
        let rows = rows(&[&["url", "text", "such as https://dev.azure.com"], &["name", "text", ""]]);
        let below = ["a     b", "url   text", "    such as", "    https://dev.azure.com", "name  text"];
        assert_eq!(described(&["a", "b", "c"], &rows, &Look::with_table(26)), below);
        let beside =
            ["a     b     c", "url   text  such as", "            https://dev.azure.com", "name  text"];
        assert_eq!(described(&["a", "b", "c"], &rows, &Look::with_table(34)), beside);
    }

    #[test]
    fn a_word_is_broken_only_if_the_columns_do_not_fit_otherwise() {
        let rows = rows(&[&["https://dev.azure.com/contoso", "x"]]);
        let shown = table(&["url", "b"], &rows, &Look::with_table(20));
        assert!(shown.iter().all(|line| display_width(line) <= 20), "{shown:?}");
        let joined: String = shown[1..].iter().map(|line| line.replace(" x", "").replace(' ', "")).collect();
        assert_eq!(joined, "https://dev.azure.com/contoso");
    }
}
