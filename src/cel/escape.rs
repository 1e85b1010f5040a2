//! Names of properties as an expression can write them: `foo-bar` is `foo__dash__bar`, and a reserved word `in` is `__in__`.

use std::borrow::Cow;

use crate::parse::RESERVED;

/// Words of the language itself, which are no identifiers either.
const LITERALS: [&str; 4] = ["true", "false", "null", "in"];
const MARKS: [(&str, &str); 4] = [("__", "underscores"), (".", "dot"), ("-", "dash"), ("/", "slash")];

/// The name as an identifier, or nothing where it cannot be one.
pub fn escape(name: &str) -> Option<String> {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if is_reserved(name) {
        return Some(format!("__{name}__"));
    }
    let mut escaped = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        if let Some((mark, word)) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            escaped.push_str("__");
            escaped.push_str(word);
            escaped.push_str("__");
            rest = &rest[mark.len()..];
        } else if character.is_ascii_alphanumeric() || character == '_' {
            escaped.push(character);
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    Some(escaped)
}

/// Whether a name is a word of the language, so that an expression could not always name a field by it.
pub(crate) fn is_reserved(name: &str) -> bool {
    LITERALS.contains(&name) || RESERVED.contains(&name)
}

/// Whether an expression can name something by this.
pub fn is_identifier(name: &str) -> bool {
    let word = |character: char| character == '_' || character.is_ascii_alphanumeric();
    !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(word) && !is_reserved(name)
}

/// The name that an identifier stands for, or nothing where it is no escaped name.
pub fn unescape(escaped: &str) -> Option<Cow<'_, str>> {
    if !escaped.contains("__") {
        return Some(Cow::Borrowed(escaped));
    }
    let mut name = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(start) = rest.find("__") {
        let inside = &rest[start + 2..];
        let end = inside.find('_').unwrap_or(inside.len());
        if end == 0 || !inside[end..].starts_with("__") {
            // No word between two pairs of underscores: one character is passed over, as an expression for `__[^_]+__` would.
            name.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
            continue;
        }
        let word = &inside[..end];
        name.push_str(&rest[..start]);
        match MARKS.iter().find(|(_, known)| *known == word) {
            Some((mark, _)) => name.push_str(mark),
            None if is_reserved(word) && word.len() + 4 == escaped.len() => name.push_str(word),
            None => return None,
        }
        rest = &inside[end + 2..];
    }
    name.push_str(rest);
    Some(Cow::Owned(name))
}
