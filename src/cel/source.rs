//! The text of an expression, places in it, and what is wrong with it as users see it: cel-go's `ERROR: <input>:1:5: ...` with the line and a caret below.

use std::fmt;

/// Lines longer than this are not repeated in a message.
const SNIPPET_LIMIT: usize = 16_384;
/// More issues than this are counted, not listed.
const ISSUE_LIMIT: usize = 100;

/// A place in an expression: the line from 1, the column from 0, both in characters. `Location::NONE` is cel-go's place of what has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub line: i64,
    pub column: i64,
}

impl Location {
    pub const NONE: Location = Location { line: -1, column: -1 };
}

/// One thing that is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub location: Location,
    pub message: String,
}

/// The text of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    text: String,
    /// The byte where each line starts.
    lines: Vec<usize>,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text: text.to_owned(), lines: std::iter::once(0).chain(starts).collect() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the text is.
    pub(crate) fn location(&self, offset: usize) -> Location {
        let line = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or("");
        Location { line: as_i64(line) + 1, column: as_i64(before.chars().count()) }
    }

    fn snippet(&self, line: i64) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.lines.get(index)?;
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end)
    }
}

fn as_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// All that is wrong with an expression, in order of the places. Its text is what Kubernetes puts behind `compilation failed: `.
#[derive(Clone, Debug)]
pub struct Issues {
    source: Source,
    issues: Vec<Issue>,
    /// Those beyond the limit.
    truncated: usize,
}

impl Issues {
    pub(crate) fn new(source: &Source) -> Self {
        Self { source: source.clone(), issues: Vec::new(), truncated: 0 }
    }

    pub(crate) fn report(&mut self, location: Location, message: impl Into<String>) {
        if self.issues.len() < ISSUE_LIMIT {
            self.issues.push(Issue { location, message: message.into() });
        } else {
            self.truncated += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.issues.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter()
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.issues.sort_by_key(|issue| issue.location);
        self
    }
}

impl fmt::Display for Issues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issue) in self.issues.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write_issue(formatter, issue, &self.source)?;
        }
        if self.truncated > 0 {
            write!(formatter, "\n{} more errors were truncated", self.truncated)?;
        }
        Ok(())
    }
}

fn write_issue(formatter: &mut fmt::Formatter<'_>, issue: &Issue, source: &Source) -> fmt::Result {
    let Location { line, column } = issue.location;
    write!(formatter, "ERROR: <input>:{line}:{}: {}", column + 1, issue.message)?;
    let Some(snippet) = source.snippet(line).filter(|snippet| snippet.len() <= SNIPPET_LIMIT) else { return Ok(()) };
    let snippet = snippet.replace('\t', " ");
    write!(formatter, "\n | {snippet}\n | ")?;
    let mut characters = snippet.chars();
    for _ in 0..column {
        match characters.next() {
            Some(character) => formatter.write_str(if character.is_ascii() { "." } else { "\u{ff0e}" })?,
            None => break,
        }
    }
    formatter.write_str(if characters.next().is_some_and(|character| !character.is_ascii()) { "\u{ff3e}" } else { "^" })
}
