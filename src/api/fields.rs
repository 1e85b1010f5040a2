//! Field selectors: `metadata.name=x,status.phase!=Running` (`k8s.io/apimachinery/pkg/fields`). Which fields a kind offers is that kind's affair;
//! [`Selector::unknown`] finds those it does not offer.

use std::fmt;

/// One condition on one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    pub field: String,
    pub value: String,
    /// `!=` instead of `=`.
    pub negated: bool,
}

/// Conditions that must all hold. The default selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector(pub Vec<Requirement>);

/// Why a field selector is not one, in upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    #[error("invalid selector: '{selector}'; can't understand '{term}'")]
    Term { selector: String, term: String },
    #[error("invalid field selector: invalid escape sequence: {0}")]
    Escape(String),
    #[error("invalid field selector: unescaped character in value: {}", u32::from(*.0))]
    Unescaped(char),
}

impl Selector {
    /// Reads a selector; a backslash escapes a comma, an equals sign or itself.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut requirements = Vec::new();
        // upstream sorts the terms to be deterministic
        let mut terms = split_terms(text);
        terms.sort_unstable();
        for term in terms.into_iter().filter(|term| !term.is_empty()) {
            let (field, value, negated) =
                split_term(term).ok_or_else(|| SelectorError::Term { selector: text.to_owned(), term: term.to_owned() })?;
            requirements.push(Requirement { field: field.to_owned(), value: unescape(value)?, negated });
        }
        Ok(Self(requirements))
    }
    /// True where every object is selected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Whether an object is selected; `get` gives the value of a field, `None` where the object has none, which compares as empty.
    pub fn matches<'a>(&self, get: impl Fn(&str) -> Option<std::borrow::Cow<'a, str>>) -> bool {
        self.0
            .iter()
            .all(|requirement| (get(&requirement.field).as_deref().unwrap_or_default() == requirement.value) != requirement.negated)
    }
    /// The value that a field must have, where the selector demands one.
    pub fn exact_value(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|requirement| requirement.field == field && !requirement.negated).map(|requirement| requirement.value.as_str())
    }
    /// The first field that is not `known`, for `field label not supported`.
    pub fn unknown(&self, known: impl Fn(&str) -> bool) -> Option<&str> {
        self.0.iter().map(|requirement| requirement.field.as_str()).find(|field| !known(field))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let operator = if requirement.negated { "!=" } else { "=" };
            write!(f, "{comma}{}{operator}{}", requirement.field, escape(&requirement.value))?;
        }
        Ok(())
    }
}

/// A value with what the syntax would read escaped.
pub fn escape(value: &str) -> String {
    value.replace('\\', r"\\").replace(',', r"\,").replace('=', r"\=")
}

fn split_terms(text: &str) -> Vec<&str> {
    let (mut terms, mut start, mut escaped) = (Vec::new(), 0, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

/// Field, value and whether they must differ.
fn split_term(term: &str) -> Option<(&str, &str, bool)> {
    (0..term.len()).filter(|&index| term.is_char_boundary(index)).find_map(|index| {
        let rest = &term[index..];
        let after = |operator| rest.strip_prefix(operator).map(|value| (&term[..index], value));
        after("!=")
            .map(|(field, value)| (field, value, true))
            .or_else(|| after("==").or_else(|| after("=")).map(|(field, value)| (field, value, false)))
    })
}

fn unescape(value: &str) -> Result<String, SelectorError> {
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(escaped @ ('\\' | ',' | '=')) => plain.push(escaped),
                Some(other) => return Err(SelectorError::Escape(format!("\\{other}"))),
                None => return Err(SelectorError::Escape("\\".to_owned())),
            },
            ',' | '=' => return Err(SelectorError::Unescaped(character)),
            _ => plain.push(character),
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let written = match Selector::parse(text) {
            Ok(selector) => selector.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(written, expected, "{text}");
    }

    #[test]
    fn texts() {
        check("", "");
        check("status.phase!=Running,metadata.name=x", "metadata.name=x,status.phase!=Running");
        check("x==a", "x=a");
        check("x=", "x=");
        check(r"x=a\,b\=c\\", r"x=a\,b\=c\\");
        check("x", "invalid selector: 'x'; can't understand 'x'");
        check("x=a||y=b", "invalid field selector: unescaped character in value: 61");
        check(r"x=a\b", r"invalid field selector: invalid escape sequence: \b");
        check(r"x=a\", r"invalid field selector: invalid escape sequence: \");
    }

    #[test]
    fn matching() {
        let get = |field: &str| (field == "a").then(|| "1".into());
        for (text, expected) in [("a=1", true), ("a!=1", false), ("b=", true), ("b!=x,a=1", true), ("a=2", false), ("", true)] {
            assert_eq!(Selector::parse(text).unwrap().matches(get), expected, "{text}");
        }
        let selector = Selector::parse("a=1,b!=2").unwrap();
        assert_eq!((selector.exact_value("a"), selector.exact_value("b")), (Some("1"), None));
        assert_eq!(selector.unknown(|field| field == "a"), Some("b"));
    }
}
