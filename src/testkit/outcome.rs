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
