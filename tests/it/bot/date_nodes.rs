//! Nodes that compute with dates.

use serde_json::json;

use crate::bot::computed_nodes::computes;
use crate::bot::documents::Folder;
use crate::bot::documents::computed;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;

#[tokio::test]
async fn dates() {
    let date = |text_: &str| json!({ "type": "DATETIME", "string": text_ });
    let noon = || date("2026-03-29T12:00:00Z");
    let add = |command: &'static str, unit: &str, count: &str| {
        (
            "Datetime",
            command,
            vec![("source", noon()), ("val", number(count)), ("unit", text(unit))],
            "datetime",
        )
    };
    let rows = [
        (add("add", "DAYS", "3"), "\"2026-04-01T12:00:00.000+00:00\""),
        (add("subtract", "MONTHS", "1"), "\"2026-02-28T12:00:00.000+00:00\""),
        (add("add", "HOURS", "-13"), "\"2026-03-28T23:00:00.000+00:00\""),
        (
            (
                "Datetime",
                "toString",
                vec![("source", noon()), ("selectPattern", text("CUSTOM")), ("patternInput", text("dd-MMM"))],
                "string",
            ),
            "\"29-Mar\"",
        ),
        (
            (
                "Datetime",
                "toString",
                vec![
                    ("source", noon()),
                    ("selectPattern", text("PREBUILT")),
                    ("preBuiltPattern", text("BASIC_ISO_DATE")),
                ],
                "string",
            ),
            "\"20260329\"",
        ),
        (
            (
                "Datetime",
                "assign",
                vec![
                    ("option", text("constant")),
                    ("source", text("2026-03-29T12:00:00+02:00")),
                    ("formatType", text("preBuilt")),
                    ("preBuiltFormat", text("ISO_OFFSET_DATE_TIME")),
                ],
                "datetime",
            ),
            "\"2026-03-29T12:00:00.000+02:00\"",
        ),
        (("Datetime", "get", vec![("source", noon()), ("getOptions", text("DAYOFYEAR"))], "number"), "88"),
        (("Datetime", "get", vec![("source", noon()), ("getOptions", text("DAYOFWEEK"))], "number"), "7"),
        (
            (
                "Datetime",
                "differenceBetweenDates",
                vec![("source", noon()), ("target", date("2026-04-01T11:00:00Z")), ("unit", text("DAYS"))],
                "number",
            ),
            "2",
        ),
        (
            (
                "Datetime",
                "isAfter",
                vec![("source", noon()), ("other", date("2026-03-29T11:59:00Z"))],
                "boolean",
            ),
            "true",
        ),
        (
            (
                "Datetime",
                "isBefore",
                vec![("source", noon()), ("other", date("2026-03-29T13:00:00+02:00"))],
                "boolean",
            ),
            "false",
        ),
    ];
    for ((package, command, fields, to), expected) in rows {
        let computed = computes(package, command, &fields, to).await;
        assert!(
            computed == expected || computed.replace("Z\"", "+00:00\"") == expected,
            "{command} {fields:?}: {computed}"
        );
    }
    for (fields, message) in [
        (
            vec![
                ("source", text("29.03.2026")),
                ("selectPattern", text("CUSTOM")),
                ("patternInput", text("yyyy")),
            ],
            "is not a date",
        ),
        (
            vec![
                ("source", noon()),
                ("selectPattern", text("CUSTOM")),
                ("patternInput", computed("$string$qq")),
            ],
            "the date pattern has \"qq\"",
        ),
    ] {
        let error = computes("Datetime", "toString", &fields, "string").await;
        assert!(error.contains(message), "{error}");
    }
    let faults = Folder::with(
        json!([node(
            "Datetime",
            "toString",
            &[("source", noon()), ("selectPattern", text("CUSTOM")), ("patternInput", text("jj"))]
        )]),
        json!([]),
    )
    .faults();
    assert!(
        faults.starts_with("root.bot.json:1 input.invalid: \"patternInput\": the date pattern has \"jj\""),
        "{faults}"
    );
}
