//! Tables and records: a table is a list of records, a record is a dictionary whose fields have positions.

use indexmap::IndexMap;

use crate::hosts::bot::format::RawField;
use crate::hosts::bot::format::RawValue;

/// Reads the rows of a TABLE value, each as a record
///
/// Errors: those of reading a cell.
pub(crate) fn table<T, R: FromIterator<(String, T)>, E>(
    raw: &RawValue,
    cell: &mut impl FnMut(&RawValue) -> Result<T, E>,
) -> Result<Vec<R>, E> {
    let Some(table) = &raw.table else { return Ok(Vec::new()) };
    table.rows.iter().map(|row| fields(&table.schema, &row.values, cell)).collect()
}

/// Reads the fields of a RECORD value
///
/// Errors: those of reading a field.
pub(crate) fn record<T, R: FromIterator<(String, T)>, E>(
    raw: &RawValue,
    field: &mut impl FnMut(&RawValue) -> Result<T, E>,
) -> Result<R, E> {
    match &raw.record {
        Some(record) => fields(&record.schema, &record.values, field),
        None => Ok(std::iter::empty().collect()),
    }
}

fn fields<T, R: FromIterator<(String, T)>, E>(
    schema: &[RawField],
    values: &[RawValue],
    read: &mut impl FnMut(&RawValue) -> Result<T, E>,
) -> Result<R, E> {
    let names = columns(schema.iter().map(|field| field.name.as_str()), values.len());
    names.into_iter().zip(values).map(|(name, value)| Ok((name, read(value)?))).collect()
}

/// Returns the names of a number of columns: a column without a name is `Column 1`, and the second of two with the same
/// name is `Name (2)`
pub(crate) fn columns<'a>(given: impl Iterator<Item = &'a str>, count: usize) -> Vec<String> {
    let mut times: IndexMap<String, usize> = IndexMap::new();
    let mut given = given.map(str::trim);
    (1..=count)
        .map(|number| {
            let name = given.next().filter(|name| !name.is_empty());
            let name = name.map_or_else(|| format!("Column {number}"), str::to_owned);
            let seen = times.entry(name.clone()).or_default();
            *seen += 1;
            if *seen == 1 { name } else { format!("{name} ({seen})") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names = columns(["id", " name ", "", "id"].into_iter(), 5);
        assert_eq!(names, ["id", "name", "Column 3", "id (2)", "Column 5"]);
    }
}
