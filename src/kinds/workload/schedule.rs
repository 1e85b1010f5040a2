//! Schedules of CronJobs: five fields or a word, as the `cron` library of upstream reads them.

/// A parsed schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// `@every 90s`: a fixed distance, in seconds, at least one.
    Every { seconds: u64 },
    /// A bit a value that matches. `any_day_of_month` and `any_day_of_week` say that the field was a star: with neither a star, one of both days is enough.
    Fields { minutes: u64, hours: u64, days_of_month: u64, months: u64, days_of_week: u64, any_day_of_month: bool, any_day_of_week: bool },
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// What a field may hold, and names for its values.
struct Bounds {
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

impl Schedule {
    /// Reads a schedule. The error is in upstream's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("empty spec string".to_owned());
        }
        if let Some(word) = text.strip_prefix('@') {
            return descriptor(word).ok_or_else(|| format!("unrecognized descriptor: {text}"));
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        if fields.len() != 5 {
            return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
        }
        let bounds = |low, high, names| Bounds { low, high, names };
        Ok(Self::Fields {
            minutes: field(fields[0], &bounds(0, 59, &[]))?,
            hours: field(fields[1], &bounds(0, 23, &[]))?,
            days_of_month: field(fields[2], &bounds(1, 31, &[]))?,
            months: field(fields[3], &bounds(1, 12, MONTHS))?,
            days_of_week: field(fields[4], &bounds(0, 6, DAYS))?,
            any_day_of_month: is_star(fields[2]),
            any_day_of_week: is_star(fields[4]),
        })
    }
}

fn is_star(field: &str) -> bool {
    field.split(',').any(|part| matches!(part.split('/').next(), Some("*" | "?")) && !part.contains('/') || part == "*/1")
}

fn descriptor(word: &str) -> Option<Schedule> {
    let fields = match word {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "hourly" => "0 * * * *",
        _ => {
            let span: jiff::SignedDuration = word.strip_prefix("every ")?.trim().parse().ok()?;
            return Some(Schedule::Every { seconds: u64::try_from(span.as_secs()).ok()?.max(1) });
        }
    };
    Schedule::parse(fields).ok()
}

fn field(text: &str, bounds: &Bounds) -> Result<u64, String> {
    text.split(',').filter(|part| !part.is_empty()).try_fold(0, |bits, part| Ok(bits | range(part, bounds)?))
}

/// `5`, `1-5`, `*`, `*/2`, `1-5/2`, `5/2` (from 5 to the end).
fn range(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let mut parts = text.split('/');
    let span = parts.next().unwrap_or_default();
    let step = parts.next();
    if parts.next().is_some() {
        return Err(format!("too many slashes: {text}"));
    }
    let ends: Vec<&str> = span.split('-').collect();
    let (low, mut high) = match ends[..] {
        ["*" | "?"] => (bounds.low, bounds.high),
        [one] => (number(one, bounds)?, number(one, bounds)?),
        [low, high] => (number(low, bounds)?, number(high, bounds)?),
        _ => return Err(format!("too many hyphens: {text}")),
    };
    let step = match step {
        None => 1,
        Some(step) => {
            if ends.len() == 1 && !matches!(ends[0], "*" | "?") {
                high = bounds.high;
            }
            integer(step)?
        }
    };
    if low < bounds.low {
        return Err(format!("beginning of range ({low}) below minimum ({}): {text}", bounds.low));
    }
    if high > bounds.high {
        return Err(format!("end of range ({high}) above maximum ({}): {text}", bounds.high));
    }
    if low > high {
        return Err(format!("beginning of range ({low}) beyond end of range ({high}): {text}"));
    }
    let step = usize::try_from(step).unwrap_or_default();
    if step == 0 {
        return Err(format!("step of range should be a positive number: {text}"));
    }
    Ok((low..=high).step_by(step).fold(0, |bits, value| bits | 1 << value))
}

fn number(text: &str, bounds: &Bounds) -> Result<u32, String> {
    match bounds.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        Some(index) => Ok(bounds.low + u32::try_from(index).unwrap_or_default()),
        None => integer(text),
    }
}

fn integer(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| {
        let quoted = api::field::quoted(text);
        if text.parse::<i64>().is_ok_and(|number| number < 0) {
            format!("negative number ({text}) not allowed: {text}")
        } else {
            format!("failed to parse int from {text}: strconv.Atoi: parsing {quoted}: invalid syntax")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(values: impl IntoIterator<Item = u32>) -> u64 {
        values.into_iter().fold(0, |bits, value| bits | 1 << value)
    }

    #[test]
    fn fields_and_words() {
        assert_eq!(
            Schedule::parse("*/15 1-3 1,15 jan MON-fri"),
            Ok(Schedule::Fields {
                minutes: bits([0, 15, 30, 45]),
                hours: bits([1, 2, 3]),
                days_of_month: bits([1, 15]),
                months: bits([1]),
                days_of_week: bits(1..=5),
                any_day_of_month: false,
                any_day_of_week: false
            })
        );
        assert_eq!(Schedule::parse("@hourly"), Schedule::parse("0 * * * *"));
        assert_eq!(Schedule::parse("@every 1m30s"), Ok(Schedule::Every { seconds: 90 }));
        assert_eq!(Schedule::parse("50/5 0 * * ?"), Schedule::parse("50,55 0 * * *"));
    }

    #[test]
    fn faults() {
        let check = |text: &str, expected: &str| assert_eq!(Schedule::parse(text), Err(expected.to_owned()));
        check("", "empty spec string");
        check("error", "expected exactly 5 fields, found 1: [error]");
        check("60 * * * *", "end of range (60) above maximum (59): 60");
        check("* * 0 * *", "beginning of range (0) below minimum (1): 0");
        check("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1");
        check("*/0 * * * *", "step of range should be a positive number: */0");
        check("1-2-3 * * * *", "too many hyphens: 1-2-3");
        check("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax");
        check("@never", "unrecognized descriptor: @never");
    }
}
