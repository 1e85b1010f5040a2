//! `$(VAR)` in commands, arguments and environment values: replaced where the name is known, left as it stands where not; `$$` is a `$`.

/// Expands references by `lookup`.
pub fn expand<'a>(text: &str, lookup: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('$') {
        result.push_str(&rest[..place]);
        let after = &rest[place + 1..];
        if let Some(next) = after.strip_prefix('$') {
            result.push('$');
            rest = next;
        } else if let Some((name, next)) = after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match lookup(name) {
                Some(value) => result.push_str(value),
                None => {
                    result.push_str("$(");
                    result.push_str(name);
                    result.push(')');
                }
            }
            rest = next;
        } else {
            result.push('$');
            rest = after;
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_upstream() {
        let lookup = |name: &str| match name {
            "VAR_A" => Some("A"),
            "VAR_B" => Some("B"),
            "VAR_EMPTY" => Some(""),
            _ => None,
        };
        // from third_party/forked/golang/expansion/expand_test.go
        for (text, expected) in [
            ("$(VAR_A)", "A"),
            ("___$(VAR_B)___", "___B___"),
            ("$(VAR_A)-$(VAR_B)", "A-B"),
            ("f00-$$(VAR_A)", "f00-$(VAR_A)"),
            ("$(VAR_X)", "$(VAR_X)"),
            ("foo$(VAR_EMPTY)bar", "foobar"),
            ("$$$$(BIG_MONEY)", "$$(BIG_MONEY)"),
            ("$$$$$(VAR_A)", "$$A"),
            ("$(VAR_A)$$(VAR_B)", "A$(VAR_B)"),
            ("$(foo", "$(foo"),
            ("foo$", "foo$"),
            ("$VAR_A", "$VAR_A"),
        ] {
            assert_eq!(expand(text, lookup), expected, "{text}");
        }
    }
}
