//! Numbers that may be percentages: `maxSurge: 25%`. Computed in whole numbers, as floats get some of them wrong.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::field::quoted;

/// Which way a share that is no whole number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Up,
    Down,
}

/// Why a value is neither number nor percentage, in upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntOrStringError {
    #[error("invalid value for IntOrString: invalid type: string is not a percentage")]
    NotPercentage,
    #[error("invalid value for IntOrString: invalid value {value}: strconv.Atoi: parsing {digits}: invalid syntax")]
    NotNumber { value: String, digits: String },
}

/// The number, or that many hundredths of `total`.
pub fn scaled(value: &IntOrString, total: i32, rounding: Rounding) -> Result<i32, IntOrStringError> {
    let text = match value {
        IntOrString::Int(value) => return Ok(*value),
        IntOrString::String(text) => text,
    };
    let digits = text.strip_suffix('%').ok_or(IntOrStringError::NotPercentage)?;
    let number = || IntOrStringError::NotNumber { value: quoted(text), digits: quoted(digits) };
    let percent: i64 = digits.parse().map_err(|_| number())?;
    let product = i128::from(percent) * i128::from(total);
    let share = match rounding {
        Rounding::Down => product.div_euclid(100),
        Rounding::Up => -(-product).div_euclid(100),
    };
    Ok(i32::try_from(share).unwrap_or(if share < 0 { i32::MIN } else { i32::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, total: i32, up: i32, down: i32) {
        let value = text.parse().map_or_else(|_| IntOrString::String(text.to_owned()), IntOrString::Int);
        assert_eq!((scaled(&value, total, Rounding::Up), scaled(&value, total, Rounding::Down)), (Ok(up), Ok(down)), "{text} of {total}");
    }

    #[test]
    fn shares() {
        check("123", 0, 123, 123);
        check("90%", 100, 90, 90);
        check("90%", 95, 86, 85);
        check("75%", 5, 4, 3);
        check("29%", 100, 29, 29);
        check("25%", 1, 1, 0);
        check("0%", 10, 0, 0);
        check("-10%", 15, -1, -2);
    }

    #[test]
    fn errors() {
        let error = |text: &str| scaled(&IntOrString::String(text.to_owned()), 10, Rounding::Up).unwrap_err().to_string();
        assert_eq!(error("10"), "invalid value for IntOrString: invalid type: string is not a percentage");
        assert_eq!(error("a%"), "invalid value for IntOrString: invalid value \"a%\": strconv.Atoi: parsing \"a\": invalid syntax");
    }
}
