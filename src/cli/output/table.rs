//! Text tables whose columns are as wide as their widest cell.

/// Returns the lines of a table with a header, without trailing blanks
pub(in crate::cli) fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let count = head.len();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain([head[at].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (cell, width) in cells.zip(&widths) {
            line += cell;
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        line.trim_end().to_owned()
    };
    let mut lines = vec![line(&mut head.iter().copied())];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_lines_have_no_trailing_blanks() {
        let rows = vec![vec!["1".to_owned(), "äöü".to_owned()], vec!["long".to_owned(), String::new()]];
        assert_eq!(table(&["a", "b"], &rows), ["a     b", "1     äöü", "long"]);
    }
}
