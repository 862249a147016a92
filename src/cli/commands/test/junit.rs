//! The outcomes in the JUnit format, which pipelines publish.

use std::fmt::Write as _;
use std::time::Duration;

use crate::cli::commands::test::outcome::TestOutcome;
use crate::contract::mask_tokens;

/// Returns the document: a suite for each test file
pub(super) fn document(outcomes: &[TestOutcome]) -> String {
    let mut document = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for suite in outcomes.chunk_by(|one, other| one.file == other.file) {
        let failures = suite.iter().filter(|outcome| !outcome.passed()).count();
        let time = suite.iter().map(|outcome| outcome.time).sum();
        let file = escaped(suite.first().map_or("", |outcome| &outcome.file));
        let _ = writeln!(
            document,
            "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" time=\"{}\">",
            suite.len(),
            seconds(time)
        );
        suite.iter().for_each(|outcome| test_case(&mut document, outcome, &file));
        document += "  </testsuite>\n";
    }
    document += "</testsuites>\n";
    document
}

fn test_case(document: &mut String, outcome: &TestOutcome, file: &str) {
    let (name, time) = (escaped(&outcome.name), seconds(outcome.time));
    let _ = write!(document, "    <testcase classname=\"{file}\" name=\"{name}\" time=\"{time}\"");
    let Some(first) = outcome.failures.first() else {
        *document += "/>\n";
        return;
    };
    let message = escaped(&mask_tokens(first.clone()));
    let all = escaped(&mask_tokens(outcome.failures.join("\n")));
    let _ = writeln!(document, ">\n      <failure message=\"{message}\">{all}</failure>\n    </testcase>");
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// Escapes a text for an attribute or an element; characters that XML does not have are `U+FFFD`
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\r' | '\t' => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_for_each_file_with_its_failures_escaped() {
        let outcome = |file: &str, failures: &[&str]| TestOutcome {
            file: file.to_owned(),
            name: "a <b> & \"c\"".to_owned(),
            failures: failures.iter().map(|text| (*text).to_owned()).collect(),
            time: Duration::from_millis(1500),
        };
        let document = document(&[
            outcome("a.test.toml", &[]),
            outcome("a.test.toml", &["x < y\u{1b}", "second"]),
            outcome("b/c.test.toml", &[]),
        ]);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites>
  <testsuite name=\"a.test.toml\" tests=\"2\" failures=\"1\" errors=\"0\" time=\"3.000\">
    <testcase classname=\"a.test.toml\" name=\"a &lt;b&gt; &amp; &quot;c&quot;\" time=\"1.500\"/>
    <testcase classname=\"a.test.toml\" name=\"a &lt;b&gt; &amp; &quot;c&quot;\" time=\"1.500\">
      <failure message=\"x &lt; y\u{fffd}\">x &lt; y\u{fffd}&#10;second</failure>
    </testcase>
  </testsuite>
  <testsuite name=\"b/c.test.toml\" tests=\"1\" failures=\"0\" errors=\"0\" time=\"1.500\">
    <testcase classname=\"b/c.test.toml\" name=\"a &lt;b&gt; &amp; &quot;c&quot;\" time=\"1.500\"/>
  </testsuite>
</testsuites>
";
        assert_eq!(document, expected);
    }
}
