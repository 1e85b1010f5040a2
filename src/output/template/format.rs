//! `fmt.Sprintf` for the values that templates have.

use serde_json::Value;

use super::value::{Data, Val};
use crate::go_text;

/// The flags between `%` and the verb.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Go's `Sprintf`; mistakes show up in the text as Go shows them.
pub fn sprintf(format: &str, arguments: &[Val<'_>]) -> String {
    let mut out = String::new();
    let mut next = 0;
    let mut rest = format.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut flags = Flags::default();
        while let Some(flag) = rest.next_if(|flag| matches!(flag, '-' | '+' | '#' | ' ' | '0')) {
            match flag {
                '-' => flags.minus = true,
                '+' => flags.plus = true,
                '#' => flags.sharp = true,
                ' ' => flags.space = true,
                _ => flags.zero = true,
            }
        }
        if rest.next_if_eq(&'*').is_some() {
            match integer_argument(arguments, &mut next) {
                Some(width) => {
                    flags.minus |= width < 0;
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => out.push_str("%!(BADWIDTH)"),
            }
        } else {
            flags.width = digits(&mut rest);
        }
        if rest.next_if_eq(&'.').is_some() {
            if rest.next_if_eq(&'*').is_some() {
                flags.precision = integer_argument(arguments, &mut next).and_then(|precision| usize::try_from(precision).ok());
                if flags.precision.is_none() {
                    out.push_str("%!(BADPREC)");
                }
            } else {
                flags.precision = Some(digits(&mut rest).unwrap_or(0));
            }
        }
        match rest.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => match arguments.get(next) {
                None => out.push_str(&format!("%!{verb}(MISSING)")),
                Some(argument) => {
                    next += 1;
                    out.push_str(&one(&argument.data, verb, flags));
                }
            },
        }
    }
    if next < arguments.len() {
        let extra: Vec<String> = arguments[next..].iter().map(|argument| described(&argument.data)).collect();
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    out
}

fn digits(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<usize> {
    let mut number = None;
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        // wider than any line: what Go calls too large is cut here
        number = Some((number.unwrap_or(0) * 10 + digit.to_digit(10).unwrap_or_default() as usize).min(1_000_000));
    }
    number
}

fn integer_argument(arguments: &[Val<'_>], next: &mut usize) -> Option<i64> {
    let argument = arguments.get(*next)?;
    *next += 1;
    match argument.data {
        Data::Int(value, _) if value.abs() <= 1_000_000 => Some(value),
        _ => None,
    }
}

/// `type=value`, as in complaints.
fn described(data: &Data<'_>) -> String {
    match data {
        Data::Nothing => "<nil>".to_owned(),
        other => format!("{}={}", other.type_name(), other.sprint()),
    }
}

fn bad_verb(data: &Data<'_>, verb: char) -> String {
    format!("%!{verb}({})", described(data))
}

fn one(data: &Data<'_>, verb: char, flags: Flags) -> String {
    if verb == 'T' {
        return pad(data.type_name().to_owned(), Flags { zero: false, ..flags });
    }
    match data {
        Data::Nothing if verb == 'v' => pad("<nil>".to_owned(), Flags { zero: false, ..flags }),
        Data::Nothing => bad_verb(data, verb),
        Data::Bool(flag) if matches!(verb, 't' | 'v') => pad(flag.to_string(), Flags { zero: false, ..flags }),
        Data::Bool(_) => bad_verb(data, verb),
        Data::Int(value, _) => int(data, *value, verb, flags),
        Data::Float(value) => float(data, *value, verb, flags),
        Data::Text(text) => string(data, text, verb, flags),
        Data::List(items) => {
            let elements: Vec<String> = items.iter().map(|item| element(item, verb, flags)).collect();
            if verb == 'v' && flags.sharp {
                go_text::sprint_syntax(&Value::Array(items.to_vec()))
            } else {
                format!("[{}]", elements.join(" "))
            }
        }
        Data::Map(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, item)| format!("{}:{}", one(&Data::Text(key.into()), verb, flags), element(item, verb, flags)))
                .collect();
            if verb == 'v' && flags.sharp {
                go_text::sprint_syntax(&Value::Object((*map).clone()))
            } else {
                format!("map[{}]", entries.join(" "))
            }
        }
    }
}

fn element(item: &Value, verb: char, flags: Flags) -> String {
    match item {
        Value::Null if verb == 'v' => pad("<nil>".to_owned(), Flags { zero: false, ..flags }),
        Value::Null => format!("%!{verb}(<nil>)"),
        _ => one(&Data::from_json(item), verb, flags),
    }
}

fn int(data: &Data<'_>, value: i64, verb: char, flags: Flags) -> String {
    let magnitude = value.unsigned_abs();
    let digits = match verb {
        'd' | 'v' => magnitude.to_string(),
        'b' => format!("{}{magnitude:b}", if flags.sharp { "0b" } else { "" }),
        'o' => format!("{}{magnitude:o}", if flags.sharp { "0" } else { "" }),
        'O' => format!("0o{magnitude:o}"),
        'x' => format!("{}{magnitude:x}", if flags.sharp { "0x" } else { "" }),
        'X' => format!("{}{magnitude:X}", if flags.sharp { "0X" } else { "" }),
        'c' => return pad(character(value).to_string(), flags),
        'q' => return pad(format!("'{}'", character(value)), flags),
        'U' => return pad(format!("U+{magnitude:04X}"), flags),
        _ => return bad_verb(data, verb),
    };
    let digits = match flags.precision {
        Some(0) if value == 0 => String::new(),
        Some(precision) => format!("{digits:0>precision$}"),
        None => digits,
    };
    signed(value < 0, &digits, Flags { zero: flags.zero && flags.precision.is_none(), ..flags })
}

fn character(value: i64) -> char {
    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn float(data: &Data<'_>, value: f64, verb: char, flags: Flags) -> String {
    let magnitude = value.abs();
    let digits = match (verb, flags.precision) {
        ('v' | 'g' | 'G', None) => go_text::float_general(magnitude),
        ('v' | 'g' | 'G', Some(precision)) => general(magnitude, precision.max(1)),
        ('f' | 'F', precision) => format!("{magnitude:.*}", precision.unwrap_or(6)),
        ('e' | 'E', precision) => exponential(magnitude, precision.unwrap_or(6)),
        _ => return bad_verb(data, verb),
    };
    let digits = if matches!(verb, 'E' | 'G') { digits.to_uppercase() } else { digits };
    signed(value.is_sign_negative(), &digits, flags)
}

fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// `%.3g`: the shorter of both notations, without trailing zeros.
fn general(value: f64, precision: usize) -> String {
    let text = exponential(value, precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
    let power: i32 = exponent.parse().unwrap_or_default();
    let trim = |text: &str| if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() };
    if power < -4 || power >= precision as i32 {
        return format!("{}e{exponent}", trim(mantissa));
    }
    let decimals = (precision as i32 - 1 - power).max(0) as usize;
    trim(&format!("{value:.decimals$}"))
}

fn signed(negative: bool, digits: &str, flags: Flags) -> String {
    let sign = match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    if let Some(width) = flags.width.filter(|_| flags.zero && !flags.minus) {
        let zeros = width.saturating_sub(sign.len() + digits.len());
        return format!("{sign}{}{digits}", "0".repeat(zeros));
    }
    pad(format!("{sign}{digits}"), flags)
}

fn string(data: &Data<'_>, text: &str, verb: char, flags: Flags) -> String {
    let cut: String = match flags.precision {
        Some(precision) if verb != 'x' && verb != 'X' => text.chars().take(precision).collect(),
        _ => text.to_owned(),
    };
    let written = match verb {
        'v' if flags.sharp => go_text::quote(&cut),
        's' | 'v' => cut,
        'q' if flags.sharp && !cut.contains(['`', '\n']) => format!("`{cut}`"),
        'q' => go_text::quote(&cut),
        'x' => cut.bytes().map(|byte| format!("{byte:02x}")).collect(),
        'X' => cut.bytes().map(|byte| format!("{byte:02X}")).collect(),
        _ => return bad_verb(data, verb),
    };
    pad(written, flags)
}

fn pad(text: String, flags: Flags) -> String {
    let Some(width) = flags.width else { return text };
    let missing = width.saturating_sub(text.chars().count());
    match (flags.minus, flags.zero) {
        (true, _) => format!("{text}{}", " ".repeat(missing)),
        (false, true) => format!("{}{text}", "0".repeat(missing)),
        (false, false) => format!("{}{text}", " ".repeat(missing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_go() {
        let arguments = |data: Vec<Data<'static>>| data.into_iter().map(Val::of).collect::<Vec<_>>();
        for (format, data, expected) in [
            ("%d|%5d|%-5d|%05d|%+d|%x", vec![Data::Int(42, "int"); 6], "42|   42|42   |00042|+42|2a"),
            ("%s|%8s|%-8s|%.2s|%q", vec![Data::Text("héy".into()); 5], "héy|     héy|héy     |hé|\"héy\""),
            ("%v|%.2f|%e|%8.3f|%g", vec![Data::Float(1234.5); 5], "1234.5|1234.50|1.234500e+03|1234.500|1234.5"),
            ("%d%%|%s", vec![Data::Text("x".into())], "%!d(string=x)%|%!s(MISSING)"),
            ("x", vec![Data::Int(1, "int"), Data::Nothing], "x%!(EXTRA int=1, <nil>)"),
            ("%t %v %s %", vec![Data::Bool(true), Data::Nothing, Data::Nothing], "true <nil> %!s(<nil>) %!(NOVERB)"),
            ("%*d", vec![Data::Int(5, "int"), Data::Int(7, "int")], "    7"),
        ] {
            assert_eq!(sprintf(format, &arguments(data)), expected, "{format}");
        }
    }
}
