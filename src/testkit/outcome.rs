//! What a command came to.

use std::fmt;
use std::process::Output;

/// A finished command: how it ended and what it printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The command line, for messages.
    pub line: String,
    /// Exit code; 128 and the signal's number where a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub(crate) fn of(line: String, output: &Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        let code = output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or_default());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { line, code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// What it printed, where it succeeded; otherwise the test fails.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.code == 0, "{self}");
        self.stdout
    }

    /// Its standard error, where it failed with this code; otherwise the test fails.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert!(self.code == code, "expected exit code {code}: {self}");
        self.stderr
    }

    /// Where two outcomes differ, line by line: `-` what this one printed, `+` what the other did, with a line of context before each place. None where a user
    /// sees the same.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.seen() == other.seen() {
            return None;
        }
        let mut text = format!("`{}` ended with {}, `{}` with {}\n", self.line, self.code, other.line, other.code);
        for (name, ours, theirs) in [("standard output", &self.stdout, &other.stdout), ("standard error", &self.stderr, &other.stderr)] {
            if ours != theirs {
                text.push_str(&format!("--- {name}\n"));
                text.push_str(&similar::TextDiff::from_lines(ours, theirs).unified_diff().context_radius(1).to_string());
            }
        }
        Some(text)
    }

    /// The three things that a user sees.
    pub fn seen(&self) -> (i32, &str, &str) {
        (self.code, &self.stdout, &self.stderr)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ended with {}\n--- standard output\n{}\n--- standard error\n{}", self.line, self.code, self.stdout, self.stderr)
    }
}
