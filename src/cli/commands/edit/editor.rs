//! The user's editor, started on a temporary file.

use std::io::Write;
use std::process::Command;

use crate::error::{CommandError, Result};

/// A command line and what it is given.
#[derive(Debug)]
pub struct Editor {
    words: Vec<String>,
    /// The last word is a shell's script, to which the path is added.
    by_shell: bool,
    prefix: String,
    ending: &'static str,
}

impl Editor {
    /// `KUBE_EDITOR`, else `EDITOR`, else vi. Quotes in it are the shell's business.
    pub fn from_environment(program: &str, ending: &'static str) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let written = variable("KUBE_EDITOR").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned());
        let (words, by_shell) = command_line(&written, || variable("SHELL").unwrap_or_else(|| "/bin/bash".to_owned()));
        Self { words, by_shell, prefix: format!("{program}-edit-"), ending }
    }

    /// Lets the user edit `content`: what was saved, and the file it is in, which stays.
    pub fn open(&self, content: &str) -> Result<(String, String)> {
        let failed = |error: std::io::Error| CommandError::message(error.to_string());
        let mut file = tempfile::Builder::new().prefix(&self.prefix).suffix(self.ending).tempfile().map_err(failed)?;
        file.write_all(content.as_bytes()).map_err(failed)?;
        let (_, path) = file.keep().map_err(|error| failed(error.error))?;
        let path = path.display().to_string();
        self.launch(&path)?;
        let edited = std::fs::read(&path).map_err(failed)?;
        Ok((String::from_utf8_lossy(&edited).into_owned(), path))
    }

    fn launch(&self, path: &str) -> Result<()> {
        let shown = output::go_text::quote(&self.words.join(" "));
        let mut words = self.words.clone();
        match words.last_mut() {
            Some(script) if self.by_shell => script.push_str(&format!(" {path:?}")),
            _ => words.push(path.to_owned()),
        }
        match Command::new(&words[0]).args(&words[1..]).status() {
            Ok(status) if status.success() => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(CommandError::message(format!("unable to launch the editor {shown}")))
            }
            Ok(_) | Err(_) => Err(CommandError::message(format!("there was a problem with the editor {shown}"))),
        }
    }
}

fn command_line(written: &str, shell: impl Fn() -> String) -> (Vec<String>, bool) {
    if written.contains(['"', '\'', '\\']) && written.contains(' ') {
        return (vec![shell(), "-c".to_owned(), written.to_owned()], true);
    }
    (written.split(' ').map(ToOwned::to_owned).collect(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_need_a_shell() {
        let check = |written: &str, words: &[&str], by_shell: bool| {
            assert_eq!(command_line(written, || "sh".to_owned()), (words.iter().map(ToString::to_string).collect(), by_shell));
        };
        check("vi", &["vi"], false);
        check("code -w", &["code", "-w"], false);
        check("sed -i 's/a/b/'", &["sh", "-c", "sed -i 's/a/b/'"], true);
    }
}
