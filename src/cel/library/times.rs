//! Parts of points in time and of durations.

use jiff::civil::DateTime;

use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("timestamp_to_year", "getFullYear", "timestamp.() -> int", full_year),
    row("timestamp_to_year_with_tz", "getFullYear", "timestamp.(string) -> int", full_year),
    row("timestamp_to_month", "getMonth", "timestamp.() -> int", month),
    row("timestamp_to_month_with_tz", "getMonth", "timestamp.(string) -> int", month),
    row("timestamp_to_day_of_year", "getDayOfYear", "timestamp.() -> int", day_of_year),
    row("timestamp_to_day_of_year_with_tz", "getDayOfYear", "timestamp.(string) -> int", day_of_year),
    row("timestamp_to_day_of_month", "getDayOfMonth", "timestamp.() -> int", day_of_month),
    row("timestamp_to_day_of_month_with_tz", "getDayOfMonth", "timestamp.(string) -> int", day_of_month),
    row("timestamp_to_day_of_month_1_based", "getDate", "timestamp.() -> int", date),
    row("timestamp_to_day_of_month_1_based_with_tz", "getDate", "timestamp.(string) -> int", date),
    row("timestamp_to_day_of_week", "getDayOfWeek", "timestamp.() -> int", day_of_week),
    row("timestamp_to_day_of_week_with_tz", "getDayOfWeek", "timestamp.(string) -> int", day_of_week),
    row("timestamp_to_hours", "getHours", "timestamp.() -> int", hours),
    row("timestamp_to_hours_with_tz", "getHours", "timestamp.(string) -> int", hours),
    row("duration_to_hours", "getHours", "duration.() -> int", hours),
    row("timestamp_to_minutes", "getMinutes", "timestamp.() -> int", minutes),
    row("timestamp_to_minutes_with_tz", "getMinutes", "timestamp.(string) -> int", minutes),
    row("duration_to_minutes", "getMinutes", "duration.() -> int", minutes),
    row("timestamp_to_seconds", "getSeconds", "timestamp.() -> int", seconds),
    row("timestamp_to_seconds_tz", "getSeconds", "timestamp.(string) -> int", seconds),
    row("duration_to_seconds", "getSeconds", "duration.() -> int", seconds),
    row("timestamp_to_milliseconds", "getMilliseconds", "timestamp.() -> int", milliseconds),
    row("timestamp_to_milliseconds_with_tz", "getMilliseconds", "timestamp.(string) -> int", milliseconds),
    row("duration_to_milliseconds", "getMilliseconds", "duration.() -> int", milliseconds),
];

/// A part of a point in time, or how many whole units a duration has.
fn part<'a>(args: &[Value<'a>], of_moment: impl FnOnce(&DateTime) -> i64, unit: i64) -> Outcome<'a> {
    let (moment, zone) = match args {
        [Value::Duration(nanoseconds)] => return Ok(Value::Int(nanoseconds / unit)),
        [Value::Timestamp(moment)] => (moment, "UTC"),
        [Value::Timestamp(moment), Value::String(zone)] => (moment, &**zone),
        _ => return no_such_overload(),
    };
    match moment.civil_in(zone) {
        Ok(civil) => Ok(Value::Int(of_moment(&civil))),
        Err(message) => error(message),
    }
}

fn full_year<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.year().into(), 1)
}

fn month<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| i64::from(civil.month()) - 1, 1)
}

fn day_of_year<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| i64::from(civil.day_of_year()) - 1, 1)
}

fn day_of_month<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| i64::from(civil.day()) - 1, 1)
}

fn date<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.day().into(), 1)
}

fn day_of_week<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.weekday().to_sunday_zero_offset().into(), 1)
}

fn hours<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.hour().into(), 3_600_000_000_000)
}

fn minutes<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.minute().into(), 60_000_000_000)
}

fn seconds<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.second().into(), 1_000_000_000)
}

fn milliseconds<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    part(args, |civil| civil.millisecond().into(), 1_000_000)
}
