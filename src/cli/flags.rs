//! Flags that many commands share, and the values they take.

use std::time::Duration;

use clap::Args;

use crate::error::{CommandError, Result};

/// `-f`, `-k`, `-R`: where objects come from.
#[derive(Args, Clone, Debug, Default)]
pub struct FilenameFlags {
    /// Filename, directory, or URL to files that contain the configuration
    #[arg(short = 'f', long = "filename", value_delimiter = ',', value_name = "FILENAME")]
    pub filenames: Vec<String>,
    /// Process the kustomization directory. This flag can't be used together with -f or -R.
    #[arg(short = 'k', long, value_name = "DIRECTORY")]
    pub kustomize: Option<String>,
    /// Process the directory used in -f, --filename recursively.
    #[arg(short = 'R', long)]
    pub recursive: bool,
}

impl FilenameFlags {
    pub fn is_empty(&self) -> bool {
        self.filenames.is_empty() && self.kustomize.is_none()
    }
}

/// `-o` and what goes with it.
#[derive(Args, Clone, Debug, Default)]
pub struct PrintFlags {
    /// Output format
    #[arg(short = 'o', long, value_name = "FORMAT")]
    pub output: Option<String>,
    /// Template string or path to template file to use when -o=go-template, -o=go-template-file
    #[arg(long)]
    pub template: Option<String>,
    /// If true, ignore any errors in templates when a field or map key is missing in the template
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    pub allow_missing_template_keys: bool,
    /// If true, keep the managedFields when printing objects in JSON or YAML format.
    #[arg(long)]
    pub show_managed_fields: bool,
}

/// `--dry-run`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    #[default]
    None,
    Client,
    Server,
}

impl DryRun {
    /// ` (dry run)`, ` (server dry run)`: what kubectl adds to "pod/x created".
    pub fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// The flag itself: `--dry-run`, `--dry-run=client`, `--dry-run=server`, `--dry-run=none`.
#[derive(Args, Clone, Debug, Default)]
pub struct DryRunFlag {
    /// Must be "none", "server", or "client"
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "none", default_missing_value = "unchanged", value_name = "STRATEGY")]
    dry_run: String,
}

impl DryRunFlag {
    /// The strategy, or kubectl's complaint.
    pub fn strategy(&self) -> Result<DryRun> {
        match self.dry_run.as_str() {
            "" | "none" => Ok(DryRun::None),
            "client" => Ok(DryRun::Client),
            "server" => Ok(DryRun::Server),
            "unchanged" => Err(CommandError::message(
                "--dry-run flag without a value was specified. A value must be set: \"none\", \"server\", or \"client\".",
            )),
            other => Err(CommandError::message(format!("Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."))),
        }
    }
}

/// `--validate`: what the server does about unknown fields. Gives the `fieldValidation` parameter.
pub fn field_validation(flag: &str) -> Result<&'static str> {
    match flag {
        "true" | "strict" => Ok("Strict"),
        "warn" => Ok("Warn"),
        "false" | "ignore" => Ok("Ignore"),
        other => Err(CommandError::message(format!(
            "invalid - validate option {other:?}; must be one of: strict (or true), warn, ignore (or false)"
        ))),
    }
}

/// A Go duration (`1h30m`, `500ms`) or a bare number of seconds. `None` for an empty text.
pub fn duration(text: &str) -> Result<Option<Duration>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Some(Duration::from_secs(seconds)));
    }
    let bad = || format!("time: invalid duration {text:?}");
    let mut rest = text;
    let mut nanoseconds = 0f64;
    while !rest.is_empty() {
        let digits = rest
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .ok_or_else(|| format!("time: missing unit in duration {text:?}"))?;
        let number: f64 = rest[..digits].parse().map_err(|_| bad())?;
        rest = &rest[digits..];
        let letters = rest.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ns" => 1.0,
            "us" | "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            other => return Err(format!("time: unknown unit {other:?} in duration {text:?}")),
        };
        nanoseconds += number * unit;
        rest = &rest[letters..];
    }
    Ok(Some(Duration::from_secs_f64(nanoseconds / 1e9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(duration(text).unwrap(), expected.map(Duration::from_millis), "{text}");
        check("", None);
        check("30", Some(30_000));
        check("1m30s", Some(90_000));
        check("1.5h", Some(5_400_000));
        check("250ms", Some(250));
        assert_eq!(duration("5x").unwrap_err(), "time: unknown unit \"x\" in duration \"5x\"");
    }
}
