//! Queries for work items: a small part of WIQL, read and applied. No I/O, no HTTP.

use std::cmp::Ordering;

use time::Date;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::Rfc3339;

/// What stands for a word with `@`.
pub(crate) struct Macros {
    pub(crate) project: String,
    pub(crate) me: String,
    pub(crate) now: OffsetDateTime,
}

/// A value of a field, as comparisons see it.
pub(crate) enum Seen {
    Text(String),
    /// Whatever somebody is called.
    Person(Vec<String>),
    Moment(OffsetDateTime),
    Number(f64),
    Nothing,
}

/// A query that was read.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) columns: Vec<String>,
    condition: Option<Condition>,
    /// Fields, and whether the largest comes first.
    order: Vec<(String, bool)>,
}

#[derive(Debug)]
enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Test { field: String, comparison: Comparison, values: Vec<String> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Less,
    Greater,
    Contains,
    Under,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A field in brackets, or a word.
    Word(String),
    Text(String),
    Mark(&'static str),
}

const MARKS: [&str; 9] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// Reads a query; the error says what is not understood.
pub(crate) fn read(text: &str, macros: &Macros) -> Result<Query, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, macros };
    reader.expect("select")?;
    let mut columns = vec![reader.word()?];
    while reader.takes(",") {
        columns.push(reader.word()?);
    }
    reader.expect("from")?;
    reader.expect("workitems")?;
    let condition = if reader.takes("where") { Some(reader.any()?) } else { None };
    let mut order = Vec::new();
    if reader.takes("order") {
        reader.expect("by")?;
        loop {
            let field = reader.word()?;
            let descending = reader.takes("desc");
            let _ = !descending && reader.takes("asc");
            order.push((field, descending));
            if !reader.takes(",") {
                break;
            }
        }
    }
    match reader.tokens.get(reader.at) {
        None => Ok(Query { columns, condition, order }),
        Some(token) => Err(format!("the query goes on where it should end, at {token:?}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        } else if first == '[' {
            let (field, after) = rest[1..].split_once(']').ok_or("a [ is not closed")?;
            tokens.push(Token::Word(field.trim().to_owned()));
            rest = after;
        } else if first == '\'' || first == '"' {
            let mut value = String::new();
            let mut chars = rest[1..].char_indices().peekable();
            let end = loop {
                match chars.next().ok_or("a quoted text is not closed")? {
                    (_, c) if c == first && chars.peek().is_some_and(|(_, next)| *next == first) => {
                        value.push(c);
                        chars.next();
                    }
                    (at, c) if c == first => break at,
                    (_, c) => value.push(c),
                }
            };
            tokens.push(Token::Text(value));
            rest = &rest[end + 2..];
        } else {
            let end =
                rest.find(|c: char| c.is_whitespace() || "()<>=,['\"".contains(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    macros: &'a Macros,
}

impl Reader<'_> {
    fn takes(&mut self, wanted: &str) -> bool {
        let found = match self.tokens.get(self.at) {
            Some(Token::Word(word)) => word.eq_ignore_ascii_case(wanted),
            Some(Token::Mark(mark)) => *mark == wanted,
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.takes(wanted) { Ok(()) } else { Err(format!("{} is expected", wanted.to_uppercase())) }
    }

    fn word(&mut self) -> Result<String, String> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err("a field is expected".to_owned()),
        }
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.all()?];
        while self.takes("or") {
            all.push(self.all()?);
        }
        Ok(Condition::Or(all))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.one()?];
        while self.takes("and") {
            all.push(self.one()?);
        }
        Ok(Condition::And(all))
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.takes("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let field = self.word()?;
        let mut negated = self.takes("not");
        let mut values = Vec::new();
        let comparison = if self.takes("in") {
            self.expect("(")?;
            values.push(self.value()?);
            while self.takes(",") {
                values.push(self.value()?);
            }
            self.expect(")")?;
            Comparison::Equal
        } else {
            // The negation of each is what the language has beside it.
            let known = [
                ("=", Comparison::Equal, false),
                ("<>", Comparison::Equal, true),
                ("<=", Comparison::Greater, true),
                (">=", Comparison::Less, true),
                ("<", Comparison::Less, false),
                (">", Comparison::Greater, false),
                ("contains", Comparison::Contains, false),
                ("under", Comparison::Under, false),
            ];
            let found = known.into_iter().find(|(word, ..)| self.takes(word));
            let (word, comparison, opposite) = found.ok_or("a comparison is expected")?;
            let _ = word == "contains" && self.takes("words");
            negated ^= opposite;
            values.push(self.value()?);
            comparison
        };
        let test = Condition::Test { field, comparison, values };
        Ok(if negated { Condition::Not(Box::new(test)) } else { test })
    }

    fn value(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.at).cloned().ok_or("a value is expected")?;
        self.at += 1;
        let word = match token {
            Token::Text(text) => return Ok(text),
            Token::Word(word) => word,
            Token::Mark(_) => return Err("a value is expected".to_owned()),
        };
        match word.to_lowercase().as_str() {
            "@project" => Ok(self.macros.project.clone()),
            "@me" => Ok(self.macros.me.clone()),
            "@today" => {
                let mut day = self.macros.now.date();
                if self.takes("-") {
                    let days: i64 = self.word()?.parse().map_err(|_| "a number of days is expected")?;
                    day = day.saturating_sub(time::Duration::days(days));
                }
                Ok(day.to_string())
            }
            other if other.starts_with('@') => Err(format!("the macro {word} is not known")),
            _ => Ok(word),
        }
    }
}

impl Query {
    /// The fields that it speaks of.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        fields.extend(self.order.iter().map(|(field, _)| field.as_str()));
        let mut open: Vec<&Condition> = self.condition.iter().collect();
        while let Some(condition) = open.pop() {
            match condition {
                Condition::And(all) | Condition::Or(all) => open.extend(all),
                Condition::Not(inner) => open.push(inner),
                Condition::Test { field, .. } => fields.push(field),
            }
        }
        fields
    }

    /// Whether something is found whose fields have these values. Without `precise`, only days count.
    pub(crate) fn takes(&self, precise: bool, seen: &impl Fn(&str) -> Seen) -> bool {
        self.condition.as_ref().is_none_or(|condition| condition.holds(precise, seen))
    }

    /// Which of two comes first.
    pub(crate) fn order(&self, one: &impl Fn(&str) -> Seen, other: &impl Fn(&str) -> Seen) -> Ordering {
        let compared = self.order.iter().map(|(field, descending)| {
            let order = match (one(field), other(field)) {
                (Seen::Number(one), Seen::Number(other)) => one.total_cmp(&other),
                (Seen::Moment(one), Seen::Moment(other)) => one.cmp(&other),
                (one, other) => one.text().cmp(&other.text()),
            };
            if *descending { order.reverse() } else { order }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    }
}

impl Condition {
    fn holds(&self, precise: bool, seen: &impl Fn(&str) -> Seen) -> bool {
        match self {
            Condition::And(all) => all.iter().all(|one| one.holds(precise, seen)),
            Condition::Or(all) => all.iter().any(|one| one.holds(precise, seen)),
            Condition::Not(inner) => !inner.holds(precise, seen),
            Condition::Test { field, comparison, values } => {
                let there = seen(field);
                values.iter().any(|wanted| there.compares(*comparison, wanted, precise))
            }
        }
    }
}

impl Seen {
    fn text(&self) -> String {
        match self {
            Seen::Text(text) => text.to_lowercase(),
            Seen::Person(names) => names.first().map(|name| name.to_lowercase()).unwrap_or_default(),
            Seen::Moment(at) => at.to_string(),
            Seen::Number(number) => number.to_string(),
            Seen::Nothing => String::new(),
        }
    }

    fn compares(&self, comparison: Comparison, wanted: &str, precise: bool) -> bool {
        if let Seen::Person(names) = self
            && comparison == Comparison::Equal
        {
            return names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        }
        let (text, wanted_text) = (self.text(), wanted.to_lowercase());
        let order = match self {
            Seen::Number(number) => wanted.parse().ok().map(|wanted| number.total_cmp(&wanted)),
            Seen::Moment(at) => moment(wanted).map(|wanted| match precise {
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

fn moment(text: &str) -> Option<OffsetDateTime> {
    let day = || Some(Date::parse(text, &Iso8601::DATE).ok()?.midnight().assume_utc());
    OffsetDateTime::parse(text, &Rfc3339).ok().or_else(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn macros() -> Macros {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(10);
        Macros { project: "Fabrikam".to_owned(), me: "ann@x.example".to_owned(), now }
    }

    fn seen(field: &str) -> Seen {
        match field {
            "System.Title" => Seen::Text("It's broken".to_owned()),
            "System.TeamProject" => Seen::Text("Fabrikam".to_owned()),
            "System.AreaPath" => Seen::Text("Fabrikam\\Web".to_owned()),
            "System.AssignedTo" => Seen::Person(vec!["Ann".to_owned(), "ann@x.example".to_owned()]),
            "System.CreatedDate" => Seen::Moment(OffsetDateTime::UNIX_EPOCH + time::Duration::hours(30)),
            "Priority" => Seen::Number(2.0),
            _ => Seen::Nothing,
        }
    }

    #[test]
    fn conditions_hold_or_not() {
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
    fn what_is_no_query_is_refused() {
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
