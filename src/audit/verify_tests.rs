//! Verification finds every edit.

use super::*;
use crate::audit::chain::ChainEnd;

/// Returns the lines of a chain, with two of each call
fn lines(number: usize) -> Vec<String> {
    let mut end = ChainEnd::new().unwrap();
    (0..number)
        .map(|at| {
            let phase = if at % 2 == 0 { "started" } else { "finished" };
            let record = format!(
                r#"{{"version":1,"time":"2026-11-29T12:00:{at:02}Z","phase":"{phase}","call":"{}","action":"deleteRepository"}}"#,
                at / 2
            );
            let (line, next) = end.line(&record, None);
            end = next;
            line
        })
        .collect()
}

fn of(lines: &[String], last: Option<&str>) -> Verification {
    let input = VerifyInput { name: "a".to_owned(), content: std::io::Cursor::new(lines.concat()) };
    verify([input], last, false).unwrap()
}

fn hash_of(line: &str) -> String {
    chain::read(line.trim_end()).unwrap().hash
}

#[test]
fn a_whole_trail_has_no_faults() {
    let lines = lines(6);
    let result = of(&lines, Some(&hash_of(&lines[5])));
    assert_eq!((result.faults, result.notes, result.interrupted), (Vec::new(), Vec::new(), Vec::new()));
    assert_eq!((result.lines, result.chains, result.last), (6, 1, Some(hash_of(&lines[5]))));
}

#[test]
fn each_of_ten_edits_is_found() {
    type Edit = fn(&mut Vec<String>);
    let edits: [(&str, Edit, &str); 10] = [
        ("a name is changed", |l| l[2] = l[2].replace("delete", "create"), "line 3: the line was changed"),
        (
            "the last line is changed",
            |l| l[5] = l[5].replace("delete", "create"),
            "line 6: the line was changed",
        ),
        ("the first line is removed", |l| drop(l.remove(0)), "line 1: a line before it is missing"),
        ("two lines are removed", |l| drop(l.drain(2..4)), "line 3: 2 lines before it are missing"),
        ("two lines change places", |l| l.swap(2, 3), "line 3: a line before it is missing"),
        ("a line is repeated", |l| l.insert(3, l[2].clone()), "line 4: the line is repeated or out of order"),
        (
            "a line is added",
            |l| l.insert(3, "{}\n".to_owned()),
            "line 4: this is not a line of an audit trail",
        ),
        ("a line is cut", |l| l[2].replace_range(20.., "\n"), "line 3: this is not a line of an audit trail"),
        (
            "a hash is changed",
            |l| {
                let hash = hash_of(&l[1]);
                let other = format!("{}{}", if hash.starts_with('0') { "1" } else { "0" }, &hash[1..]);
                l[1] = l[1].replace(&hash, &other);
            },
            "line 2: the line was changed",
        ),
        (
            "a line is replaced by one of another chain",
            |l| l[2] = lines(3)[2].clone(),
            "line 3: 2 lines before it are missing",
        ),
    ];
    for (name, edit, words) in edits {
        let mut lines = lines(6);
        edit(&mut lines);
        let result = of(&lines, None);
        assert!(
            result.faults.iter().any(|fault| fault == &format!("a {words}")),
            "{name}: {:?}",
            result.faults
        );
    }
}

#[test]
fn a_line_that_is_replaced_with_a_new_hash_breaks_the_next_link() {
    let mut changed = lines(4);
    let before = chain::read(changed[0].trim_end()).unwrap();
    let end = ChainEnd { chain: before.chain, seq: before.seq, hash: before.hash };
    changed[1] = end
        .line(r#"{"version":1,"time":"x","phase":"finished","call":"0","action":"getRepository"}"#, None)
        .0;
    assert_eq!(of(&changed, None).faults, ["a line 3: the line before it was replaced or removed"]);
}

#[test]
fn removing_the_end_is_found_with_a_hash_that_was_kept() {
    let lines = lines(6);
    let last = hash_of(&lines[5]);
    assert!(of(&lines[..4], None).faults.is_empty(), "a chain cannot show that its end is missing");
    let faults = of(&lines[..4], Some(&last)).faults;
    assert_eq!(faults, [format!("no line has the hash {last}: lines were removed or replaced")]);
}

#[test]
fn a_change_without_its_end_is_interrupted_and_no_fault() {
    let result = of(&lines(5), None);
    assert!(result.faults.is_empty());
    assert_eq!(result.interrupted, ["a line 5: deleteRepository, started at 2026-11-29T12:00:04Z"]);
}

#[test]
fn files_may_be_given_in_any_order() {
    let mut first = lines(3);
    let (third, end) = (first.pop().unwrap(), hash_of(&first[1]));
    let record = third.split(",\"chain\"").next().unwrap().to_owned() + "}";
    let (continued, next) = ChainEnd::new().unwrap().line(&record, Some(&end));
    let finished = record.replace("started", "finished").replace(":02Z", ":03Z");
    let second = [continued, next.line(&finished, None).0];
    let inputs = || {
        let input = |name: &str, lines: &[String]| VerifyInput {
            name: name.to_owned(),
            content: std::io::Cursor::new(lines.concat()),
        };
        [input("old", &first), input("new", &second)]
    };
    let mut turned = inputs();
    turned.reverse();
    for given in [inputs(), turned] {
        let result = verify(given, None, false).unwrap();
        assert_eq!((result.faults, result.notes, result.interrupted), (Vec::new(), Vec::new(), Vec::new()));
        assert_eq!((result.chains, result.last), (2, Some(hash_of(&second[1]))));
    }
    let [_, alone] = inputs();
    assert_eq!(
        verify([alone], None, false).unwrap().notes,
        ["new line 1: it continues a file that is not given"]
    );
}

/// Returns a file of one line at this time, which continues the line with this hash
fn file_at(time: &str, continues: Option<&str>) -> String {
    let record = format!(
        r#"{{"version":1,"time":"{time}","phase":"finished","call":"{time}","action":"createRepository"}}"#
    );
    ChainEnd::new().unwrap().line(&record, continues).0
}

// The times are those of a clock that was set back by a day after the second file, and to the year 1970 after the third.
#[test]
fn the_order_of_files_does_not_depend_on_the_clock() {
    let first = file_at("2026-11-25T12:00:00Z", None);
    let second = file_at("2026-11-26T12:00:00Z", Some(&hash_of(&first)));
    let third = file_at("2026-11-25T11:00:00Z", Some(&hash_of(&second)));
    let fourth = file_at("1970-01-01T00:00:00Z", Some(&hash_of(&third)));
    let verified = |files: &[(&str, &String)]| {
        let input = |(name, content): &(&str, &String)| VerifyInput {
            name: (*name).to_owned(),
            content: std::io::Cursor::new((*content).clone()),
        };
        verify(files.iter().map(input), None, false).unwrap()
    };
    let all = verified(&[("1", &first), ("2", &second), ("3", &third), ("4", &fourth)]);
    assert_eq!((all.faults, all.notes, all.last), (Vec::new(), Vec::new(), Some(hash_of(&fourth))));
    let later = verified(&[("4", &fourth), ("3", &third), ("2", &second)]);
    assert_eq!((later.faults.len(), later.notes.len()), (0, 1), "the oldest one was removed");
    assert_eq!(later.notes, ["2 line 1: it continues a file that is not given"]);
    let gap = verified(&[("1", &first), ("3", &third), ("4", &fourth)]);
    assert_eq!(gap.faults.len(), 1, "{:?}", gap.faults);
    assert!(
        gap.faults[0].starts_with("3 line 1: it continues a line that is in no file"),
        "{:?}",
        gap.faults
    );
}

#[test]
fn an_export_may_begin_within_a_chain() {
    let lines = lines(6);
    let input = || VerifyInput { name: "a".to_owned(), content: std::io::Cursor::new(lines[2..].concat()) };
    assert_eq!(verify([input()], None, false).unwrap().faults, ["a line 1: 2 lines before it are missing"]);
    assert!(verify([input()], None, true).unwrap().faults.is_empty());
}
