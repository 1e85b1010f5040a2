//! Command lines as data: a line of text into words, with the quotes of a shell and nothing else of it.

/// The words of a line. Single and double quotes keep what is between them together; there are no escapes, variables or globs.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => word.get_or_insert_default().push(letter),
            None if letter == '\'' || letter == '"' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(letter),
        }
    }
    assert!(quote.is_none(), "a quote is left open: {line}");
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let check = |line: &str, expected: &[&str]| assert_eq!(words(line), expected, "{line}");
        check("", &[]);
        check("get  pods -o wide", &["get", "pods", "-o", "wide"]);
        check("exec p -- sh -c 'echo a  b'", &["exec", "p", "--", "sh", "-c", "echo a  b"]);
        check(r#"-o jsonpath='{.items[?(@.a=="b")]}'"#, &["-o", r#"jsonpath={.items[?(@.a=="b")]}"#]);
        check("a '' b", &["a", "", "b"]);
    }
}
