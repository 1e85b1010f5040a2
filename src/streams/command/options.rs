//! Which streams a command has, as the query of an `exec` or `attach` request says it.

/// The streams that are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommandOptions {
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
    pub tty: bool,
}

/// The query asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you must specify at least 1 of stdin, stdout, stderr")]
pub struct OptionsError;

impl CommandOptions {
    /// From a query, by the API's names and values (`stdin=true`) or the kubelet's (`input=1`). A terminal has no stderr of its own: it is left out, as upstream's kubelet does.
    pub fn from_query(query: &str) -> Result<Self, OptionsError> {
        let mut options = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let on = matches!(value, "1" | "true" | "True" | "TRUE" | "t" | "T");
            match name {
                "stdin" | "input" => options.stdin = on,
                "stdout" | "output" => options.stdout = on,
                "stderr" | "error" => options.stderr = on,
                "tty" => options.tty = on,
                _ => {}
            }
        }
        options.stderr &= !options.tty;
        if options.stdin || options.stdout || options.stderr { Ok(options) } else { Err(OptionsError) }
    }

    /// The kubelet's names for them: `input=1&output=1`.
    pub fn to_kubelet_query(self) -> String {
        let named = [(self.stdin, "input=1"), (self.stdout, "output=1"), (self.stderr && !self.tty, "error=1"), (self.tty, "tty=1")];
        named.iter().filter(|(on, _)| *on).map(|(_, text)| *text).collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &str) {
        assert_eq!(CommandOptions::from_query(query).map_or_else(|error| error.to_string(), CommandOptions::to_kubelet_query), expected);
    }

    #[test]
    fn queries() {
        check("command=sh&command=-c&stdin=true&stdout=true&tty=true", "input=1&output=1&tty=1");
        check("input=1&output=1&error=1", "input=1&output=1&error=1");
        check("output=1&error=1&tty=1", "output=1&tty=1");
        check("stdin=false&stdout=true&stderr=true", "output=1&error=1");
        check("command=ls", "you must specify at least 1 of stdin, stdout, stderr");
        check("stderr=true&tty=true", "you must specify at least 1 of stdin, stdout, stderr");
    }
}
