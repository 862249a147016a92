//! Tests of expressions, as tables of results and errors.

use super::*;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::read_json;
use crate::hosts::bot::values::VariableScope;

fn scope() -> VariableScope {
    let scope = VariableScope::new("release");
    for (name, json) in [
        ("name", r#""site""#),
        ("count", "3"),
        ("half", "0.5"),
        ("flag", "true"),
        ("nothing", "null"),
        ("digits", r#""12""#),
        ("run", r#"{"id":7,"result":"succeeded","a b":"c","tags":["x",{"deep":[1,2]}],"x":5}"#),
        ("list", r#"[10,20]"#),
        ("key", r#""result""#),
        ("row", "1"),
        ("padded", r#"" 42 ""#),
        ("table", r#"[{"id":"1","name":"site"},{"id":"2","name":"docs"}]"#),
    ] {
        scope.declare(name, read_json(json.as_bytes(), 1000).expect("the test's text is JSON"));
    }
    scope
}

#[test]
fn texts_with_references() {
    let rows = [
        ("", ""),
        ("plain", "plain"),
        ("$name$", "site"),
        ("https://dev.azure.com/$name$/x", "https://dev.azure.com/site/x"),
        ("$name$$name$", "sitesite"),
        ("5 $$ and $$name$$", "5 $ and $name$"),
        ("$$$name$$$", "$site$"),
        ("$count$ $half$ $flag$ $nothing$!", "3 0.5 true !"),
        ("$run{result}$", "succeeded"),
        ("$run{\"result\"}$", "succeeded"),
        ("$run{\"a b\"}$/$run{a b}$", "c/c"),
        ("$run{tags}[0]$ $run{tags}[1]{deep}[ 1 ]$", "x 2"),
        ("$list[1]$", "20"),
        ("#$run{id}.Number:toString$", "#7"),
        ("$count.Number:toString$", "3"),
        ("$System:AATaskName$", "release"),
        ("$System:Machine$ $System:USERNAME$", "******** ********"),
        ("a$String:Tab$b$String:Newline$", "a\tb\n"),
        ("$run{$key$}$ $run{\"$key$\"}$", "succeeded succeeded"),
        ("$run{$run{tags}[0]$$nothing$}$", "5"),
        ("$list[$row$]$ $list[ $row$ - 1 ]$ $list[$list.List:size$-1]$", "20 10 20"),
        ("$table[0][1]$ $table[$row$]{name}$", "site docs"),
        ("$table.DataTable:rowCount$x$table.datatable:columncount$", "2x2"),
        ("[$padded.String:trim$] $name.String:uppercase$ $name.String:length$", "[42] SITE 4"),
        ("$padded.String:trim.String:reverse$ $padded.String:toNumber.Number:toString$", "24 42"),
        ("$run.Dictionary:size$ $flag.Boolean:toString$", "5 true"),
        ("Grüße an $name$ \u{1f680}", "Grüße an site \u{1f680}"),
    ];
    for (text, expected) in rows {
        let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            template.text(&scope()).unwrap_or_else(|error| panic!("{text}: {error}")),
            expected,
            "{text}"
        );
    }
}

#[test]
fn invalid_texts() {
    let rows = [
        ("5$", "no matching $"),
        ("$name", "no matching $"),
        ("${x}$", "no matching $"),
        ("$name{key$", "no matching }"),
        ("$name{\"key}$", "no matching }"),
        ("$name[0$", "no matching ]"),
        ("$name[x]$", "whole number"),
        ("$list[$row$*2]$", "with or without a number to add"),
        ("$list[$row$$", "no matching ]"),
        ("$name[-1]$", "whole number"),
        ("$name{a}b$", "no matching $"),
        ("$run{$name$$", "no matching }"),
        ("$name.String:tonumbr$", "no method \"String:tonumbr\"; did you mean \"String:toNumber\"?"),
        ("$name.String:trim[0]$", "only a method can follow"),
        ("$System:Dat$", "no system variable \"Dat\"; did you mean \"Date\"?"),
        ("$System:ClipboardText$", "would show the bot more of the machine"),
        ("$String:Bell$", "has no variable \"Bell\""),
        ("$Excel:row$", "no variable \"Excel:row\""),
    ];
    for (text, message) in rows {
        let error = Template::parse(text).expect_err(text);
        assert_eq!(error.code(), ErrorCode::BotExpression, "{text}");
        assert!(error.message().contains(message), "{text}: {error}");
    }
    let error = Template::parse("a$hidden, and more:$b").expect_err("no variable has such a name");
    assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
}

#[test]
fn texts_that_cannot_be_computed() {
    let rows = [
        ("$run$", "$run$ is a dictionary and cannot be written as a text"),
        ("$list$", "$list$ is a list and cannot be written as a text"),
        ("$run{reslt}$", "$run$ has no key \"reslt\"; did you mean \"result\"?"),
        ("$list[2]$", "$list$ has 2 items, none at index 2"),
        ("$name{key}$", "$name$ is a text and has no keys"),
        ("$name[0]$", "$name$ is a text and has no items"),
        ("$name.Number:toString$", "$name$ is a text, not a number, which Number:toString works on"),
        ("$name.String:toNumber$", "$name$ is a text that is not a number"),
        ("$list[$half$]$", "$list$: an index inside [ ] has to be a whole number, 0 or more"),
        ("$list[$row$-2]$", "$list$: an index inside [ ] has to be a whole number, 0 or more"),
        ("$list[$name$]$", "$name$ is a text, not a number"),
        ("$table[0][2]$", "$table$ has 2 fields, none at index 2"),
    ];
    for (text, message) in rows {
        let error = Template::parse(text).expect(text).text(&scope()).expect_err(text);
        assert_eq!((error.code(), error.message()), (ErrorCode::BotExpression, message));
    }
}

#[test]
fn variables_inside_brackets_are_nested_a_limited_number_of_levels() {
    let nested = |levels: usize| format!("{}$row{}$", "$list[".repeat(levels), "$]".repeat(levels));
    assert!(Template::parse(&nested(8)).is_ok());
    let error = Template::parse(&nested(9)).expect_err("it is too deep");
    assert!(error.message().contains("more than 8 levels"), "{error}");
    assert!(Template::parse(&nested(100_000)).is_err(), "the stack does not overflow");
}

#[test]
fn dates_of_the_system_are_dates_and_their_parts_are_numbers() {
    let template = Template::parse("$System:Date$").expect("it is a variable");
    let date = template.text(&scope()).expect("there is a clock");
    assert!(crate::hosts::bot::values::dates::parse(&date).is_ok(), "{date}");
    for part in ["Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond"] {
        let arithmetic = Arithmetic::parse(&format!("$System:{part}$ + 0")).expect(part);
        assert!(matches!(arithmetic.number(&scope()), Ok(Number::Integer(0..))), "{part}");
    }
}

#[test]
fn arithmetic() {
    let rows = [
        ("3", Number::Integer(3)),
        (" -3 ", Number::Integer(-3)),
        ("1+2*3", Number::Integer(7)),
        ("(1+2)*3", Number::Integer(9)),
        ("10-4-3", Number::Integer(3)),
        ("12/4/3", Number::Integer(1)),
        ("7/2", Number::Decimal(3.5)),
        ("-(2+3)*2", Number::Integer(-10)),
        ("2*-3", Number::Integer(-6)),
        ("+5", Number::Integer(5)),
        ("$count$+1", Number::Integer(4)),
        ("$count$ * $half$", Number::Decimal(1.5)),
        ("$digits$ - $list[1]$", Number::Integer(-8)),
        ("$run{id}$", Number::Integer(7)),
        ("9223372036854775807+1", Number::Decimal(9_223_372_036_854_775_808.0)),
        (".5+.5", Number::Decimal(1.0)),
    ];
    for (text, expected) in rows {
        let arithmetic = Arithmetic::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(arithmetic.number(&scope()).expect(text), expected, "{text}");
    }
}

#[test]
fn invalid_arithmetic() {
    for text in ["", "-", "1+", "1 2", "*3", "()", "(1", "1)", "1..2", "x", "1e3", "$count", "1,5", "2^3"] {
        let error = Arithmetic::parse(text).expect_err(text);
        assert_eq!(error.code(), ErrorCode::BotExpression, "{text}");
    }
}

#[test]
fn arithmetic_that_has_no_result() {
    for (text, message) in [
        ("1/0", "division by zero"),
        ("1/($count$-3)", "division by zero"),
        ("$name$+1", "$name$ is a text, not a number"),
        ("$flag$", "$flag$ is a boolean, not a number"),
        ("$nothing$+1", "$nothing$ is nothing, not a number"),
    ] {
        let error = Arithmetic::parse(text).expect(text).number(&scope()).expect_err(text);
        assert_eq!((error.code(), error.message()), (ErrorCode::BotExpression, message));
    }
    let huge = format!("{}1", "9999999999*".repeat(40));
    let error = Arithmetic::parse(&huge).expect("it reads").number(&scope()).expect_err("it overflows");
    assert_eq!(error.message(), "the result is too large");
}

#[test]
fn an_expression_of_any_length_uses_no_stack() {
    let chain = format!("{}1", "1+".repeat(200_000));
    let sum = Arithmetic::parse(&chain).expect("it reads").number(&scope()).expect("it adds up");
    assert_eq!(sum, Number::Integer(200_001));
    let nested = format!("{}1{}", "(".repeat(200_000), ")".repeat(200_000));
    assert_eq!(
        Arithmetic::parse(&nested).expect("it reads").number(&scope()).expect("one"),
        Number::Integer(1)
    );
}
