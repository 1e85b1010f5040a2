//! Resource quantities (`500m`, `1.5Gi`, `2e3`) as exact numbers: parsing, the canonical text, comparison and sums, with upstream's rounding
//! (`k8s.io/apimachinery/pkg/api/resource`). Wire objects keep the text in `k8s_openapi`'s `Quantity`; this is the number behind it.
//! Numbers of more than 38 significant digits, which upstream computes with big integers, are refused, as are those of more than ten thousand zeros.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// In which family of suffixes a quantity is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `12e6`
    DecimalExponent,
    /// `12Mi`
    BinarySi,
    /// `12M`
    #[default]
    DecimalSi,
}

/// Why a text is no quantity. The words are upstream's and reach users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    #[error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    Format,
    #[error("unable to parse numeric part of quantity")]
    Numeric,
    #[error("unable to parse quantity's suffix")]
    Suffix,
}

/// An exact decimal number, `mantissa` times ten to the power of `scale`, and how it is written. Equality and order are those of the number.
#[derive(Clone, Debug, Default)]
pub struct Quantity {
    mantissa: i128,
    scale: i32,
    format: Format,
    /// What was parsed, where upstream keeps the author's text.
    text: Option<Box<str>>,
}

/// The finest amount that is kept: a nano unit.
const NANO: i32 = -9;
/// Zeros behind the last digit at most: with more it is an amount of nothing there is.
const LARGEST_SCALE: i32 = 10_000;
/// Texts whose digits fit into 18 places take upstream's int64 path, the only one that keeps the author's text.
const INT64_DIGITS: usize = 18;
/// Digits that always fit into the mantissa.
const DIGITS: usize = 38;
const DECIMAL_SUFFIXES: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY_SUFFIXES: [(&str, i32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The canonical text of a quantity: what upstream's server stores for it. `0.5` becomes `500m`, `1024Mi` becomes `1Gi`.
pub fn canonical(text: &str) -> Result<String, QuantityError> {
    text.parse::<Quantity>().map(|quantity| quantity.to_string())
}

impl Quantity {
    /// A whole number.
    pub fn new(value: i64, format: Format) -> Self {
        Self { mantissa: value.into(), scale: 0, format, text: None }
    }
    /// A number of thousandths.
    pub fn from_milli(value: i64, format: Format) -> Self {
        Self { mantissa: value.into(), scale: -3, format, text: None }
    }
    pub fn format(&self) -> Format {
        self.format
    }
    pub fn is_zero(&self) -> bool {
        self.mantissa == 0
    }
    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        self.mantissa.signum().try_into().expect("a sign fits")
    }
    /// In whole units, fractions rounded away from zero; saturates.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }
    /// In thousandths, finer fractions rounded away from zero; saturates.
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }
    /// In units of ten to the power of `scale`, fractions rounded away from zero; saturates.
    pub fn scaled_value(&self, scale: i32) -> i64 {
        let (value, _) = rounded(self.mantissa, i64::from(self.scale) - i64::from(scale));
        value.clamp(i64::MIN.into(), i64::MAX.into()).try_into().expect("clamped to the range")
    }
    /// As a float, for ratios and averages only.
    pub fn approximate(&self) -> f64 {
        self.mantissa as f64 * 10f64.powi(self.scale)
    }
    /// The sum; an addend of zero takes the other's format.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        self.sum(other, i128::saturating_add)
    }
    /// The difference; a minuend of zero takes the other's format.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.sum(other, i128::saturating_sub)
    }
    #[must_use]
    pub fn neg(&self) -> Self {
        Self { mantissa: self.mantissa.saturating_neg(), text: None, ..self.clone() }
    }
    /// Multiplied by a whole number; saturates.
    #[must_use]
    pub fn mul(&self, factor: i64) -> Self {
        Self { mantissa: self.mantissa.saturating_mul(factor.into()), text: None, ..self.clone() }
    }
    /// Rounded away from zero to a multiple of ten to the power of `scale`.
    #[must_use]
    pub fn rounded_up(&self, scale: i32) -> Self {
        if self.scale >= scale {
            return self.clone();
        }
        let (mantissa, _) = rounded(self.mantissa, i64::from(self.scale) - i64::from(scale));
        Self { mantissa, scale, format: self.format, text: None }
    }

    fn sum(&self, other: &Self, operation: fn(i128, i128) -> i128) -> Self {
        let scale = if other.is_zero() {
            self.scale
        } else if self.is_zero() {
            other.scale
        } else {
            self.scale.min(other.scale)
        };
        let at = |quantity: &Self| rounded(quantity.mantissa, i64::from(quantity.scale) - i64::from(scale)).0;
        let format = if self.is_zero() { other.format } else { self.format };
        Self { mantissa: operation(at(self), at(other)), scale, format, text: None }
    }

    /// Mantissa without trailing zeros; the scale that goes with it.
    fn normal(&self) -> (i128, i32) {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        if mantissa == 0 {
            return (0, 0);
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            scale = scale.saturating_add(1);
        }
        (mantissa, scale)
    }

    fn decimal_text(&self, format: Format) -> String {
        let (mut mantissa, mut scale) = self.normal();
        let largest = if format == Format::DecimalSi { 18 } else { i32::MAX };
        while scale.rem_euclid(3) != 0 || scale > largest {
            match mantissa.checked_mul(10) {
                Some(longer) => mantissa = longer,
                None => return format!("{mantissa}e{scale}"),
            }
            scale -= 1;
        }
        let suffix = match (format, scale) {
            (_, 0) => String::new(),
            (Format::DecimalExponent, _) => format!("e{scale}"),
            _ => DECIMAL_SUFFIXES.iter().find(|(_, exponent)| *exponent == scale).map_or("", |(suffix, _)| suffix).to_owned(),
        };
        format!("{mantissa}{suffix}")
    }

    /// `None` where binary suffixes do not fit: below 1024, or a fraction.
    fn binary_text(&self) -> Option<String> {
        let (mut whole, exact) = rounded(self.mantissa, self.scale.into());
        if !exact || (-1023..=1023).contains(&whole) {
            return None;
        }
        let mut exponent = 0;
        while whole % 1024 == 0 && exponent < 60 {
            whole /= 1024;
            exponent += 10;
        }
        let suffix = BINARY_SUFFIXES.iter().find(|(_, power)| *power == exponent).map_or("", |(suffix, _)| suffix);
        Some(format!("{whole}{suffix}"))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        if self.is_zero() {
            return f.write_str("0");
        }
        let text = match self.format {
            Format::BinarySi => self.binary_text().unwrap_or_else(|| self.decimal_text(Format::DecimalSi)),
            format => self.decimal_text(format),
        };
        f.write_str(&text)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Quantity {}
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, own_scale) = self.normal();
        let (others, others_scale) = other.normal();
        if own.signum() != others.signum() {
            return own.cmp(&others);
        }
        let difference = i64::from(own_scale) - i64::from(others_scale);
        let (own_shift, others_shift) = (difference.max(0), (-difference).max(0));
        match (shifted_up(own, own_shift), shifted_up(others, others_shift)) {
            (Some(own), Some(others)) => own.cmp(&others),
            // what no longer fits is the greater one in size
            (None, _) => own.signum().cmp(&0),
            (_, None) => 0.cmp(&others.signum()),
        }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let parts = Parts::split(text)?;
        let (base, exponent, format) = interpret(parts.suffix).ok_or(QuantityError::Suffix)?;
        if base == 10 { parts.decimal(text, exponent, format) } else { parts.binary(text, exponent) }
    }
}

/// A quantity's text taken apart.
struct Parts<'a> {
    negative: bool,
    /// Digits before the point, without leading zeros; `0` where there is none.
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, QuantityError> {
        let (negative, unsigned) = match text.as_bytes()[0] {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let digits = |text: &'a str| text.split_at(text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len()));
        let (whole, rest) = digits(unsigned.trim_start_matches('0'));
        let whole = if whole.is_empty() { "0" } else { whole };
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
        let letters = suffix.trim_start_matches(|character| "eEinumkKMGTP".contains(character));
        let exponent = letters.strip_prefix(['-', '+']).unwrap_or(letters);
        if !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(QuantityError::Format);
        }
        Ok(Self { negative, whole, fraction, suffix })
    }

    /// How many digits upstream counts when it chooses between int64 and big numbers.
    fn digits(&self) -> usize {
        self.whole.len() + self.fraction.len()
    }

    fn signed(&self, number: i128) -> i128 {
        if self.negative { -number } else { number }
    }

    fn decimal(&self, text: &str, exponent: i32, format: Format) -> Result<Quantity, QuantityError> {
        let room = DIGITS.checked_sub(self.whole.len()).ok_or(QuantityError::Numeric)?;
        let fraction = folded(self.fraction.trim_end_matches('0'), room);
        let mantissa: i128 = format!("{}{fraction}", self.whole).parse().map_err(|_| QuantityError::Numeric)?;
        let places = |digits: &str| i32::try_from(digits.len()).map_err(|_| QuantityError::Numeric);
        let scale = if mantissa == 0 { 0 } else { exponent.saturating_sub(places(&fraction)?) };
        let mantissa = self.signed(mantissa);
        // by what the number is, not by how it is written: its canonical text is taken again
        if (Quantity { mantissa, scale, format, text: None }).normal().1 > LARGEST_SCALE {
            return Err(QuantityError::Suffix);
        }
        if scale < NANO {
            let (mantissa, _) = rounded(mantissa, i64::from(scale) - i64::from(NANO));
            return Ok(Quantity { mantissa, scale: NANO, format, text: None });
        }
        // upstream keeps what already looks canonical to it
        let written = exponent.saturating_sub(places(self.fraction)?);
        let looks_canonical = self.digits() <= INT64_DIGITS
            && written >= NANO
            && written % 3 == 0
            && !self.whole.starts_with('0')
            && !format!("{}{}", self.whole, self.fraction).ends_with("000");
        Ok(Quantity { mantissa, scale, format, text: (text == "0" || looks_canonical).then(|| text.into()) })
    }

    fn binary(&self, text: &str, exponent: i32) -> Result<Quantity, QuantityError> {
        let limit = i128::from(i64::MAX);
        // more than any i128 is more than the limit, too
        let whole = self.whole.parse::<i128>().ok().and_then(|whole| whole.checked_mul(1 << exponent)).unwrap_or(i128::MAX);
        let looks_canonical = self.fraction.is_empty() && self.whole.len() + usize::try_from(exponent * 3 / 10).unwrap_or(0) <= 14;
        if looks_canonical {
            let keep = (whole >> exponent) & 7 != 0;
            let text = keep.then(|| text.into());
            return Ok(Quantity { mantissa: self.signed(whole), scale: 0, format: Format::BinarySi, text });
        }
        // 19 places times 2^60 still fit
        let fraction = folded(self.fraction.trim_end_matches('0'), 19);
        let parts = fraction.parse::<i128>().unwrap_or(0) << exponent;
        let (nanos, _) = rounded(parts, -i64::from(NANO) - fraction.len() as i64);
        let (mantissa, scale) = match whole.checked_mul(10i128.pow(NANO.unsigned_abs())).map(|whole| whole + nanos) {
            Some(total) if total <= limit * 10i128.pow(NANO.unsigned_abs()) => (total, NANO),
            _ => (limit, 0),
        };
        let format =
            if whole == 0 && mantissa != 0 && mantissa < 10i128.pow(NANO.unsigned_abs()) { Format::DecimalSi } else { Format::BinarySi };
        Ok(Quantity { mantissa: self.signed(mantissa), scale, format, text: None })
    }
}

/// The first `places` of digits behind the point. What is cut off becomes a last digit of 1, so that rounding up still sees it.
fn folded(fraction: &str, places: usize) -> std::borrow::Cow<'_, str> {
    if fraction.len() <= places {
        return fraction.into();
    }
    format!("{}1", &fraction[..places.saturating_sub(1)]).into()
}

/// Base, exponent and format of a suffix.
fn interpret(suffix: &str) -> Option<(u8, i32, Format)> {
    if let Some((_, exponent)) = DECIMAL_SUFFIXES.iter().find(|(name, _)| *name == suffix) {
        return Some((10, *exponent, Format::DecimalSi));
    }
    if let Some((_, exponent)) = BINARY_SUFFIXES.iter().find(|(name, _)| *name == suffix) {
        return Some((2, *exponent, Format::BinarySi));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((10, exponent, Format::DecimalExponent))
}

fn shifted_up(mantissa: i128, places: i64) -> Option<i128> {
    if mantissa == 0 {
        return Some(0);
    }
    mantissa.checked_mul(10i128.checked_pow(u32::try_from(places).ok()?)?)
}

/// `mantissa` times ten to the power of `places`, fractions rounded away from zero, and whether that was exact; saturates.
fn rounded(mantissa: i128, places: i64) -> (i128, bool) {
    if places >= 0 {
        return match shifted_up(mantissa, places) {
            Some(value) => (value, true),
            None => (if mantissa < 0 { i128::MIN } else { i128::MAX }, false),
        };
    }
    match u32::try_from(-places).ok().and_then(|places| 10i128.checked_pow(places)) {
        Some(divisor) => {
            let (quotient, remainder) = (mantissa / divisor, mantissa % divisor);
            (if remainder == 0 { quotient } else { quotient + mantissa.signum() }, remainder == 0)
        }
        None => (mantissa.signum(), mantissa == 0),
    }
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
