//! Times as the API writes them: `Time` to the second, `MicroTime` to the microsecond, always in UTC with a `Z`.

use jiff::Timestamp;

/// `2006-01-02T15:04:05Z`: `metav1.Time`. Fractions are cut off, not rounded.
pub fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2006-01-02T15:04:05.000000Z`: `metav1.MicroTime`.
pub fn micros(time: Timestamp) -> String {
    let micros = time.as_microsecond().rem_euclid(1_000_000);
    format!("{}.{micros:06}Z", seconds(time).trim_end_matches('Z'))
}

/// The time cut to what [`seconds`] writes, so that an object reads back as it was written.
pub fn truncated(time: Timestamp) -> Timestamp {
    let second = time.as_millisecond().div_euclid(1000);
    Timestamp::from_second(second).expect("a whole second of a valid time is a valid time")
}

/// Reads RFC 3339 with any offset and any fraction.
pub fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let time = parse("2026-01-02T03:04:05.678901234+01:00").unwrap();
        assert_eq!(seconds(time), "2026-01-02T02:04:05Z");
        assert_eq!(micros(time), "2026-01-02T02:04:05.678901Z");
        assert_eq!(truncated(time).to_string(), "2026-01-02T02:04:05Z");
        let early = parse("1969-12-31T23:59:59.25Z").unwrap();
        assert_eq!((seconds(early), micros(early)), ("1969-12-31T23:59:59Z".to_owned(), "1969-12-31T23:59:59.250000Z".to_owned()));
        assert_eq!(truncated(early).as_second(), -1);
    }
}
