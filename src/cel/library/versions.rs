//! Semantic versions.

use std::cmp::Ordering;

use super::Extension;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Failure, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("string_to_semver", "semver", "(string) -> Semver", to_semver),
    row("string_bool_to_semver", "semver", "(string, bool) -> Semver", to_semver),
    row("is_semver_string", "isSemver", "(string) -> bool", is_semver),
    row("is_semver_string_bool", "isSemver", "(string, bool) -> bool", is_semver),
    row("semver_is_greater_than", "isGreaterThan", "Semver.(Semver) -> bool", is_greater_than),
    row("semver_is_less_than", "isLessThan", "Semver.(Semver) -> bool", is_less_than),
    row("semver_compare_to", "compareTo", "Semver.(Semver) -> int", compare_to),
    row("semver_major", "major", "Semver.() -> int", major),
    row("semver_minor", "minor", "Semver.() -> int", minor),
    row("semver_patch", "patch", "Semver.() -> int", patch),
];

/// A version. What stands behind `+` does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    prerelease: Vec<Identifier>,
}

/// A part of what stands behind `-`. Numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        // A version with something behind `-` comes before the same without.
        let released = |version: &Self| version.prerelease.is_empty();
        self.numbers.cmp(&other.numbers).then(released(self).cmp(&released(other))).then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn number(text: &str, name: &str) -> Result<u64, String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("Invalid character(s) found in {name} number {text:?}"));
    }
    if text.len() > 1 && text.starts_with('0') {
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        return Err(format!("{name} number must not contain leading zeroes {text:?}"));
    }
    text.parse().map_err(|_| {
        let why = if text.is_empty() { "invalid syntax" } else { "value out of range" };
        format!("strconv.ParseUint: parsing {text:?}: {why}")
    })
}

fn identifier(text: &str) -> Result<Identifier, String> {
    if text.is_empty() {
        return Err("Prerelease is empty".to_owned());
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        if text.len() > 1 && text.starts_with('0') {
            return Err(format!("Numeric PreRelease version must not contain leading zeroes {text:?}"));
        }
        return text.parse().map(Identifier::Number).map_err(|_| format!("strconv.ParseUint: parsing {text:?}: value out of range"));
    }
    if is_word(text) { Ok(Identifier::Word(text.to_owned())) } else { Err(format!("Invalid character(s) found in prerelease {text:?}")) }
}

fn parse(text: &str) -> Result<Version, String> {
    if text.is_empty() {
        return Err("Version string empty".to_owned());
    }
    let parts: Vec<&str> = text.splitn(3, '.').collect();
    let [major, minor, rest] = parts.as_slice() else { return Err("No Major.Minor.Patch elements found".to_owned()) };
    let (major, minor) = (number(major, "major")?, number(minor, "minor")?);
    let (rest, build) = rest.split_once('+').map_or((*rest, None), |(rest, build)| (rest, Some(build)));
    let (patch, prerelease) = rest.split_once('-').map_or((rest, None), |(patch, prerelease)| (patch, Some(prerelease)));
    let patch = number(patch, "patch")?;
    let prerelease =
        prerelease.map_or_else(|| Ok(Vec::new()), |prerelease| prerelease.split('.').map(identifier).collect::<Result<_, _>>())?;
    for part in build.into_iter().flat_map(|build| build.split('.')) {
        if part.is_empty() {
            return Err("Build meta data is empty".to_owned());
        }
        if !is_word(part) {
            return Err(format!("Invalid character(s) found in build meta data {part:?}"));
        }
    }
    Ok(Version { numbers: [major, minor, patch], prerelease })
}

/// A version that may start with `v`, have zeros in front of its numbers, and leave out the last of them.
fn parse_tolerant(text: &str) -> Result<Version, String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text
        .splitn(3, '.')
        .map(|part| {
            let stripped = part.trim_start_matches('0');
            if part.len() > 1 && !stripped.starts_with(|first: char| first.is_ascii_digit()) {
                format!("0{stripped}")
            } else {
                stripped.to_owned()
            }
        })
        .zip(text.splitn(3, '.'))
        .map(|(stripped, part)| if part.len() > 1 { stripped } else { part.to_owned() })
        .collect();
    if parts.len() < 3 {
        if parts.last().is_some_and(|last| last.contains(['+', '-'])) {
            return Err("short version cannot contain PreRelease/Build meta data".to_owned());
        }
        parts.resize(3, "0".to_owned());
    }
    parse(&parts.join("."))
}

fn parsed(args: &[Value<'_>]) -> Result<Result<Version, String>, Failure> {
    match args {
        [Value::String(text)] | [Value::String(text), Value::Bool(false)] => Ok(parse(text)),
        [Value::String(text), Value::Bool(true)] => Ok(parse_tolerant(text)),
        _ => no_such_overload(),
    }
}

fn to_semver<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match parsed(args)? {
        Ok(version) => Ok(Value::extension(Extension::Semver(version))),
        Err(message) => error(message),
    }
}

fn is_semver<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(parsed(args)?.is_ok()))
}

fn version<'v>(value: Option<&'v Value<'_>>) -> Result<&'v Version, Failure> {
    match value {
        Some(Value::Extension(extension)) => match &**extension {
            Extension::Semver(version) => Ok(version),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn order(args: &[Value<'_>]) -> Result<Ordering, Failure> {
    Ok(version(args.first())?.cmp(version(args.get(1))?))
}

fn is_greater_than<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_gt()))
}

fn is_less_than<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_lt()))
}

fn compare_to<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(order(args)? as i64))
}

fn part<'a>(args: &[Value<'a>], index: usize) -> Outcome<'a> {
    #[expect(clippy::cast_possible_wrap, reason = "upstream converts the same way")]
    let number = version(args.first())?.numbers[index] as i64;
    Ok(Value::Int(number))
}

fn major<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 0)
}

fn minor<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 1)
}

fn patch<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 2)
}
