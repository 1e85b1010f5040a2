//! Formats that values of custom resources are held to, as upstream's registry of formats has them; formats that it does not know are ignored.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine;
use regex::Regex;

/// A format that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Int32,
    Int64,
    Float,
    Double,
    Text(&'static TextFormat),
}

/// A format of text.
#[derive(Debug)]
pub struct TextFormat {
    name: &'static str,
    passes: fn(&str) -> bool,
}

impl PartialEq for TextFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for TextFormat {}

macro_rules! pattern {
    ($text:literal) => {
        |value| {
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("the pattern is a constant"));
            PATTERN.is_match(value)
        }
    };
}

static TEXT: &[TextFormat] = &[
    TextFormat { name: "bsonobjectid", passes: |value| value.len() == 24 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) },
    TextFormat { name: "uri", passes: pattern!(r"^(/[^\s]*|[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*)$") },
    TextFormat { name: "email", passes: pattern!(r#"^\s*([^<>"]*<)?[^\s@<>(),:;\[\]"]+@[^\s@<>(),:;\[\]"]+>?\s*$"#) },
    TextFormat { name: "hostname", passes: hostname },
    TextFormat { name: "ipv4", passes: |value| value.parse::<Ipv4Addr>().is_ok() },
    TextFormat { name: "ipv6", passes: |value| value.parse::<Ipv6Addr>().is_ok() },
    TextFormat { name: "cidr", passes: cidr },
    TextFormat { name: "mac", passes: mac },
    TextFormat { name: "uuid", passes: pattern!("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$") },
    TextFormat { name: "uuid3", passes: pattern!("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$") },
    TextFormat { name: "uuid4", passes: pattern!("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$") },
    TextFormat { name: "uuid5", passes: pattern!("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$") },
    TextFormat { name: "isbn", passes: |value| isbn10(value) || isbn13(value) },
    TextFormat { name: "isbn10", passes: isbn10 },
    TextFormat { name: "isbn13", passes: isbn13 },
    TextFormat { name: "creditcard", passes: credit_card },
    TextFormat { name: "ssn", passes: pattern!(r"^\d{3}[- ]?\d{2}[- ]?\d{4}$") },
    TextFormat { name: "hexcolor", passes: pattern!("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$") },
    TextFormat {
        name: "rgbcolor",
        passes: pattern!(
            r"^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$"
        ),
    },
    TextFormat { name: "byte", passes: |value| base64::engine::general_purpose::STANDARD.decode(value.replace(['\r', '\n'], "")).is_ok() },
    TextFormat { name: "password", passes: |_| true },
    TextFormat { name: "date", passes: date },
    TextFormat { name: "duration", passes: duration },
    TextFormat { name: "date-time", passes: date_time },
    TextFormat { name: "k8s-short-name", passes: |value| api::names::dns1123_label(value, false).is_empty() },
    TextFormat { name: "k8s-long-name", passes: |value| api::names::dns1123_subdomain(value, false).is_empty() },
];

impl Format {
    /// The format by its name in a schema of this type.
    pub fn of(type_name: &str, name: &str) -> Option<Self> {
        match (type_name, name) {
            ("integer", "int32") => Some(Self::Int32),
            ("integer", "int64") => Some(Self::Int64),
            ("number", "float") => Some(Self::Float),
            ("number", "double") => Some(Self::Double),
            ("" | "string", _) => {
                let plain = name.replace('-', "");
                TEXT.iter().find(|format| format.name.replace('-', "") == plain).map(Self::Text)
            }
            _ => None,
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float => "float",
            Self::Double => "double",
            Self::Text(format) => format.name,
        }
    }
    /// Whether a text is of the format; formats of numbers say nothing of texts.
    pub fn passes(self, text: &str) -> bool {
        match self {
            Self::Text(format) => (format.passes)(text),
            _ => true,
        }
    }
}

fn hostname(value: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    value.len() <= 255 && value.strip_suffix('.').unwrap_or(value).split('.').all(label)
}

fn cidr(value: &str) -> bool {
    let Some((address, length)) = value.split_once('/') else { return false };
    let length = Some(length).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse::<u8>().ok());
    match (address.parse::<std::net::IpAddr>(), length) {
        (Ok(std::net::IpAddr::V4(_)), Some(length)) => length <= 32,
        (Ok(std::net::IpAddr::V6(_)), Some(length)) => length <= 128,
        _ => false,
    }
}

/// 6, 8 or 20 bytes, with colons or hyphens between the bytes or a dot between every two.
fn mac(value: &str) -> bool {
    let separated = |separator: char, digits: usize, counts: [usize; 3]| {
        let parts: Vec<&str> = value.split(separator).collect();
        counts.contains(&parts.len()) && parts.iter().all(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    separated(':', 2, [6, 8, 20]) || separated('-', 2, [6, 8, 20]) || separated('.', 4, [3, 4, 10])
}

fn digits_of(value: &str) -> Vec<u32> {
    value.chars().filter_map(|character| character.to_digit(10)).collect()
}

fn isbn10(value: &str) -> bool {
    let plain: Vec<char> = value.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    let mut sum = 0;
    for (index, character) in plain.iter().enumerate() {
        let digit = match character {
            'X' if index == 9 => 10,
            _ => match character.to_digit(10) {
                Some(digit) => digit,
                None => return false,
            },
        };
        sum += (10 - u32::try_from(index.min(10)).unwrap_or(10)) * digit;
    }
    plain.len() == 10 && sum % 11 == 0
}

fn isbn13(value: &str) -> bool {
    let plain: String = value.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    let digits = digits_of(&plain);
    let sum: u32 = digits.iter().enumerate().map(|(index, digit)| if index % 2 == 0 { *digit } else { 3 * digit }).sum();
    plain.len() == 13 && digits.len() == 13 && sum % 10 == 0
}

fn credit_card(value: &str) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$")
            .expect("the pattern is a constant")
    });
    let digits = digits_of(value);
    let plain: String = digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(index, digit)| if index % 2 == 0 { *digit } else { 2 * digit / 10 + 2 * digit % 10 }).sum();
    PATTERN.is_match(&plain) && sum % 10 == 0
}

fn date(value: &str) -> bool {
    value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()
}

fn date_time(value: &str) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$").expect("the pattern is a constant")
    });
    let time_is_right = || match value.get(10..) {
        None | Some("") => true,
        Some(time) => {
            let number = |range: std::ops::Range<usize>| time.get(range).and_then(|text| text.parse::<u8>().ok());
            number(1..3).is_some_and(|hour| hour < 24) && number(4..6).is_some_and(|minute| minute < 60)
        }
    };
    PATTERN.is_match(value) && value.get(..10).is_some_and(date) && time_is_right()
}

/// As Go's `time.ParseDuration`, or as Scala writes it (`22 ns`, `2 days`).
fn duration(value: &str) -> bool {
    static GO: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$").expect("the pattern is a constant"));
    static SCALA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\s*\d+\s*(ns|nano|nanos|nanosecond|nanoseconds|us|µs|μs|micro|micros|microsecond|microseconds|ms|milli|millis|millisecond|milliseconds|s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hour|hours|d|day|days|w|week|weeks)\s*$")
            .expect("the pattern is a constant")
    });
    GO.is_match(value) || SCALA.is_match(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, good: &[&str], bad: &[&str]) {
        let format = Format::of("string", name).unwrap();
        for text in good {
            assert!(format.passes(text), "{name}: {text}");
        }
        for text in bad {
            assert!(!format.passes(text), "{name}: {text}");
        }
    }

    #[test]
    fn formats() {
        check(
            "date-time",
            &["2014-12-15T19:30:20.000Z", "2014-12-15T08:00:00+01:00"],
            &["yesterday", "2014-13-15T08:00:00Z", "2014-12-15T25:00:00Z"],
        );
        check("date", &["2006-01-02"], &["2006-02-30", "06-01-02", "x"]);
        check("duration", &["22 ns", "1h30m", "5s", "0"], &["", "5", "h"]);
        check("ipv4", &["10.0.0.1"], &["10.0.0.256", "::1"]);
        check("ipv6", &["::1", "fd00::1"], &["10.0.0.1", "x"]);
        check("cidr", &["10.0.0.0/8", "fd00::/64"], &["10.0.0.0", "10.0.0.0/33"]);
        check("mac", &["01:02:03:04:ab:cd"], &["01:02", "zz:02:03:04:ab:cd"]);
        check("uuid", &["123e4567-e89b-12d3-a456-426614174000"], &["123"]);
        check("uri", &["https://example.com/a?b=c", "/path"], &["example", ""]);
        check("email", &["a@example.com"], &["example.com"]);
        check("hostname", &["example.com", "a"], &["-a", "a b"]);
        check("byte", &["aGVsbG8="], &["a-b"]);
        check("isbn", &["0321751043", "978-0321751041"], &["0321751044"]);
        check("hexcolor", &["#fff", "FFFFFF"], &["#ffff"]);
        check("rgbcolor", &["rgb(255,255,2)"], &["rgb(256,0,0)"]);
        assert_eq!(Format::of("string", "int32"), None);
        assert_eq!(Format::of("integer", "int32"), Some(Format::Int32));
    }
}
