//! Spans of time as kubectl's AGE columns and describe show them: two or three significant figures, largest unit first.

use jiff::{SignedDuration, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// `HumanDuration` of apimachinery: `45s`, `3m12s`, `5h7m`, `2d3h`, `400d`, `2y30d`. Up to two seconds in the future count as now (clocks differ), beyond is `<invalid>`.
pub fn human(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    if seconds < -1 {
        return "<invalid>".to_owned();
    }
    if seconds < 0 {
        return "0s".to_owned();
    }
    let days = seconds / DAY;
    if seconds < 2 * MINUTE {
        format!("{seconds}s")
    } else if seconds < 10 * MINUTE {
        pair(seconds / MINUTE, "m", seconds % MINUTE, "s")
    } else if seconds < 3 * HOUR {
        format!("{}m", seconds / MINUTE)
    } else if seconds < 8 * HOUR {
        pair(seconds / HOUR, "h", seconds / MINUTE % 60, "m")
    } else if seconds < 2 * DAY {
        format!("{}h", seconds / HOUR)
    } else if seconds < 8 * DAY {
        pair(days, "d", seconds / HOUR % 24, "h")
    } else if seconds < 2 * YEAR {
        format!("{days}d")
    } else if seconds < 8 * YEAR {
        pair(days / 365, "y", days % 365, "d")
    } else {
        format!("{}y", days / 365)
    }
}

/// `ShortHumanDuration` of apimachinery: one unit only.
pub fn short_human(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    if seconds < -1 {
        return "<invalid>".to_owned();
    }
    if seconds < 0 {
        return "0s".to_owned();
    }
    if seconds < MINUTE {
        format!("{seconds}s")
    } else if seconds < HOUR {
        format!("{}m", seconds / MINUTE)
    } else if seconds < DAY {
        format!("{}h", seconds / HOUR)
    } else if seconds < YEAR {
        format!("{}d", seconds / DAY)
    } else {
        format!("{}y", seconds / YEAR)
    }
}

/// How long ago `then` was, seen from `now`; `<unknown>` where there is no time.
pub fn since(then: Option<Timestamp>, now: Timestamp) -> String {
    then.map_or_else(|| "<unknown>".to_owned(), |then| human(now.duration_since(then)))
}

/// As [`since`], of a time as it stands in JSON (RFC 3339); what is no time is `<unknown>`.
pub fn since_text(then: Option<&str>, now: Timestamp) -> String {
    since(then.and_then(|text| text.parse().ok()), now)
}

fn pair(large: i64, large_unit: &str, small: i64, small_unit: &str) -> String {
    if small == 0 { format!("{large}{large_unit}") } else { format!("{large}{large_unit}{small}{small_unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: apimachinery's duration_test.go.
    #[test]
    fn human_durations() {
        let second = 1;
        for (seconds, expected) in [
            (second, "1s"),
            (0, "0s"),
            (-1, "0s"),
            (-2, "<invalid>"),
            (70, "70s"),
            (119, "119s"),
            (180, "3m"),
            (190, "3m10s"),
            (599, "9m59s"),
            (3 * HOUR - 1, "179m"),
            (3 * HOUR, "3h"),
            (3 * HOUR + 20 * MINUTE, "3h20m"),
            (8 * HOUR, "8h"),
            (47 * HOUR, "47h"),
            (2 * DAY, "2d"),
            (2 * DAY + 3 * HOUR, "2d3h"),
            (8 * DAY, "8d"),
            (8 * DAY + 5 * HOUR, "8d"),
            (2 * YEAR - DAY, "729d"),
            (2 * YEAR, "2y"),
            (2 * YEAR + 5 * DAY, "2y5d"),
            (8 * YEAR, "8y"),
            (8 * YEAR + 100 * DAY, "8y"),
        ] {
            assert_eq!(human(SignedDuration::from_secs(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn short_human_durations() {
        for (seconds, expected) in [
            (0, "0s"),
            (59, "59s"),
            (61, "1m"),
            (2 * HOUR + 5, "2h"),
            (49 * HOUR, "2d"),
            (364 * DAY, "364d"),
            (YEAR, "1y"),
            (-2, "<invalid>"),
        ] {
            assert_eq!(short_human(SignedDuration::from_secs(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn ages() {
        let now: Timestamp = "2024-01-02T00:00:00Z".parse().unwrap();
        assert_eq!(since_text(Some("2024-01-01T00:00:00Z"), now), "24h");
        assert_eq!(since_text(None, now), "<unknown>");
        assert_eq!(since_text(Some("yesterday"), now), "<unknown>");
    }
}
