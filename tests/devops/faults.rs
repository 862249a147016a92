//! What a server or a network does in place of a response that can be read.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::Script;
use crate::server::Step;
use crate::server::json;
use crate::server::raw;
use crate::server::reply;

pub(crate) const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
pub(crate) const GZIP: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";

const BAD: &[&str] = &["service.bad_response"];
const LOST: &[&str] = &["network.failed"];
const LARGE: &[&str] = &["service.response_too_large"];

/// A fault, what the server does, and the codes of the error of a read
pub(crate) type Fault = (&'static str, Behavior, &'static [&'static str]);

/// What a server does for a request
pub(crate) type Behavior = fn() -> Script;

/// The faults after which there is an error at once
pub(crate) const FAULTS: &[Fault] = &[
    ("reset before the headers", || vec![Step::Reset], LOST),
    ("reset after the headers", || then(text(JSON, "content-length: 9\r\n\r\n"), Step::Reset), LOST),
    ("reset inside the body", || then(text(JSON, "content-length: 9\r\n\r\n[1,2"), Step::Reset), LOST),
    ("shorter than its length", || then(text(JSON, "content-length: 9\r\n\r\n[1,2]"), Step::Close), LOST),
    (
        "a chunk cut short",
        || then(text(JSON, "transfer-encoding: chunked\r\n\r\n9\r\n[1"), Step::Close),
        LOST,
    ),
    (
        "no last chunk",
        || then(text(JSON, "transfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n"), Step::Close),
        LOST,
    ),
    ("a chunk without a size", || text(JSON, "transfer-encoding: chunked\r\n\r\nzz\r\n[1]\r\n"), LOST),
    ("closed without a response", || vec![Step::Close], LOST),
    ("two lengths", || text(JSON, "content-length: 3\r\ncontent-length: 4\r\n\r\n[1]"), BAD),
    ("a length that is not a number", || text(JSON, "content-length: many\r\n\r\n[1]"), BAD),
    ("no HTTP", || raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), BAD),
    ("HTTP/0.9", || then(raw("[1]"), Step::Close), &["service.bad_response", "network.failed"]),
    ("another version", || raw("HTTP/3.0 200 OK\r\n\r\n"), BAD),
    ("a status of letters", || raw("HTTP/1.1 abc OK\r\n\r\n"), BAD),
    ("ten thousand headers", || text(JSON, &format!("{}\r\n", "x: y\r\n".repeat(10_000))), BAD),
    ("a header of 4 MB", || text(JSON, &format!("x: {}\r\n\r\n", "y".repeat(4 << 20))), BAD),
    ("a web page behind a success", || reply("200 OK", "content-type: text/html\r\n", "<html>"), BAD),
    ("gzip twice", || reply("200 OK", &GZIP.replace("gzip", "gzip, gzip"), gzip(&gzip(b"[1]"))), BAD),
    (
        "gzip on two lines",
        || reply("200 OK", &format!("{GZIP}content-encoding: gzip\r\n"), gzip(&gzip(b"[1]"))),
        BAD,
    ),
    ("br", || reply("200 OK", &GZIP.replace("gzip", "br"), "[1]"), BAD),
    ("an unknown encoding", || reply("200 OK", &GZIP.replace("gzip", "x-secret"), "[1]"), BAD),
    ("gzip that is none", || reply("200 OK", GZIP, "[1]"), BAD),
    (
        "gzip cut short",
        || reply("200 OK", GZIP, &gzip(&[b'1'; 4000])[..20]),
        &["service.bad_response", "network.failed"],
    ),
    ("gzip with a wrong checksum", || reply("200 OK", GZIP, wrong_checksum()), BAD),
    ("a gzip bomb", || reply("200 OK", GZIP, gzip(&vec![b' '; 8 << 20])), LARGE),
    ("announced too large", || text(JSON, "content-length: 104857600\r\n\r\n["), LARGE),
    ("endless chunks", endless_chunks, LARGE),
    (
        "endless and never closed",
        || vec![Step::Write(format!("{JSON}\r\n").into()), Step::Flood(vec![b' '; 4096])],
        LARGE,
    ),
    ("not UTF-8", || json("200 OK", b"[\"\xff\"]".as_slice()), BAD),
    ("UTF-16", || json("200 OK", b"\xff\xfe[\0]\0".as_slice()), BAD),
    ("something behind the value", || json("200 OK", "[1] [2]"), BAD),
    ("too deep", || json("200 OK", format!("{}{}", "[".repeat(200), "]".repeat(200))), BAD),
    ("a web page as a string", || json("200 OK", "<html></html>"), BAD),
];

/// The faults that last until a time limit
pub(crate) const SLOW: &[(&str, Behavior)] = &[
    ("silence", || vec![Step::Silence]),
    ("headers drip", || {
        vec![Step::Drip(format!("{JSON}{}", "x: y\r\n".repeat(999)).into(), Duration::from_millis(2))]
    }),
    ("the body drips", || {
        vec![
            Step::Write(format!("{JSON}content-length: 9000\r\n\r\n").into()),
            Step::Drip(vec![b' '; 9000], Duration::from_millis(2)),
        ]
    }),
    ("hints without end", || vec![Step::Flood(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())]),
];

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a write to memory succeeds");
    encoder.finish().expect("a write to memory succeeds")
}

pub(crate) fn text(head: &str, rest: &str) -> Script {
    raw(format!("{head}{rest}"))
}

pub(crate) fn then(mut script: Script, step: Step) -> Script {
    script.push(step);
    script
}

fn wrong_checksum() -> Vec<u8> {
    let mut bytes = gzip(b"[1]");
    let at = bytes.len() - 8;
    bytes[at] ^= 0xff;
    bytes
}

fn endless_chunks() -> Script {
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    vec![Step::Write(format!("{JSON}transfer-encoding: chunked\r\n\r\n").into()), Step::Flood(chunk.into())]
}
