//! The text that an editor is given and what comes back: the header of comments, and texts compared without them.

use crate::resources::parse_documents;

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

/// Why a file is opened again.
#[derive(Debug)]
pub struct Reason {
    pub head: String,
    pub more: Vec<String>,
}

/// An edit that was not accepted.
#[derive(Debug)]
pub struct Reopened {
    pub edited: String,
    pub path: String,
    pub reasons: Vec<Reason>,
}

/// The comments at the top of the file.
pub fn header(reasons: &[Reason]) -> String {
    let mut text = HEADER.to_owned();
    for reason in reasons {
        let colon = if reason.more.is_empty() { "" } else { ":" };
        text.push_str(&format!("# {}{colon}\n", commented(&reason.head)));
        for line in &reason.more {
            text.push_str(&format!("# * {}\n", commented(line)));
        }
        text.push_str("#\n");
    }
    text
}

/// Line breaks inside a text begin comments of their own.
fn commented(text: &str) -> String {
    let mut commented = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        commented.push(letter);
        if letter == '\n' && letters.peek().is_some_and(|next| *next != '#') {
            commented.push_str("# ");
        }
    }
    commented
}

/// The lines that are no comments.
pub fn without_comments(text: &str) -> String {
    let is_comment = |line: &str| line.trim().starts_with('#') && !line.trim().starts_with("#!");
    text.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

/// Whether two files say the same; those that do not parse are compared line by line.
pub fn same_content(one: &str, other: &str) -> bool {
    match (parse_documents(one.as_bytes()), parse_documents(other.as_bytes())) {
        (Ok(one), Ok(other)) => one == other,
        _ => without_comments(one) == without_comments(other),
    }
}

/// Whether anything but comments and blanks is left.
pub fn has_lines(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_comments() {
        let reason = Reason { head: "pods \"x\" was not valid".to_owned(), more: vec!["spec: Forbidden: a\nb".to_owned()] };
        assert_eq!(header(&[reason]), format!("{HEADER}# pods \"x\" was not valid:\n# * spec: Forbidden: a\n# b\n#\n"));
        assert_eq!(header(&[]), HEADER);
    }

    #[test]
    fn comments_do_not_count() {
        assert!(same_content("# a\nx: 1\n", "x: 1\n"));
        assert!(!same_content("x: 1\n", "x: 2\n"));
        assert!(same_content("# a\nx: [\n", "x: [\n"));
        assert!(!has_lines("# a\n\n  # b\n"));
        assert!(has_lines("# a\nb"));
        assert_eq!(without_comments("# a\nb: 1\n  # c\nd: 2"), "b: 1\nd: 2");
    }
}
