//! Terminal control characters in other people's text, made harmless the way kubectl does.

use std::borrow::Cow;

/// ESC becomes `^[`, a carriage return `\r` in letters.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if text.contains(['\u{1b}', '\r']) { Cow::Owned(text.replace('\u{1b}', "^[").replace('\r', "\\r")) } else { Cow::Borrowed(text) }
}

/// A table cell: cut with `...` at the first line break, escaped otherwise.
pub fn cell(text: &str) -> Cow<'_, str> {
    match text.find(['\u{c}', '\n', '\r']) {
        Some(at) => Cow::Owned(format!("{}...", terminal(&text[..at]))),
        None => terminal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        for (input, expected) in
            [("plain", "plain"), ("two\nlines", "two..."), ("cr\rx", "cr..."), ("\u{1b}[1m", "^[[1m"), ("\u{1b}a\nb", "^[a...")]
        {
            assert_eq!(cell(input), expected, "{input:?}");
        }
        assert_eq!(terminal("a\rb\u{1b}c\n"), "a\\rb^[c\n");
    }
}
