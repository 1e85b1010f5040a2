//! Strings in YAML: which style go-yaml v2 chooses, how it writes each, and its order of keys.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// The style for `text`; a simple key (one before its colon) has no literal form.
pub fn style(text: &str, simple_key: bool) -> Style {
    let facts = Facts::of(text);
    let wanted = if text.contains('\n') {
        Style::Literal
    } else if resolves_to_string(text) && !is_base_60(text) {
        Style::Plain
    } else {
        Style::Double
    };
    match wanted {
        Style::Literal if facts.block && !simple_key => Style::Literal,
        Style::Literal | Style::Double => Style::Double,
        Style::Plain | Style::Single if facts.plain => Style::Plain,
        Style::Plain | Style::Single if facts.single => Style::Single,
        Style::Plain | Style::Single => Style::Double,
    }
}

/// Whether a line break of any kind stands in `text`.
pub fn has_break(text: &str) -> bool {
    text.chars().any(is_break)
}

/// What the emitter's analysis of a scalar allows.
struct Facts {
    plain: bool,
    single: bool,
    block: bool,
}

impl Facts {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { plain: true, single: true, block: false };
        }
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut special, mut breaks) = (false, false);
        let (mut leading, mut trailing_space, mut trailing_break, mut break_space, mut space_break) = (false, false, false, false, false);
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        for (at, character) in text.char_indices() {
            let rest = &text[at + character.len_utf8()..];
            let before_blank = rest.is_empty() || rest.starts_with([' ', '\t']);
            let first = at == 0;
            indicators |= match character {
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' if first => true,
                '?' | '-' if first => before_blank,
                ':' => before_blank,
                '#' => after_blank,
                _ => false,
            };
            special |= !is_printable(character);
            if character == ' ' {
                leading |= first;
                trailing_space |= rest.is_empty();
                break_space |= after_break;
            } else if is_break(character) {
                breaks = true;
                leading |= first;
                trailing_break |= rest.is_empty();
                space_break |= after_space;
            }
            after_space = character == ' ';
            after_break = is_break(character);
            after_blank = matches!(character, ' ' | '\t' | '\0') || is_break(character);
        }
        let hard = space_break || special;
        Self {
            plain: !(leading || trailing_space || trailing_break || break_space || hard || breaks || indicators),
            single: !(break_space || hard),
            block: !(trailing_space || hard),
        }
    }
}

/// How many characters stand after the last line break.
pub fn column(out: &str) -> usize {
    out.chars().rev().take_while(|character| !is_break(*character)).count()
}

/// Line breaks of YAML 1.1.
pub fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// libyaml's printable set: line feed, visible ASCII, and the basic multilingual plane without controls, surrogates, marks and non-characters.
fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether plain text would be read back as a string, not as null, bool, number or time.
fn resolves_to_string(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return false };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => !WORDS.contains(&text),
        b'.' => !(WORDS.contains(&text) || go_parses_float(text)),
        b'+' | b'-' | b'0'..=b'9' => !(WORDS.contains(&text) || is_timestamp(text) || is_number(&text.replace('_', ""))),
        _ => true,
    }
}

/// YAML 1.1's names of null, booleans and special floats.
const WORDS: &[&str] = &[
    "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off",
    "Off", "OFF", "~", "null", "Null", "NULL", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
    "-.INF",
];

static FLOAT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$").expect("a fixed pattern"));
static BASE_60: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$").expect("a fixed pattern"));
static TIMESTAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?$").expect("a fixed pattern")
});

/// Decimal floats within the range of a float64.
pub fn go_parses_float(text: &str) -> bool {
    FLOAT.is_match(text) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_number(plain: &str) -> bool {
    integer(plain).is_some() || go_parses_float(plain)
}

/// Integers of up to 64 bits with Go's base prefixes: unsigned ones up to `u64::MAX`, with a sign those of an `i64`.
pub fn integer(plain: &str) -> Option<i128> {
    let (sign, digits) = match plain.as_bytes().first() {
        Some(b'-' | b'+') => plain.split_at(1),
        _ => ("", plain),
    };
    let lower = digits.to_ascii_lowercase();
    let (digits, radix) = match lower.get(..2) {
        Some("0x") => (&lower[2..], 16),
        Some("0b") => (&lower[2..], 2),
        Some("0o") => (&lower[2..], 8),
        _ if lower.len() > 1 && lower.starts_with('0') => (&lower[1..], 8),
        _ => (lower.as_str(), 10),
    };
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    match sign {
        "" => u64::from_str_radix(digits, radix).ok().map(i128::from),
        _ => i64::from_str_radix(&format!("{sign}{digits}"), radix).ok().map(i128::from),
    }
}

fn is_base_60(text: &str) -> bool {
    text.starts_with(['+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) && text.contains(':') && BASE_60.is_match(text)
}

/// The four forms of time that go-yaml reads.
pub fn is_timestamp(text: &str) -> bool {
    let Some(parts) = TIMESTAMP.captures(text) else { return false };
    let number = |index: usize| parts.get(index).and_then(|part| part.as_str().parse::<i16>().ok()).unwrap_or(0);
    let date = jiff::civil::Date::new(number(1), number(2) as i8, number(3) as i8);
    // a zone belongs to the forms with a T, and only to them
    let zone_fits = match parts.get(4).map(|separator| separator.as_str()) {
        None => true,
        Some(" ") => parts.get(8).is_none(),
        Some(_) => parts.get(8).is_some(),
    };
    date.is_ok() && zone_fits && number(5) < 24 && number(6) < 60 && number(7) < 60
}

/// Past this column the next single blank becomes a line break.
const BEST_WIDTH: usize = 80;

/// The end of the output while a scalar is written: where the column is, and how lines go on.
pub struct Line<'a> {
    out: &'a mut String,
    column: usize,
    /// Indent of further lines; none where the scalar must stay on one (a key).
    continued: Option<usize>,
}

impl<'a> Line<'a> {
    /// Goes on at the end of `out`.
    pub fn new(out: &'a mut String, continued: Option<usize>) -> Self {
        let column = column(out);
        Self { out, column, continued }
    }

    fn push(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn push_str(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Breaks the line where it is long enough. False where it is not.
    fn fold(&mut self) -> bool {
        match self.continued {
            Some(indent) if self.column > BEST_WIDTH => {
                self.out.push('\n');
                self.indent(indent);
                true
            }
            _ => false,
        }
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// As it is, folded at single blanks.
    pub fn plain(mut self, text: &str) {
        self.folded(text, |line, character| line.push(character), false);
    }

    /// Doubled quotes; line breaks other than line feeds keep a line of their own.
    pub fn single_quoted(mut self, text: &str) {
        self.push('\'');
        let quote = |line: &mut Self, character| {
            if character == '\'' {
                line.push('\'');
            }
            line.push(character);
        };
        self.folded(text, quote, true);
        self.push('\'');
    }

    fn folded(&mut self, text: &str, write: impl Fn(&mut Self, char), quoted: bool) {
        let (mut after_space, mut after_break) = (false, false);
        for (at, character) in text.char_indices() {
            let rest = &text[at + character.len_utf8()..];
            if character == ' ' {
                let inside = !quoted || (at > 0 && !rest.is_empty());
                if after_space || !inside || rest.starts_with(' ') || !self.fold() {
                    self.push(' ');
                }
            } else if is_break(character) {
                self.out.push(character);
                self.column = 0;
            } else {
                if after_break {
                    self.indent(self.continued.unwrap_or_default());
                }
                write(self, character);
            }
            after_space = character == ' ';
            after_break = is_break(character);
        }
    }

    /// Escapes as libyaml chooses them, hexadecimal in capitals.
    pub fn double_quoted(mut self, text: &str) {
        self.push('"');
        let mut after_space = false;
        for (at, character) in text.char_indices() {
            let rest = &text[at + character.len_utf8()..];
            if character == ' ' {
                if after_space || at == 0 || rest.is_empty() || !self.fold() {
                    self.push(' ');
                } else if rest.starts_with(' ') {
                    self.push('\\');
                }
            } else if is_printable(character) && !is_break(character) && !matches!(character, '"' | '\\') {
                self.push(character);
            } else {
                self.escaped(character);
            }
            after_space = character == ' ';
        }
        self.push('"');
    }

    fn escaped(&mut self, character: char) {
        self.push('\\');
        match character {
            '\0' => self.push('0'),
            '\u{7}' => self.push('a'),
            '\u{8}' => self.push('b'),
            '\t' => self.push('t'),
            '\n' => self.push('n'),
            '\u{b}' => self.push('v'),
            '\u{c}' => self.push('f'),
            '\r' => self.push('r'),
            '\u{1b}' => self.push('e'),
            '"' | '\\' => self.push(character),
            '\u{85}' => self.push('N'),
            '\u{2028}' => self.push('L'),
            '\u{2029}' => self.push('P'),
            _ => {
                let code = character as u32;
                self.push_str(&match code {
                    ..0x100 => format!("x{code:02X}"),
                    0x100..0x10000 => format!("u{code:04X}"),
                    _ => format!("U{code:08X}"),
                });
            }
        }
    }
}

/// A `|` block.
pub fn literal(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if text.starts_with(|character| character == ' ' || is_break(character)) {
        out.push('2');
    }
    let mut backwards = text.chars().rev();
    let ends = backwards.next().is_some_and(is_break);
    let keeps = ends && backwards.next().is_none_or(is_break);
    if !ends {
        out.push('-');
    } else if keeps {
        out.push('+');
    }
    out.push('\n');
    let mut at_line_start = true;
    for character in text.chars() {
        if is_break(character) {
            out.push(character);
            at_line_start = true;
            continue;
        }
        if std::mem::take(&mut at_line_start) {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        out.push(character);
    }
}

/// go-yaml's order of keys: numbers inside text by value, letters after everything else.
pub fn natural_order(left: &str, right: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let number = |text: &[char], from: usize, start: i64| {
        let mut end = from;
        let mut value = start;
        while let Some(digit) = text.get(end).and_then(|character| character.to_digit(10)) {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
            end += 1;
        }
        (value, end)
    };
    for at in 0..a.len().min(b.len()) {
        if a[at] == b[at] {
            continue;
        }
        match (a[at].is_alphabetic(), b[at].is_alphabetic()) {
            (true, true) => return a[at].cmp(&b[at]),
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        // a zero inside a number does not make it shorter
        let inside = (a[at] == '0' || b[at] == '0')
            && a[..at].iter().rev().take_while(|character| character.is_ascii_digit()).any(|character| *character != '0');
        let start = i64::from(inside);
        let ((left_value, left_end), (right_value, right_end)) = (number(&a, at, start), number(&b, at, start));
        return left_value.cmp(&right_value).then(left_end.cmp(&right_end)).then(a[at].cmp(&b[at]));
    }
    a.len().cmp(&b.len())
}
