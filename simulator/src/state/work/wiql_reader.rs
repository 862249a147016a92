//! The parser of work item queries.

use time::OffsetDateTime;

use super::wiql::Comparison;
use super::wiql::Query;
use super::wiql::WiqlCondition;

/// The values of the macros, which start with `@`.
pub(crate) struct Macros {
    /// None for a query that is not in a project.
    pub(crate) project: Option<String>,
    pub(crate) me: String,
    pub(crate) now: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A field in brackets, or a word.
    Word(String),
    Text(String),
    Mark(&'static str),
}

const MARKS: [&str; 9] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// Parses a query.
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

    fn any(&mut self) -> Result<WiqlCondition, String> {
        let mut all = vec![self.all()?];
        while self.takes("or") {
            all.push(self.all()?);
        }
        Ok(WiqlCondition::Or(all))
    }

    fn all(&mut self) -> Result<WiqlCondition, String> {
        let mut all = vec![self.one()?];
        while self.takes("and") {
            all.push(self.one()?);
        }
        Ok(WiqlCondition::And(all))
    }

    fn one(&mut self) -> Result<WiqlCondition, String> {
        if self.takes("not") {
            return Ok(WiqlCondition::Not(Box::new(self.one()?)));
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
            // The language has a word for the negation of each.
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
        let test = WiqlCondition::Test { field, comparison, values };
        Ok(if negated { WiqlCondition::Not(Box::new(test)) } else { test })
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
            "@project" => {
                let project = self.macros.project.clone();
                project.ok_or_else(|| "the macro @project needs a project in the address".to_owned())
            }
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
