//! Points in time and durations, with Go's texts of both.

use std::fmt;

use jiff::civil::DateTime;

const NANOSECONDS: i64 = 1_000_000_000;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, between which timestamps are.
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;

/// A point in time from year 1 to year 9999. Two are equal whatever offset they are written with.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: i64,
    /// Seconds east of UTC with which it was written.
    offset: i64,
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }
}

impl Timestamp {
    /// Seconds since 1970, or nothing where the year is beyond the bounds.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Self::new(seconds, 0, 0)
    }

    fn new(seconds: i64, nanoseconds: i64, offset: i64) -> Option<Self> {
        (FIRST_SECOND..=LAST_SECOND).contains(&seconds).then_some(Self { seconds, nanoseconds, offset })
    }

    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    pub fn subsecond_nanoseconds(&self) -> i64 {
        self.nanoseconds
    }

    /// Whether it is the first moment of year 1, Go's zero time.
    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == FIRST_SECOND && self.nanoseconds == 0
    }

    /// By RFC 3339, as Go reads it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.as_bytes().get(10) != Some(&b'T') {
            return None;
        }
        let zone = text.get(19..)?.find(['Z', '+', '-'])? + 19;
        let (local, zone) = text.split_at(zone);
        let fraction = local.get(19..)?;
        let digits = fraction.strip_prefix(['.', ',']).unwrap_or(fraction);
        if (digits.is_empty() && !fraction.is_empty()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let padded: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let marks = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
        if !marks.iter().all(|(at, mark)| text.as_bytes().get(*at) == Some(mark)) {
            return None;
        }
        let small = |from: usize, to: usize| number(from, to).and_then(|number| i8::try_from(number).ok());
        let year = i16::try_from(number(0, 4)?).ok()?;
        let civil = DateTime::new(year, small(5, 7)?, small(8, 10)?, small(11, 13)?, small(14, 16)?, small(17, 19)?, 0).ok()?;
        let offset = offset_seconds(zone)?;
        Self::new(civil_seconds(civil) - offset, padded.parse().ok()?, offset)
    }

    /// By any of the ways OpenAPI's `date-time` allows.
    pub(crate) fn parse_lenient(text: &str) -> Option<Self> {
        let upper = text.to_uppercase();
        let with_t = upper.replacen(' ', "T", 1);
        Self::parse(&upper)
            .or_else(|| Self::parse(&with_t))
            .or_else(|| Self::parse(&format!("{with_t}Z")))
            .or_else(|| zoned_without_colon(&with_t).and_then(|text| Self::parse(&text)))
    }

    pub(crate) fn parse_date(text: &str) -> Option<Self> {
        if text.len() != 10 {
            return None;
        }
        Self::parse(&format!("{text}T00:00:00Z"))
    }

    /// The same moment after some nanoseconds.
    pub fn plus(&self, nanoseconds: i64) -> Option<Self> {
        let sum = self.nanoseconds + nanoseconds.rem_euclid(NANOSECONDS);
        let seconds = self.seconds.checked_add(nanoseconds.div_euclid(NANOSECONDS))?.checked_add(sum.div_euclid(NANOSECONDS))?;
        Self::new(seconds, sum.rem_euclid(NANOSECONDS), self.offset)
    }

    /// The nanoseconds from another moment to this one.
    pub fn since(&self, other: &Self) -> Option<i64> {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        i64::try_from(seconds * i128::from(NANOSECONDS) + i128::from(self.nanoseconds) - i128::from(other.nanoseconds)).ok()
    }

    /// Date and time some seconds east of UTC.
    pub fn civil(&self, offset: i64) -> Option<DateTime> {
        let seconds = self.seconds.checked_add(offset)?;
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        epoch.checked_add(jiff::SignedDuration::new(seconds, i32::try_from(self.nanoseconds).ok()?)).ok()
    }

    /// Date and time in a zone: a name, or `+01:00`.
    pub fn civil_in(&self, zone: &str) -> Result<DateTime, String> {
        if let Some((hours, minutes)) = zone.split_once(':') {
            let number = |text: &str| text.parse::<i64>().map_err(|_| format!("strconv.Atoi: parsing {text:?}: invalid syntax"));
            let (hours, minutes) = (number(hours)?, number(minutes)?);
            if !(0..=59).contains(&minutes) {
                return Err(format!("timezone offset minutes out of range [0, 59]: {zone}"));
            }
            let minutes =
                if zone.starts_with('-') { hours.saturating_mul(60) - minutes } else { hours.saturating_mul(60).saturating_add(minutes) };
            return self.civil(minutes.saturating_mul(60)).ok_or_else(|| "timestamp overflow".to_owned());
        }
        let overflow = || "timestamp overflow".to_owned();
        if zone.is_empty() || zone == "UTC" {
            return self.civil(0).ok_or_else(overflow);
        }
        let rules = jiff::tz::TimeZone::get(zone).map_err(|_| format!("unknown time zone {zone}"))?;
        let moment = jiff::Timestamp::new(self.seconds, i32::try_from(self.nanoseconds).unwrap_or(0)).map_err(|_| overflow())?;
        self.civil(rules.to_offset(moment).seconds().into()).ok_or_else(overflow)
    }
}

fn zoned_without_colon(text: &str) -> Option<String> {
    let (front, zone) = text.split_at_checked(text.len().checked_sub(5)?)?;
    (zone.starts_with(['+', '-']) && zone[1..].bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| format!("{front}{}:{}", &zone[..3], &zone[3..]))
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    (hours <= 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn civil_seconds(civil: DateTime) -> i64 {
    civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs()
}

/// RFC 3339 with as many digits behind the second as there are.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(civil) = self.civil(self.offset) else { return formatter.write_str("?") };
        write!(
            formatter,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second()
        )?;
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(formatter, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return formatter.write_str("Z");
        }
        let minutes = self.offset.abs() / 60;
        write!(formatter, "{}{:02}:{:02}", if self.offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    }
}

/// A duration as Go reads it: `1h30m`, `-1.5s`, `0`. In nanoseconds.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (whole, behind) = rest.split_at(digits);
        let (fraction, behind) = match behind.strip_prefix('.') {
            Some(behind) => behind.split_at(behind.len() - behind.trim_start_matches(|letter: char| letter.is_ascii_digit()).len()),
            None => ("", behind),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_end = behind.find(|letter: char| letter == '.' || letter.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit_end);
        let size: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()?.into() };
        let digits = fraction.get(..fraction.len().min(18))?;
        let part: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        total += whole * size + part * size / 10_i128.pow(u32::try_from(digits.len()).ok()?);
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return None;
        }
        rest = behind;
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// A duration as CEL writes it: seconds as a decimal number, `1.5s`.
pub fn duration_text(nanoseconds: i64) -> String {
    let magnitude = nanoseconds.unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let (seconds, rest) = (magnitude / NANOSECONDS.unsigned_abs(), magnitude % NANOSECONDS.unsigned_abs());
    let fraction = format!("{rest:09}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{seconds}s") } else { format!("{sign}{seconds}.{fraction}s") }
}

/// A duration as Go writes it: `1h30m0s`.
pub(crate) fn go_duration(nanoseconds: i64) -> String {
    let magnitude = nanoseconds.unsigned_abs();
    if magnitude == 0 {
        return "0s".to_owned();
    }
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let decimal = |unit: u64, name: &str| {
        let digits = format!("{:0width$}", magnitude % unit, width = unit.ilog10() as usize);
        let fraction = digits.trim_end_matches('0');
        let whole = magnitude / unit;
        if fraction.is_empty() || unit == 1 { format!("{sign}{whole}{name}") } else { format!("{sign}{whole}.{fraction}{name}") }
    };
    match magnitude {
        0..1_000 => decimal(1, "ns"),
        1_000..1_000_000 => decimal(1_000, "µs"),
        1_000_000..1_000_000_000 => decimal(1_000_000, "ms"),
        _ => {
            let seconds = magnitude / 1_000_000_000;
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let rest = duration_text(i64::try_from(magnitude % 60_000_000_000).unwrap_or(0));
            match (hours, minutes) {
                (0, 0) => format!("{sign}{rest}"),
                (0, _) => format!("{sign}{minutes}m{rest}"),
                _ => format!("{sign}{hours}h{minutes}m{rest}"),
            }
        }
    }
}
