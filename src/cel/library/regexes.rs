//! Patterns by RE2's rules: `matches`, and Kubernetes' `find` and `findAll`.

use regex::{Regex, RegexBuilder};

use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Failure, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("matches", "matches", "(string, string) -> bool", apply_matches),
    row("matches_string", "matches", "string.(string) -> bool", apply_matches),
    row("string_find_string", "find", "string.(string) -> string", apply_find),
    row("string_find_all_string", "findAll", "string.(string) -> list(string)", apply_find_all),
    row("string_find_all_string_int", "findAll", "string.(string, int) -> list(string)", apply_find_all),
];

/// The compiled size beyond which a pattern is refused.
const PATTERN_SIZE_LIMIT: usize = 1 << 20;
/// More repetitions of a part are refused, as Go refuses them.
const REPEAT_LIMIT: u32 = 1000;

/// A pattern, compiled. Classes like `\d` and word boundaries are of ASCII, as RE2 has them.
pub(crate) fn regex(pattern: &str) -> Result<Regex, Failure> {
    let translated = translate(pattern);
    if repeats_too_often(pattern) {
        return error(format!("error parsing regexp: invalid repeat count: `{pattern}`"));
    }
    RegexBuilder::new(&translated)
        .size_limit(PATTERN_SIZE_LIMIT)
        .build()
        .or_else(|_| error(format!("error parsing regexp: invalid pattern: `{pattern}`")))
}

/// A pattern of our own.
pub(crate) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("our own patterns are valid: a test uses each")
}

/// Whether a part is to be repeated more often than Go allows.
fn repeats_too_often(pattern: &str) -> bool {
    pattern.split('{').skip(1).any(|part| {
        let counts = part.split('}').next().unwrap_or("");
        counts
            .split(',')
            .any(|count| count.bytes().all(|digit| digit.is_ascii_digit()) && count.parse::<u32>().is_ok_and(|count| count > REPEAT_LIMIT))
    })
}

/// The same pattern in the words of the library at hand, where they differ from RE2's.
fn translate(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('Q') => {
                    let quoted: String = characters.by_ref().collect();
                    let (literal, rest) = quoted.split_once("\\E").unwrap_or((&quoted, ""));
                    translated.push_str(&regex::escape(literal));
                    translated.push_str(&translate(rest));
                    return translated;
                }
                Some('d') => translated.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('D') => translated.push_str("[^0-9]"),
                Some('w') => translated.push_str(if in_class { "0-9A-Za-z_" } else { "[0-9A-Za-z_]" }),
                Some('W') => translated.push_str("[^0-9A-Za-z_]"),
                Some('s') => translated.push_str(if in_class { "\\t\\n\\f\\r " } else { "[\\t\\n\\f\\r ]" }),
                Some('S') => translated.push_str("[^\\t\\n\\f\\r ]"),
                Some('b') => translated.push_str("(?-u:\\b)"),
                Some('C') => translated.push_str("(?s:.)"),
                Some(other) => translated.extend(['\\', other]),
                None => translated.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                translated.push('[');
                if characters.peek() == Some(&'^') {
                    translated.extend(characters.next());
                }
                if characters.peek() == Some(&']') {
                    characters.next();
                    translated.push_str("\\]");
                }
            }
            '[' if characters.peek() == Some(&':') => translated.push('['),
            '[' => translated.push_str("\\["),
            ']' if in_class => {
                let named = translated.ends_with(':');
                in_class = named && translated.rfind("[:").is_some_and(|start| !translated[start..].contains(']'));
                translated.push(']');
            }
            // Operations on classes are not RE2's: there these are characters.
            '&' | '~' if in_class => translated.extend(['\\', character]),
            '-' if in_class && translated.ends_with('-') => translated.push_str("\\-"),
            _ => translated.push(character),
        }
    }
    translated
}

/// A call whose pattern is a constant.
pub(crate) fn with_regex<'a>(function: &'static str, regex: &Regex, args: &[Value<'a>]) -> Outcome<'a> {
    match (function, args) {
        ("matches", [Value::String(text), _]) => Ok(Value::Bool(regex.is_match(text))),
        ("find", [Value::String(text), _]) => Ok(Value::text(regex.find(text).map_or("", |found| found.as_str()))),
        ("findAll", [Value::String(text), _]) => Ok(find_all(regex, text, -1)),
        ("findAll", [Value::String(text), _, Value::Int(limit)]) => Ok(find_all(regex, text, *limit)),
        _ => super::no_overload(function, args),
    }
}

fn find_all<'a>(regex: &Regex, text: &str, limit: i64) -> Value<'a> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Value::list(regex.find_iter(text).take(limit).map(|found| Value::text(found.as_str())).collect())
}

fn compiled<'a>(context: &Context<'a, '_>, function: &'static str, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(pattern) = args.get(1).and_then(Value::as_str) else { return no_such_overload() };
    context.with_pattern(pattern, |regex| with_regex(function, regex, args))?
}

fn apply_matches<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    compiled(context, "matches", args)
}

fn illegal(failure: Failure) -> Failure {
    match failure {
        Failure::Error(message) => Failure::Error(format!("Illegal regex: {message}").into()),
        Failure::CostLimit => Failure::CostLimit,
    }
}

fn apply_find<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    compiled(context, "find", args).map_err(illegal)
}

fn apply_find_all<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    compiled(context, "findAll", args).map_err(illegal)
}
