//! From the words of the command line to a command: clap's parser with cobra's manners, so that scripts written for kubectl parse alike.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};

use crate::commands::Command;
use crate::error::{CommandError, Result};
use crate::globals::GlobalFlags;
use crate::ui::Ui;

/// k: Kubernetes as one binary. Client, cluster and everything in between.
#[derive(Parser, Debug)]
#[command(version, propagate_version = false, disable_version_flag = true, subcommand_required = true, arg_required_else_help = true)]
pub struct Line {
    #[command(flatten)]
    pub globals: GlobalFlags,
    #[command(subcommand)]
    pub command: Command,
}

/// The name that the program was started under: `k`, `kubectl`.
pub fn program_name(argument_zero: Option<OsString>) -> String {
    argument_zero
        .as_deref()
        .and_then(|path| Path::new(path).file_name())
        .map_or_else(|| "k".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The whole command tree, as completions and man pages want it too.
pub fn command(program: &str) -> clap::Command {
    switches(Line::command().name(program.to_owned()).bin_name(program.to_owned()))
}

/// `None` where help was asked for and has been printed.
pub fn parse(program: &str, words: impl Iterator<Item = OsString>, ui: &mut Ui) -> Result<Option<Line>> {
    let words: Vec<OsString> = words.collect();
    match command(program).try_get_matches_from(&words).and_then(|matches| Line::from_arg_matches(&matches)) {
        Ok(line) => Ok(Some(line)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
                ui.print(&if ui.out_is_terminal { error.render().ansi().to_string() } else { error.render().to_string() });
                Ok(None)
            }
            _ => Err(in_cobras_words(program, &error, &words)),
        },
    }
}

/// Arguments with cobra's manners.
#[derive(Debug)]
pub struct Cobra<T>(pub T);

impl<T: clap::Args> clap::Args for Cobra<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        described(command, |command| cobra_manners(T::augment_args(command)))
    }
    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        described(command, |command| cobra_manners(T::augment_args_for_update(command)))
    }
}

/// A command keeps its description: clap would take that of the arguments, which are made after it.
fn described(command: clap::Command, augment: impl FnOnce(clap::Command) -> clap::Command) -> clap::Command {
    let (about, long) = (command.get_about().cloned().unwrap_or_default(), command.get_long_about().cloned());
    let command = augment(command).about(about);
    match long {
        Some(long) => command.long_about(long),
        None => command.long_about(None),
    }
}

impl<T: FromArgMatches> FromArgMatches for Cobra<T> {
    fn from_arg_matches(matches: &clap::ArgMatches) -> std::result::Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Self)
    }
    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> std::result::Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// cobra takes `--flag`, `--flag=true` and `--flag=false` for every switch; so do we, by one rule for a command and all below it.
fn cobra_manners(command: clap::Command) -> clap::Command {
    switches(command).mut_subcommands(cobra_manners)
}

fn switches(command: clap::Command) -> clap::Command {
    command.mut_args(|arg| {
        if matches!(arg.get_action(), ArgAction::SetTrue) {
            return arg
                .action(ArgAction::Set)
                .num_args(0..=1)
                .require_equals(true)
                .hide_possible_values(true)
                .default_value("false")
                .default_missing_value("true")
                .value_parser(go_bool);
        }
        arg
    })
}

/// Go's `strconv.ParseBool`.
fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

/// What cobra says of a line that does not parse.
fn in_cobras_words(program: &str, error: &clap::Error, words: &[OsString]) -> CommandError {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let path = command_path(program, error);
    let see_help = |message: String| CommandError::Plain(format!("error: {message}\nSee '{path} --help' for usage."));
    let flag = text(ContextKind::InvalidArg);
    let bare = flag.split([' ', '=']).next().unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument if flag.starts_with("--") => see_help(format!("unknown flag: {bare}")),
        ErrorKind::UnknownArgument if flag.starts_with('-') => {
            let letter = bare.trim_start_matches('-').chars().next().unwrap_or('-');
            see_help(format!("unknown shorthand flag: '{letter}' in {bare}"))
        }
        ErrorKind::InvalidSubcommand => {
            // kubectl takes an unknown first word for a plugin's name, which no flag may stand before.
            if let Some(flag) = words.get(1).map(|word| word.to_string_lossy()).filter(|word| word.starts_with('-')) {
                return CommandError::Plain(format!("Error: flags cannot be placed before plugin name: {flag}"));
            }
            let suggestions = match error.get(ContextKind::SuggestedSubcommand) {
                Some(ContextValue::Strings(names)) if !names.is_empty() => {
                    format!("\n\nDid you mean this?\n\t{}\n", names.join("\n\t"))
                }
                _ => String::new(),
            };
            CommandError::Plain(format!("error: unknown command {:?} for {path:?}{suggestions}", text(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            see_help(format!("invalid argument {:?} for {:?} flag: {why}", text(ContextKind::InvalidValue), bare))
        }
        ErrorKind::InvalidValue if text(ContextKind::InvalidValue).is_empty() => see_help(format!("flag needs an argument: {bare}")),
        _ => {
            let rendered = error.render().to_string();
            let message = rendered.trim_start_matches("error: ").lines().next().unwrap_or_default().to_owned();
            see_help(message)
        }
    }
}

/// `kubectl rollout status`: the command whose line it was, from clap's usage text.
fn command_path(program: &str, error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip_while(|word| *word != program)
        .take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') && !word.starts_with('-'))
        .collect();
    if words.is_empty() { program.to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        command("kubectl").debug_assert();
    }

    #[test]
    fn failures_are_worded_as_cobra_words_them() {
        let check = |line: &str, expected: &str| {
            let (mut ui, _, _) = Ui::captured(std::io::empty());
            let error = parse("kubectl", line.split(' ').map(OsString::from), &mut ui).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check("kubectl version --foo", "error: unknown flag: --foo\nSee 'kubectl version --help' for usage.");
        check("kubectl version -z", "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl version --help' for usage.");
        check("kubectl fly", "error: unknown command \"fly\" for \"kubectl\"");
        check("kubectl -n x fly", "Error: flags cannot be placed before plugin name: -n");
    }

    #[test]
    fn switches_take_values() {
        let (mut ui, _, _) = Ui::captured(std::io::empty());
        let words = ["k", "--insecure-skip-tls-verify=false", "version", "-n", "x", "--client=true"];
        let line = parse("k", words.into_iter().map(OsString::from), &mut ui).unwrap().unwrap();
        assert!(!line.globals.insecure_skip_tls_verify);
        assert_eq!(line.globals.namespace.as_deref(), Some("x"));
    }
}
