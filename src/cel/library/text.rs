//! Functions of texts: CEL's own, and those of its strings library as Kubernetes has it.

use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Failure, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("contains_string", "contains", "string.(string) -> bool", contains),
    row("ends_with_string", "endsWith", "string.(string) -> bool", ends_with),
    row("starts_with_string", "startsWith", "string.(string) -> bool", starts_with),
    row("string_char_at_int", "charAt", "string.(int) -> string", char_at),
    row("string_index_of_string", "indexOf", "string.(string) -> int", index_of),
    row("string_index_of_string_int", "indexOf", "string.(string, int) -> int", index_of),
    row("string_last_index_of_string", "lastIndexOf", "string.(string) -> int", last_index_of),
    row("string_last_index_of_string_int", "lastIndexOf", "string.(string, int) -> int", last_index_of),
    row("string_lower_ascii", "lowerAscii", "string.() -> string", lower_ascii),
    row("string_upper_ascii", "upperAscii", "string.() -> string", upper_ascii),
    row("string_replace_string_string", "replace", "string.(string, string) -> string", replace),
    row("string_replace_string_string_int", "replace", "string.(string, string, int) -> string", replace),
    row("string_split_string", "split", "string.(string) -> list(string)", split),
    row("string_split_string_int", "split", "string.(string, int) -> list(string)", split),
    row("string_substring_int", "substring", "string.(int) -> string", substring),
    row("string_substring_int_int", "substring", "string.(int, int) -> string", substring),
    row("string_trim", "trim", "string.() -> string", trim),
    row("strings_quote", "strings.quote", "(string) -> string", quote),
    row("list_join", "join", "list(string).() -> string", join),
    row("list_join_string", "join", "list(string).(string) -> string", join),
];

fn two<'a>(args: &[Value<'a>], act: impl FnOnce(&str, &str) -> bool) -> Outcome<'a> {
    match args {
        [Value::String(text), Value::String(other)] => Ok(Value::Bool(act(text, other))),
        _ => no_such_overload(),
    }
}

fn contains<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    two(args, |text, part| text.contains(part))
}

fn ends_with<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    two(args, |text, part| text.ends_with(part))
}

fn starts_with<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    two(args, |text, part| text.starts_with(part))
}

fn out_of_range<T>(index: i64) -> Result<T, Failure> {
    error(format!("index out of range: {index}"))
}

fn place(index: i64, limit: usize) -> Result<usize, Failure> {
    match usize::try_from(index) {
        Ok(place) if place <= limit => Ok(place),
        _ => out_of_range(index),
    }
}

fn number<'a>(number: usize) -> Value<'a> {
    super::int(number)
}

fn char_at<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::Int(index)] = args else { return no_such_overload() };
    let place = place(*index, text.chars().count())?;
    Ok(Value::text(text.chars().nth(place).map(String::from).unwrap_or_default()))
}

/// The text, what is searched in it, and from where.
type Search<'v> = (&'v str, &'v str, Option<i64>);

fn search<'v>(args: &'v [Value<'_>]) -> Result<Search<'v>, Failure> {
    match args {
        [Value::String(text), Value::String(part)] => Ok((text, part, None)),
        [Value::String(text), Value::String(part), Value::Int(from)] if *from < 0 => out_of_range(*from).map(|()| (&**text, &**part, None)),
        [Value::String(text), Value::String(part), Value::Int(from)] => Ok((text, part, Some(*from))),
        _ => no_such_overload(),
    }
}

fn index_of<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, from) = search(args)?;
    let from = usize::try_from(from.unwrap_or(0)).unwrap_or(usize::MAX);
    let length = text.chars().count();
    if part.is_empty() {
        return Ok(number(from.min(length)));
    }
    let Some((start, _)) = text.char_indices().nth(from) else { return Ok(Value::Int(-1)) };
    Ok(text[start..].find(part).map_or(Value::Int(-1), |at| number(from + text[start..start + at].chars().count())))
}

fn last_index_of<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, from) = search(args)?;
    let length = text.chars().count();
    let from = from.map(|from| usize::try_from(from).unwrap_or(usize::MAX));
    if part.is_empty() {
        return Ok(number(from.map_or(length, |from| from.min(length))));
    }
    if from.is_some_and(|from| from >= length) {
        return Ok(Value::Int(-1));
    }
    let end = from.and_then(|from| text.char_indices().nth(from)).map_or(text.len(), |(at, _)| (at + part.len()).min(text.len()));
    let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    Ok(text[..end].rfind(part).map_or(Value::Int(-1), |at| number(text[..at].chars().count())))
}

fn lower_ascii<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => Ok(Value::text(text.to_ascii_lowercase())),
        _ => no_such_overload(),
    }
}

fn upper_ascii<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => Ok(Value::text(text.to_ascii_uppercase())),
        _ => no_such_overload(),
    }
}

fn replace<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text), Value::String(old), Value::String(new)] => Ok(Value::text(text.replace(&**old, new))),
        [Value::String(text), Value::String(old), Value::String(new), Value::Int(count)] => {
            Ok(Value::text(match usize::try_from(*count) {
                Ok(count) => text.replacen(&**old, new, count),
                Err(_) => text.replace(&**old, new),
            }))
        }
        _ => no_such_overload(),
    }
}

fn split<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, separator, limit) = match args {
        [Value::String(text), Value::String(separator)] => (text, separator, -1),
        [Value::String(text), Value::String(separator), Value::Int(limit)] => (text, separator, *limit),
        _ => return no_such_overload(),
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Value::list(Vec::new()));
    }
    let parts: Vec<Value<'a>> =
        if separator.is_empty() { characters(text, limit) } else { text.splitn(limit, &**separator).map(Value::text).collect() };
    Ok(Value::list(parts))
}

/// Each character, the last of so many parts with all that is left.
fn characters<'a>(text: &str, limit: usize) -> Vec<Value<'a>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if parts.len() + 1 == limit {
            parts.push(Value::text(rest));
            break;
        }
        let (first, behind) = rest.split_at(character.len_utf8());
        parts.push(Value::text(first));
        rest = behind;
    }
    parts
}

fn substring<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, start, end) = match args {
        [Value::String(text), Value::Int(start)] => (text, *start, None),
        [Value::String(text), Value::Int(start), Value::Int(end)] => (text, *start, Some(*end)),
        _ => return no_such_overload(),
    };
    if let Some(end) = end.filter(|end| start > *end) {
        return error(format!("invalid substring range. start: {start}, end: {end}"));
    }
    let length = text.chars().count();
    let from = place(start, length)?;
    let to = end.map_or(Ok(length), |end| place(end, length))?;
    Ok(Value::text(text.chars().skip(from).take(to - from).collect::<String>()))
}

fn trim<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => Ok(Value::text(text.trim())),
        _ => no_such_overload(),
    }
}

fn quote<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_such_overload() };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    Ok(Value::text(quoted))
}

fn join<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (list, separator) = match args {
        [Value::List(list)] => (list, ""),
        [Value::List(list), Value::String(separator)] => (list, &**separator),
        _ => return no_such_overload(),
    };
    let mut joined = String::new();
    for (index, element) in list.iter().enumerate() {
        let element = element?;
        if index > 0 {
            joined.push_str(separator);
        }
        match element.as_str() {
            Some(text) => joined.push_str(text),
            None => return error(format!("join: invalid input: {}", crate::data::display(&element))),
        }
    }
    Ok(Value::text(joined))
}
