//! `completion`: the shell code that completes this program's command lines.

use clap_complete::Shell;

use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// bash, zsh, fish or powershell
    shell: String,
}

impl Args {
    pub fn run(self, session: &mut Session<'_>) -> Result<()> {
        let shell = match self.shell.as_str() {
            "bash" => Shell::Bash,
            "zsh" => Shell::Zsh,
            "fish" => Shell::Fish,
            "powershell" => Shell::PowerShell,
            other => return Err(CommandError::message(format!("Unsupported shell type {other:?}."))),
        };
        let program = session.program.clone();
        let text = script(shell, &program);
        session.ui.write(&text);
        Ok(())
    }
}

/// The completion script of a shell for the program under this name.
pub fn script(shell: Shell, program: &str) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut crate::command_line::command(program), program, &mut text);
    text
}
