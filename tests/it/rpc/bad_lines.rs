//! Invalid lines and messages: each is answered as the page describes, and the next one works.

use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;
use crate::rpc::process::code;

const PARSE: i64 = -32700;
const INVALID: i64 = -32600;

/// A valid request
fn good(serve: &mut Serve) {
    let answer = serve.execute("root", "checkSession", json!({}));
    assert_eq!(answer["result"]["outputs"]["open"], false, "{answer}");
}

fn nested(depth: usize) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn each_bad_line_is_rejected_once_and_the_next_line_works() {
    let million = |item: &str| format!("[{}{item}]", format!("{item},").repeat(999_999));
    let rows: Vec<(&str, Vec<u8>, i64, Value)> = vec![
        ("not JSON", b"hello".to_vec(), PARSE, Value::Null),
        ("half a message", br#"{"jsonrpc":"2.0","id":1,"met"#.to_vec(), PARSE, Value::Null),
        (
            "two messages on a line",
            br#"{"jsonrpc":"2.0","id":1,"method":"x"}{}"#.to_vec(),
            PARSE,
            Value::Null,
        ),
        ("NUL", b"\0".to_vec(), PARSE, Value::Null),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec(), PARSE, Value::Null),
        ("not UTF-8", b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec(), PARSE, Value::Null),
        ("half a surrogate", br#"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#.to_vec(), PARSE, Value::Null),
        ("not finite", br#"{"jsonrpc":"2.0","id":1e999,"method":"x"}"#.to_vec(), PARSE, Value::Null),
        ("too deep", nested(64).into_bytes(), PARSE, Value::Null),
        ("far too deep", nested(1_000_000).into_bytes(), PARSE, Value::Null),
        ("a key twice", br#"{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}"#.to_vec(), PARSE, Value::Null),
        (
            "a key twice, inside",
            br#"{"jsonrpc":"2.0","id":1,"method":"x","params":{"pat":"a","pat":"b"}}"#.to_vec(),
            PARSE,
            Value::Null,
        ),
        ("a batch", br#"[{"jsonrpc":"2.0","id":1,"method":"x"},{}]"#.to_vec(), INVALID, Value::Null),
        ("an empty batch", b"[]".to_vec(), INVALID, Value::Null),
        ("a large batch", million("{}").into_bytes(), INVALID, Value::Null),
        ("a large list", million("0").into_bytes(), INVALID, Value::Null),
        ("a text", b"\"hello\"".to_vec(), INVALID, Value::Null),
        ("null", b"null".to_vec(), INVALID, Value::Null),
        ("an empty object", b"{}".to_vec(), INVALID, Value::Null),
        ("no version", br#"{"id":1,"method":"shutdown"}"#.to_vec(), INVALID, json!(1)),
        ("version 1.0", br#"{"jsonrpc":"1.0","id":1,"method":"shutdown"}"#.to_vec(), INVALID, json!(1)),
        ("a number as version", br#"{"jsonrpc":2.0,"id":1,"method":"shutdown"}"#.to_vec(), INVALID, json!(1)),
        ("no method", br#"{"jsonrpc":"2.0","id":1}"#.to_vec(), INVALID, json!(1)),
        ("a number as method", br#"{"jsonrpc":"2.0","id":"a","method":1}"#.to_vec(), INVALID, json!("a")),
        ("id null", br#"{"jsonrpc":"2.0","id":null,"method":"shutdown"}"#.to_vec(), INVALID, Value::Null),
        ("id 1.5", br#"{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}"#.to_vec(), INVALID, Value::Null),
        ("id 1.0", br#"{"jsonrpc":"2.0","id":1.0,"method":"shutdown"}"#.to_vec(), INVALID, Value::Null),
        ("id true", br#"{"jsonrpc":"2.0","id":true,"method":"shutdown"}"#.to_vec(), INVALID, Value::Null),
        ("id in a list", br#"{"jsonrpc":"2.0","id":[1],"method":"shutdown"}"#.to_vec(), INVALID, Value::Null),
        (
            "an id of a megabyte",
            json!({ "jsonrpc": "2.0", "id": "x".repeat(1 << 20), "method": "shutdown" })
                .to_string()
                .into_bytes(),
            INVALID,
            Value::Null,
        ),
        (
            "an id of 129 characters",
            json!({ "jsonrpc": "2.0", "id": "ä".repeat(129), "method": "shutdown" }).to_string().into_bytes(),
            INVALID,
            Value::Null,
        ),
        ("an unknown method", r#"{"jsonrpc":"2.0","id":"ä","method":"no/such"}"#.into(), -32601, json!("ä")),
    ];
    let mut serve = Serve::start(&[]);
    serve.begin("root", None);
    for (what, line, number, id) in rows {
        serve.write(&line);
        serve.write(b"\n");
        let answer = serve.next();
        assert_eq!((code(&answer), &answer["id"]), ((number, String::new()), &id), "{what}: {answer}");
        good(&mut serve);
    }
    let left = serve.finish();
    assert!(left.messages.is_empty() && left.status.success(), "{:?}", left.messages);
}

#[test]
fn both_line_endings_work_and_blank_lines_are_skipped() {
    let mut serve = Serve::start(&[]);
    serve.write(b"\n\r\n  \t \n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}\r\n");
    serve.write(b" {\"jsonrpc\":\"2.0\", \"id\":-9007199254740993,\"method\":\"a\",\"more\":{}} \n\n");
    assert_eq!(serve.next()["id"], 1);
    assert_eq!(serve.next()["id"], -9_007_199_254_740_993_i64);
    let longest = "ä".repeat(128);
    serve.request(longest.as_str(), "a", json!([1]));
    assert_eq!(serve.refusal(longest), (-32601, String::new()));
    serve.request(9, "acton/execute", json!({}));
    let refused = serve.next();
    let message = "Method not found: there is no method \"acton/execute\"; did you mean \"action/execute\"?";
    assert_eq!(refused["error"]["message"], message);
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn invalid_notifications_and_responses_are_ignored() {
    let mut serve = Serve::start(&[]);
    serve.begin("root", None);
    for line in [
        r#"{"jsonrpc":"2.0","method":"no/such"}"#,
        r#"{"jsonrpc":"2.0","method":"botRun/start","params":{"id":"not a request"}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancel"}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancel","params":[1]}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancel","params":{"id":null}}"#,
        r#"{"jsonrpc":"2.0","method":"$/cancel","params":{"id":"unknown"}}"#,
        r#"{"jsonrpc":"2.0","id":"c1","result":{"token":"unrequested"}}"#,
        r#"{"jsonrpc":"2.0","id":99,"result":null}"#,
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#,
    ] {
        serve.line(line);
        good(&mut serve);
    }
    let unstarted = serve.execute("not a request", "checkSession", json!({}));
    assert_eq!(code(&unstarted), (-32000, "bot_run.unknown".to_owned()));
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_line_of_a_hundred_megabytes_is_rejected_without_using_memory() {
    let mut serve = Serve::start(&[]);
    serve.begin("root", None);
    let before = peak_memory(&serve);
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        serve.write(&piece);
    }
    serve.write(b"\n");
    let answer = serve.next();
    assert_eq!((code(&answer), &answer["id"]), ((PARSE, String::new()), &Value::Null));
    good(&mut serve);
    let grown = peak_memory(&serve).saturating_sub(before);
    assert!(grown <= 16 << 10, "{grown} KiB");
}

#[test]
fn a_line_at_the_limit_is_accepted_and_a_longer_one_is_rejected() {
    let mut serve = Serve::start(&[]);
    let frame = json!({ "jsonrpc": "2.0", "id": 1, "method": "" }).to_string();
    let line =
        |length: usize| frame.replace("\"\"", &format!("\"{}\"", "m".repeat(length - frame.len()))) + "\n";
    serve.write(line(4 << 20).as_bytes());
    assert_eq!(serve.refusal(1), (-32601, String::new()));
    serve.write(line((4 << 20) + 1).as_bytes());
    assert_eq!(serve.refusal(Value::Null), (PARSE, String::new()));
}

/// Returns the peak memory of the process, in KiB; 0 outside Linux
fn peak_memory(serve: &Serve) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", serve.process_id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
