//! Work item queries: conditions and order of a small part of WIQL, without I/O and HTTP.

use std::cmp::Ordering;

use time::Date;
use time::Month;
use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::Rfc3339;

/// The value of a field, for comparisons.
pub(crate) enum ComparedValue {
    Text(String),
    /// The name, e-mail address and identifier of a person.
    Person(Vec<String>),
    Moment(OffsetDateTime),
    Number(f64),
    Nothing,
}

/// A parsed query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) columns: Vec<String>,
    pub(super) condition: Option<WiqlCondition>,
    /// Fields, and whether the order is descending.
    pub(super) order: Vec<(String, bool)>,
}

#[derive(Debug)]
pub(super) enum WiqlCondition {
    And(Vec<WiqlCondition>),
    Or(Vec<WiqlCondition>),
    Not(Box<WiqlCondition>),
    Test { field: String, comparison: Comparison, values: Vec<String> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    Greater,
    Contains,
    Under,
}

impl Query {
    /// Returns the fields that it refers to.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        fields.extend(self.order.iter().map(|(field, _)| field.as_str()));
        let mut open: Vec<&WiqlCondition> = self.condition.iter().collect();
        while let Some(condition) = open.pop() {
            match condition {
                WiqlCondition::And(all) | WiqlCondition::Or(all) => open.extend(all),
                WiqlCondition::Not(inner) => open.push(inner),
                WiqlCondition::Test { field, .. } => fields.push(field),
            }
        }
        fields
    }

    /// Returns a date with a time that is compared with a field of dates.
    pub(crate) fn date_with_time(&self) -> Option<&str> {
        let mut open: Vec<&WiqlCondition> = self.condition.iter().collect();
        while let Some(condition) = open.pop() {
            match condition {
                WiqlCondition::And(all) | WiqlCondition::Or(all) => open.extend(all),
                WiqlCondition::Not(inner) => open.push(inner),
                WiqlCondition::Test { field, values, .. } if field.ends_with("Date") => {
                    let timed = |value: &&String| moment(value).is_some() && value.contains(':');
                    if let Some(value) = values.iter().find(timed) {
                        return Some(value);
                    }
                }
                WiqlCondition::Test { .. } => {}
            }
        }
        None
    }

    /// Returns whether it matches these field values. Without `precise`, times are compared by day.
    pub(crate) fn takes(&self, precise: bool, seen: &impl Fn(&str) -> ComparedValue) -> bool {
        self.condition.as_ref().is_none_or(|condition| condition.holds(precise, seen))
    }

    /// Compares two work items by the query's order.
    pub(crate) fn order(
        &self,
        one: &impl Fn(&str) -> ComparedValue,
        other: &impl Fn(&str) -> ComparedValue,
    ) -> Ordering {
        let compared = self.order.iter().map(|(field, descending)| {
            let order = match (one(field), other(field)) {
                (ComparedValue::Number(one), ComparedValue::Number(other)) => one.total_cmp(&other),
                (ComparedValue::Moment(one), ComparedValue::Moment(other)) => one.cmp(&other),
                (one, other) => one.text().cmp(&other.text()),
            };
            if *descending { order.reverse() } else { order }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    }
}

impl WiqlCondition {
    fn holds(&self, precise: bool, seen: &impl Fn(&str) -> ComparedValue) -> bool {
        match self {
            WiqlCondition::And(all) => all.iter().all(|one| one.holds(precise, seen)),
            WiqlCondition::Or(all) => all.iter().any(|one| one.holds(precise, seen)),
            WiqlCondition::Not(inner) => !inner.holds(precise, seen),
            WiqlCondition::Test { field, comparison, values } => {
                let there = seen(field);
                values.iter().any(|wanted| there.compares(*comparison, wanted, precise))
            }
        }
    }
}

impl ComparedValue {
    fn text(&self) -> String {
        match self {
            ComparedValue::Text(text) => text.to_lowercase(),
            ComparedValue::Person(names) => names.first().map(|name| name.to_lowercase()).unwrap_or_default(),
            ComparedValue::Moment(at) => at.to_string(),
            ComparedValue::Number(number) => number.to_string(),
            ComparedValue::Nothing => String::new(),
        }
    }

    fn compares(&self, comparison: Comparison, wanted: &str, precise: bool) -> bool {
        if let ComparedValue::Person(names) = self
            && comparison == Comparison::Equal
        {
            return names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        }
        let (text, wanted_text) = (self.text(), wanted.to_lowercase());
        let order = match self {
            ComparedValue::Number(number) => wanted.parse().ok().map(|wanted| number.total_cmp(&wanted)),
            ComparedValue::Moment(at) => moment(wanted).map(|wanted| match precise {
                true => at.cmp(&wanted),
                false => at.date().cmp(&wanted.date()),
            }),
            _ => Some(text.cmp(&wanted_text)),
        };
        match comparison {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::Contains => text.contains(&wanted_text),
            Comparison::Under => text == wanted_text || text.starts_with(&format!("{wanted_text}\\")),
        }
    }
}

/// Reads a date with or without a time, in UTC unless it has a zone.
fn moment(text: &str) -> Option<OffsetDateTime> {
    let day = |date: Date| date.midnight().assume_utc();
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(text, &Iso8601::DATE).map(day))
        .ok()
        .or_else(|| american_date(text).map(day))
}

/// Reads `11/30/2026`: the service reads dates in the language of the user, whose default is American English.
fn american_date(text: &str) -> Option<Date> {
    let [month, day, year] = text.split('/').collect::<Vec<_>>().try_into().ok()?;
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::wiql_reader::Macros;
    use super::super::wiql_reader::read;
    use super::*;

    fn macros() -> Macros {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(10);
        Macros { project: Some("Fabrikam".to_owned()), me: "ann@x.example".to_owned(), now }
    }

    fn seen(field: &str) -> ComparedValue {
        match field {
            "System.Title" => ComparedValue::Text("It's broken".to_owned()),
            "System.TeamProject" => ComparedValue::Text("Fabrikam".to_owned()),
            "System.AreaPath" => ComparedValue::Text("Fabrikam\\Web".to_owned()),
            "System.AssignedTo" => ComparedValue::Person(vec!["Ann".to_owned(), "ann@x.example".to_owned()]),
            "System.CreatedDate" => {
                ComparedValue::Moment(OffsetDateTime::UNIX_EPOCH + time::Duration::hours(30))
            }
            "Priority" => ComparedValue::Number(2.0),
            _ => ComparedValue::Nothing,
        }
    }

    #[test]
    fn conditions_are_evaluated() {
        let rows = [
            ("[System.Title] = 'it''s BROKEN'", true),
            ("[System.Title] <> 'it''s broken'", false),
            ("[System.Title] contains 'broke'", true),
            ("[System.Title] not contains 'broke'", false),
            ("[System.TeamProject] = @project and [System.AssignedTo] = @me", true),
            ("[System.AreaPath] under 'Fabrikam'", true),
            ("[System.AreaPath] under 'Fabri'", false),
            ("[Priority] in (1, 2)", true),
            ("[Priority] not in (1, 2)", false),
            ("[Priority] >= 2 and not [Priority] > 2", true),
            ("[System.CreatedDate] < @today - 5", true),
            ("[System.CreatedDate] = '1970-01-02'", true),
            ("[System.CreatedDate] = '1/2/1970'", true),
            ("[System.CreatedDate] > '13/1/1969'", false),
            ("[Priority] = 1 or ([Priority] = 2 and [System.Title] = 'x')", false),
            ("[System.Tags] = ''", true),
        ];
        for (condition, expected) in rows {
            let text = format!(
                "SELECT [System.Id], [System.Title] FROM workitems WHERE {condition} ORDER BY [Priority] DESC"
            );
            let query = read(&text, &macros()).unwrap_or_else(|why| panic!("{condition}: {why}"));
            assert_eq!(query.takes(false, &seen), expected, "{condition}");
        }
    }

    #[test]
    fn an_invalid_query_is_refused() {
        for text in [
            "",
            "SELECT",
            "SELECT [a] FROM links",
            "SELECT [a] FROM workitems WHERE [b]",
            "SELECT [a] FROM workitems WHERE [b] = 'x",
            "SELECT [a] FROM workitems x",
            "SELECT [a] FROM workitems WHERE [b] = @nobody",
            "SELECT [a FROM workitems",
        ] {
            assert!(read(text, &macros()).is_err(), "{text}");
        }
    }
}
