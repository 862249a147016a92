//! Nodes that work on lists, dictionaries, tables and records.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::computed_nodes::result;
use crate::bot::documents::Folder;
use crate::bot::documents::assign;
use crate::bot::documents::declare;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::pieces::looping;
use crate::bot::pieces::set;
use crate::bot::support::outcome;

#[tokio::test]
async fn lists() {
    let list = |items: &[&str]| json!({ "type": "LIST", "list": items.iter().map(|item| text(item)).collect::<Vec<_>>() });
    let start = || set("List", "assign", &[("sourceList", list(&["a", "b"]))], "list");
    let change = |command: &str, more: &[(&str, Json)]| {
        let mut fields = vec![("sourceList", variable("list"))];
        fields.extend(more.iter().cloned());
        json!([start(), node("List", command, &fields)])
    };
    let rows = [
        (change("addItem", &[("listItem", text("c")), ("itemPosition", text("END"))]), r#"["a","b","c"]"#),
        (change("addItem", &[("listItem", text("")), ("itemPosition", text("START"))]), r#"["","a","b"]"#),
        (
            change(
                "addItem",
                &[
                    ("listItem", text("c")),
                    ("itemPosition", text("AFTER_INDEX")),
                    ("positionNumber", number("0")),
                ],
            ),
            r#"["a","c","b"]"#,
        ),
        (change("listSet", &[("itemPositionNumber", number("1")), ("listItem", text("c"))]), r#"["a","c"]"#),
        (change("listRemove", &[("itemPositionNumber", number("0"))]), r#"["b"]"#),
        (change("clear", &[]), "[]"),
    ];
    for (nodes, expected) in rows {
        assert_eq!(result(nodes.clone(), "list").await, expected, "{nodes}");
    }
    let read = |command: &str, more: &[(&str, Json)], to: &str| {
        let mut fields = vec![("sourceList", variable("list"))];
        fields.extend(more.iter().cloned());
        json!([start(), set("List", command, &fields, to)])
    };
    assert_eq!(
        result(read("get", &[("itemPositionNumber", number("1"))], "string"), "string").await,
        "\"b\""
    );
    assert_eq!(result(read("listSize", &[], "number"), "number").await, "2");
    assert_eq!(result(read("joinList", &[("delimiter", text(", "))], "string"), "string").await, "\"a, b\"");
    for nodes in [
        read("get", &[("itemPositionNumber", number("2"))], "string"),
        change("listRemove", &[("itemPositionNumber", number("-1"))]),
    ] {
        let error = result(nodes, "string").await;
        assert!(error.contains("$list$ has 2 items, none at index"), "{error}");
    }
}

#[tokio::test]
async fn dictionaries() {
    let entries = json!({ "type": "DICTIONARY", "dictionary": [{ "key": "x", "value": text("1") }, { "key": "y", "value": text("2") }] });
    let start = || set("Dictionary", "assign", &[("sourceDictionary", entries.clone())], "dictionary");
    let source = || ("sourceMap", variable("dictionary"));
    let remove = json!([start(), set("Dictionary", "remove", &[source(), ("key", text("x"))], "string")]);
    assert_eq!(result(remove.clone(), "dictionary").await, r#"{"y":"2"}"#);
    assert_eq!(result(remove, "string").await, "\"1\"");
    assert_eq!(
        result(json!([start(), set("Dictionary", "size", &[source()], "number")]), "number").await,
        "2"
    );
    for (iterator, expected) in [("keys", "xy"), ("values", "12")] {
        let add = assign("$string$$any$", "string");
        let iterator = looping(
            &format!("dictionary.iterators.{iterator}"),
            ("dictionary", variable("dictionary")),
            "any",
            json!([add]),
        );
        assert_eq!(result(json!([start(), iterator]), "string").await, format!("\"{expected}\""));
    }
}

#[tokio::test]
async fn tables_and_records() {
    let row =
        |name: &str, runs: &str| json!({ "values": [text(name), { "type": "NUMBER", "number": runs }] });
    let literal = json!({ "type": "TABLE", "table": {
        "schema": [{ "name": "Name", "type": "STRING" }, { "name": "Runs", "type": "NUMBER" }],
        "rows": [row("site", "3"), row("docs", "0")] } });
    let start = || set("DataTable", "assign", &[("sourceTable", literal.clone())], "table");
    let table = || ("table", variable("table"));
    let position = |at: &str| ("rowPosition", number(at));
    let whole = r#"[{"Name":"site","Runs":3},{"Name":"docs","Runs":0}]"#;
    assert_eq!(result(json!([start()]), "table").await, whole);
    let set_cell = |fields: &[(&str, Json)]| json!([start(), node("DataTable", "setCellValue", fields)]);
    let by_name = [
        table(),
        position("1"),
        ("columnType", text("colName")),
        ("columnName", text("Name")),
        ("value", text("wiki")),
    ];
    assert_eq!(result(set_cell(&by_name), "table").await, whole.replace("docs", "wiki"));
    let by_index = [
        table(),
        position("0"),
        ("columnType", text("colIndex")),
        ("columnIndex", number("1")),
        ("value", number("4")),
    ];
    assert_eq!(result(set_cell(&by_index), "table").await, whole.replace('3', "4"));
    let outside = [
        table(),
        position("2"),
        ("columnType", text("colIndex")),
        ("columnIndex", number("0")),
        ("value", text("x")),
    ];
    assert!(result(set_cell(&outside), "table").await.contains("has no cell in this row and column"));
    let rows =
        |to: &str, children: Json| looping("iteratorTableRow", ("table", variable("table")), to, children);
    let insert = json!([
        start(),
        rows("record", json!([])),
        node(
            "DataTable",
            "insertRow",
            &[table(), ("positionSelection", text("firstPosition")), ("rowRecord", variable("record"))]
        ),
        assign("$table[0]{Name}$ $table[$table.DataTable:rowCount$-1][1]$ $record[0]$", "string"),
    ]);
    assert_eq!(result(insert, "string").await, "\"docs 0 docs\"");
    // Each field of a row in its own variable, and a part of the rows.
    let mut fields = rows("record", json!([assign("$string$$any$=$number.Number:toString$;", "string")]));
    fields["attributes"][1]["returnTo"] = json!({ "type": "DICTIONARY", "dictionary": [
        { "key": "Name", "value": variable("any") }, { "key": "Runs", "value": variable("number") }] });
    assert_eq!(result(json!([start(), fields]), "string").await, "\"site=3;docs=0;\"");
    let mut range = rows("record", json!([assign("$string$$record{Name}$", "string")]));
    range["attributes"][1]["attributes"]
        .as_array_mut()
        .expect("a list")
        .push(json!({ "name": "startRow", "value": number("1") }));
    assert_eq!(result(json!([start(), range]), "string").await, "\"docs\"");
    for (command, expected) in [("getNumberOfRows", "2"), ("getNumberOfColumns", "2")] {
        assert_eq!(
            result(json!([start(), set("DataTable", command, &[table()], "number")]), "number").await,
            expected
        );
    }
    let record = json!([{ "name": "record", "type": "RECORD", "output": true, "defaultValue": { "type": "RECORD",
        "record": { "schema": [{ "name": "a" }], "values": [text("1"), text("2")] } } }]);
    assert_eq!(outcome(&Folder::with(json!([]), record)).await, r#"{"record":{"a":"1","Column 2":"2"}}"#);
    let faults = Folder::with(
        json!([assign("$table$", "text"), assign("$table.String:trim$", "text")]),
        json!([declare("table", "TABLE", json!({})), declare("text", "STRING", json!({}))]),
    )
    .faults();
    assert_eq!(
        faults,
        "root.bot.json:1 bot.expression: \"sourceString\": expected a text, but \"table\" is a table variable\n\
         root.bot.json:2 bot.expression: \"sourceString\": $table$: String:trim works on a text, not on a table"
    );
}

#[tokio::test]
async fn tables_are_sorted_joined_and_freed_of_duplicates() {
    let table = |columns: &[&str], rows: Json| {
        json!({ "type": "TABLE", "table": {
            "schema": columns.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(), "rows": rows } })
    };
    let row = |cells: &[Json]| json!({ "values": cells });
    let numbered = |name: &str, runs: &str| row(&[text(name), json!({ "type": "NUMBER", "number": runs })]);
    let runs = table(
        &["Name", "Runs"],
        json!([numbered("site", "10"), numbered("docs", "9"), numbered("wiki", "9"), numbered("site", "10")]),
    );
    let start = || set("DataTable", "assign", &[("sourceTable", runs.clone())], "table");
    let sorted = |option: &str, column: (&str, Json), kind: &str| {
        let fields =
            [("table", variable("table")), ("sortOptions", text(option)), column, ("sortType", text(kind))];
        json!([start(), node("DataTable", "sort", &fields)])
    };
    let by_runs = sorted("NAME", ("columnName", text("Runs")), "ASCENDING");
    let by_runs = result(by_runs, "table").await;
    assert_eq!(
        by_runs,
        r#"[{"Name":"docs","Runs":9},{"Name":"wiki","Runs":9},{"Name":"site","Runs":10},{"Name":"site","Runs":10}]"#,
        "numbers by size, and equal rows in their order"
    );
    let by_name = sorted("INDEX", ("columnIndex", number("0")), "DESCENDING");
    assert!(result(by_name, "table").await.starts_with(r#"[{"Name":"wiki""#));
    let missing = sorted("NAME", ("columnName", text("Other")), "ASCENDING");
    assert!(result(missing, "table").await.contains("a row of $table$ has no such column"));

    let once = node("DataTable", "removeDuplicateRows", &[("table", variable("table"))]);
    let once = result(json!([start(), once]), "table").await;
    assert_eq!(once, r#"[{"Name":"site","Runs":10},{"Name":"docs","Runs":9},{"Name":"wiki","Runs":9}]"#);

    let owners = table(
        &["Name", "Owner"],
        json!([row(&[text("site"), text("Ann")]), row(&[text("shop"), text("Bo")])]),
    );
    let first = table(&["Name", "Runs"], json!([numbered("site", "3"), numbered("docs", "0")]));
    let joined = |kind: &str| {
        let fields = [
            ("firstTable", first.clone()),
            ("firstColumnName", text("Name")),
            ("secondTable", owners.clone()),
            ("secondColumnName", text("Name")),
            ("joinType", text(kind)),
        ];
        json!([set("DataTable", "join", &fields, "table")])
    };
    let site = r#"{"Name":"site","Runs":3,"Name (2)":"site","Owner":"Ann"}"#;
    let docs = r#"{"Name":"docs","Runs":0,"Name (2)":"","Owner":""}"#;
    let shop = r#"{"Name":"","Runs":"","Name (2)":"shop","Owner":"Bo"}"#;
    for (kind, rows) in [
        ("INNER_JOIN", vec![site]),
        ("LEFT_JOIN", vec![site, docs]),
        ("RIGHT_JOIN", vec![site, shop]),
        ("FULL_JOIN", vec![site, docs, shop]),
    ] {
        assert_eq!(result(joined(kind), "table").await, format!("[{}]", rows.join(",")), "{kind}");
    }
    let faults = Folder::with(
        json!([
            joined("CROSS_JOIN")[0],
            node("DataTable", "sort", &[("table", variable("table")), ("sortOptions", text("SIZE"))]),
            node("DataTable", "merge", &[]),
        ]),
        json!([declare("table", "TABLE", json!({}))]),
    )
    .faults();
    for expected in [
        "\"joinType\" is not one of INNER_JOIN, LEFT_JOIN, RIGHT_JOIN, FULL_JOIN",
        "\"sortOptions\" is not one of INDEX, NAME",
        "root.bot.json:3 bot.unsupported_node",
    ] {
        assert!(faults.contains(expected), "{faults}");
    }
}
