//! `'%s has %d'.format([a, b])`: clauses and what they may be given. The numbers are written as upstream writes them, for an American reader.

use crate::data::display;
use crate::evaluate::Context;
use crate::library::double_text;
use crate::signature::{Row, row};
use crate::time::duration_text;
use crate::types::Type;
use crate::value::{Failure, List, Map, Outcome, Value, error, no_such_overload};

pub(crate) const TABLE: &[Row] = &[row("string_format", "format", "string.(list(dyn)) -> string", format)];

/// Digits behind the point where a clause does not say.
const DEFAULT_PRECISION: usize = 6;
/// More digits than any double has are refused, so that no text becomes too long.
const PRECISION_LIMIT: usize = 1000;

/// How an argument is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clause {
    Text,
    Decimal,
    Fixed(usize),
    Scientific(usize),
    Binary,
    Hex { upper: bool },
    Octal,
}

impl Clause {
    /// Whether an argument of a type may be given, as far as the type tells.
    pub(crate) fn takes(self, kind: &Type) -> bool {
        use Type::{Bool, Bytes, Double, Duration, Dyn, Int, List, Map, Null, String, Timestamp, Uint};
        match self {
            _ if matches!(kind, Dyn) => true,
            Clause::Text => {
                matches!(kind, List(_) | Map(_) | Int | Uint | Double | Bool | String | Timestamp | Bytes | Duration | Null | Type::Type(_))
            }
            Clause::Decimal | Clause::Octal => matches!(kind, Int | Uint),
            Clause::Fixed(_) | Clause::Scientific(_) => matches!(kind, Double | String),
            Clause::Binary => matches!(kind, Int | Uint | Bool),
            Clause::Hex { .. } => matches!(kind, Int | Uint | String | Bytes),
        }
    }

    /// What is said of an argument that may not be given.
    pub(crate) fn refusal(self, given: &str) -> String {
        let what = match self {
            Clause::Text => {
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps"
            }
            Clause::Decimal => "decimal clause can only be used on integers",
            Clause::Fixed(_) => "fixed-point clause can only be used on doubles",
            Clause::Scientific(_) => "scientific clause can only be used on doubles",
            Clause::Binary => "only integers and bools can be formatted as binary",
            Clause::Hex { .. } => "only integers, byte buffers, and strings can be formatted as hex",
            Clause::Octal => "octal clause can only be used on integers",
        };
        format!("{what}, was given {given}")
    }
}

/// Why a text cannot be formatted.
pub(crate) enum Refusal<E> {
    /// The text itself is wrong.
    Text(String),
    /// An argument is.
    Argument(E),
}

/// Walks a format: `write` gets the number of each argument and its clause. Returns how many arguments were asked for.
pub(crate) fn interpolate<E>(
    format: &str,
    arguments: usize,
    built: &mut Vec<u8>,
    mut write: impl FnMut(usize, Clause, &mut Vec<u8>) -> Result<(), E>,
) -> Result<usize, Refusal<E>> {
    let mut rest = format.as_bytes();
    let mut asked = 0;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if *byte != b'%' {
            built.push(*byte);
        } else if let Some(behind) = rest.strip_prefix(b"%") {
            built.push(b'%');
            rest = behind;
        } else {
            if rest.is_empty() {
                return Err(Refusal::Text(if asked < arguments {
                    "unexpected end of string".to_owned()
                } else {
                    format!("index {asked} out of range")
                }));
            }
            if asked >= arguments {
                return Err(Refusal::Text(format!("index {asked} out of range")));
            }
            let (clause, behind) = clause(rest).map_err(|why| Refusal::Text(format!("could not parse formatting clause: {why}")))?;
            write(asked, clause, built).map_err(Refusal::Argument)?;
            asked += 1;
            rest = behind;
        }
    }
    Ok(asked)
}

fn clause(text: &[u8]) -> Result<(Clause, &[u8]), String> {
    let (precision, rest) = match text.strip_prefix(b".") {
        None => (None, text),
        Some(behind) => {
            let end = behind
                .iter()
                .position(|byte| !byte.is_ascii_digit())
                .ok_or("error while parsing precision: could not find end of precision specifier")?;
            let (digits, rest) = behind.split_at(end);
            let digits = String::from_utf8_lossy(digits);
            let precision: usize = digits
                .parse()
                .map_err(|_| format!("error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing {digits:?}: invalid syntax"))?;
            if precision > PRECISION_LIMIT {
                return Err(format!(
                    "error while parsing precision: precision {precision} exceeds maximum allowed precision {PRECISION_LIMIT}"
                ));
            }
            (Some(precision), rest)
        }
    };
    let (letter, rest) = rest.split_first().ok_or("unexpected end of string")?;
    let precision = precision.unwrap_or(DEFAULT_PRECISION);
    let clause = match letter {
        b's' => Clause::Text,
        b'd' => Clause::Decimal,
        b'f' => Clause::Fixed(precision),
        b'e' => Clause::Scientific(precision),
        b'b' => Clause::Binary,
        b'x' | b'X' => Clause::Hex { upper: *letter == b'X' },
        b'o' => Clause::Octal,
        other => return Err(format!("unrecognized formatting clause \"{}\"", char::from(*other))),
    };
    Ok((clause, rest))
}

fn format<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::List(list)] = args else { return no_such_overload() };
    let mut built = Vec::with_capacity(text.len());
    let done = interpolate(text, list.len(), &mut built, |index, clause, built| {
        let argument = match list.get(index) {
            Some(argument) => argument?,
            None => return error(format!("index {index} out of range")),
        };
        built.extend_from_slice(written(clause, &argument)?.as_bytes());
        Ok(())
    });
    match done {
        Ok(_) => Ok(Value::text(String::from_utf8_lossy(&built).into_owned())),
        Err(Refusal::Text(why)) => error(why),
        Err(Refusal::Argument(Failure::Error(why))) => error(format!("error during formatting: {why}")),
        Err(Refusal::Argument(failure)) => Err(failure),
    }
}

fn written(clause: Clause, value: &Value<'_>) -> Result<String, Failure> {
    let refused = || error(clause.refusal(value.kind().runtime_name()));
    Ok(match (clause, value) {
        (Clause::Text, Value::List(list)) => list_text(list)?,
        (Clause::Text, Value::Map(map)) => map_text(map)?,
        (Clause::Text, Value::Double(number)) => double_text(*number),
        (Clause::Text, Value::Duration(nanoseconds)) => duration_text(*nanoseconds),
        (
            Clause::Text,
            Value::Int(_)
            | Value::Uint(_)
            | Value::Bool(_)
            | Value::String(_)
            | Value::Timestamp(_)
            | Value::Bytes(_)
            | Value::Type(_)
            | Value::Null,
        )
        | (Clause::Decimal, Value::Int(_) | Value::Uint(_)) => display(value),
        (Clause::Fixed(precision), _) => match number(value) {
            Some(number) => fixed(number, precision),
            None => return refused(),
        },
        (Clause::Scientific(precision), _) => match number(value) {
            Some(number) => scientific(number, precision),
            None => return refused(),
        },
        (Clause::Binary, Value::Bool(value)) => u8::from(*value).to_string(),
        (Clause::Binary, Value::Int(number)) => signed(*number, |magnitude| format!("{magnitude:b}")),
        (Clause::Binary, Value::Uint(number)) => format!("{number:b}"),
        (Clause::Octal, Value::Int(number)) => signed(*number, |magnitude| format!("{magnitude:o}")),
        (Clause::Octal, Value::Uint(number)) => format!("{number:o}"),
        (Clause::Hex { upper }, _) => {
            let hex = match value {
                Value::Int(number) => signed(*number, |magnitude| format!("{magnitude:x}")),
                Value::Uint(number) => format!("{number:x}"),
                Value::String(text) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
                Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                _ => return refused(),
            };
            if upper { hex.to_uppercase() } else { hex }
        }
        _ => return refused(),
    })
}

fn signed(number: i64, show: impl FnOnce(u64) -> String) -> String {
    let magnitude = show(number.unsigned_abs());
    if number < 0 { format!("-{magnitude}") } else { magnitude }
}

/// The number of an argument: a double, or the name of what is none.
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        Value::String(text) => match &**text {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

fn not_finite(number: f64) -> Option<String> {
    match () {
        () if number.is_nan() => Some("NaN".to_owned()),
        () if number.is_infinite() => Some(if number > 0.0 { "\u{221e}" } else { "-\u{221e}" }.to_owned()),
        () => None,
    }
}

/// `1,234.500000`
fn fixed(number: f64, precision: usize) -> String {
    if let Some(text) = not_finite(number) {
        return text;
    }
    let plain = format!("{number:.precision$}");
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |plain| ("-", plain));
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or_else(|| format!("{sign}{grouped}"), |fraction| format!("{sign}{grouped}.{fraction}"))
}

/// `1.234500` times ten to a power in superscript. Upstream takes the clause's precision for a width.
fn scientific(number: f64, width: usize) -> String {
    const SUPERSCRIPT: [char; 10] =
        ['\u{2070}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2078}', '\u{2079}'];
    if let Some(text) = not_finite(number) {
        return text;
    }
    let plain = format!("{number:.DEFAULT_PRECISION$e}");
    let (mantissa, exponent) = plain.split_once('e').unwrap_or((&plain, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(("", exponent), |digits| ("\u{207b}", digits));
    let digits: String = format!("{digits:0>2}").chars().filter_map(|digit| SUPERSCRIPT.get(digit.to_digit(10)? as usize)).collect();
    format!("{:>width$}", format!("{mantissa}\u{202f}\u{d7}\u{202f}10{sign}{digits}"))
}

/// A member of a list or map, as an expression would write it.
fn member(value: &Value<'_>) -> Result<String, Failure> {
    Ok(match value {
        Value::String(text) => format!("{:?}", &**text),
        Value::Bytes(bytes) => format!("b{:?}", String::from_utf8_lossy(bytes)),
        Value::Timestamp(moment) => format!("timestamp(\"{moment}\")"),
        Value::Duration(nanoseconds) => format!("duration(\"{}\")", duration_text(*nanoseconds)),
        Value::Double(number) if number.is_finite() => format!("{number:.DEFAULT_PRECISION$}"),
        Value::Double(number) => format!("{:?}", double_text(*number)),
        Value::List(list) => list_text(list)?,
        Value::Map(map) => map_text(map)?,
        Value::Int(_) | Value::Uint(_) | Value::Bool(_) | Value::Null | Value::Type(_) => display(value),
        other => return error(format!("no formatting function for {}", other.kind().runtime_name())),
    })
}

fn list_text(list: &List<'_>) -> Result<String, Failure> {
    let members = list.iter().map(|element| member(&element?)).collect::<Result<Vec<_>, _>>()?;
    Ok(format!("[{}]", members.join(", ")))
}

fn map_text(map: &Map<'_>) -> Result<String, Failure> {
    let mut entries = Vec::new();
    for key in map.keys() {
        if !matches!(key, Value::String(_) | Value::Bool(_) | Value::Int(_) | Value::Uint(_)) {
            return error(format!("no formatting function for map key of type {}", key.kind().runtime_name()));
        }
        let Some(value) = map.get(&key)? else { return error(format!("could not find key: {:?}", display(&key))) };
        entries.push((member(&key)?, member(&value)?));
    }
    entries.sort();
    let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
    Ok(format!("{{{}}}", entries.join(", ")))
}
