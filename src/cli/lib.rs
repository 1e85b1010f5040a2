//! The command line: kubectl's commands to the byte, and our own (`server`, `cluster`, `image`). One file a command under `commands`; what they share is here:
//! the terminal (`ui`), failures and their exit codes (`error`), global flags (`globals`), the connection (`session`), names of types (`resources`).
#![cfg_attr(test, allow(clippy::unwrap_used))]

#[cfg(test)]
mod assets;
mod command_line;
pub mod commands;
mod containers;
mod dial;
pub mod error;
pub mod flags;
pub mod globals;
pub mod print;
pub mod resources;
pub mod session;
mod terminal;
pub mod ui;
pub mod watch;

use std::process::ExitCode;

/// The whole program: parses the command line, runs the command, prints its failure and gives its exit code.
pub fn main() -> ExitCode {
    // Container runtimes start CNI plugins by file name with the verb in the environment.
    if cni::requested() {
        return cni::main();
    }
    let program = command_line::program_name(std::env::args_os().next());
    let mut ui = ui::Ui::stdio();
    let result = command_line::parse(&program, std::env::args_os(), &mut ui).and_then(|parsed| match parsed {
        Some(line) => commands::run(line.command, session::Session::new(program, line.globals, &mut ui)),
        None => Ok(()),
    });
    let code = match result {
        Ok(()) => 0,
        Err(error) => {
            ui.flush();
            ui.error_text(&error.to_string());
            error.exit_code()
        }
    };
    ui.flush();
    ExitCode::from(code)
}
