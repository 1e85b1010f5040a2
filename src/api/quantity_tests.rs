use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Quantity {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Upstream's `decQuantity`.
fn decimal(mantissa: i128, scale: i32, format: Format) -> Quantity {
    Quantity { mantissa, scale, format, text: None }
}

#[test]
fn parses_what_upstream_parses() {
    use Format::{BinarySi, DecimalExponent, DecimalSi};
    let maximum = i128::from(i64::MAX);
    let table = [
        ("0", 0, 0, DecimalSi),
        ("0n", 0, 0, DecimalSi),
        ("0Ki", 0, 0, BinarySi),
        ("1Ki", 1024, 0, BinarySi),
        ("3Ei", 3 << 60, 0, BinarySi),
        ("100Ti", 100 << 40, 0, BinarySi),
        ("5n", 5, -9, DecimalSi),
        ("4u", 4, -6, DecimalSi),
        ("3m", 3, -3, DecimalSi),
        ("50k", 5, 4, DecimalSi),
        ("1E", 1, 18, DecimalSi),
        ("1E-3", 1, -3, DecimalExponent),
        ("1E18", 1, 18, DecimalExponent),
        ("1e14", 1, 14, DecimalExponent),
        ("100.035k", 100_035, 0, DecimalSi),
        ("0.0005k", 5, -1, DecimalSi),
        ("0.05000", 5, -2, DecimalSi),
        ("0.5e-2", 5, -3, DecimalExponent),
        ("1.3E+6", 13, 5, DecimalExponent),
        ("6.987654321G", 6_987_654_321, 0, DecimalSi),
        ("1.01E", 101, 16, DecimalSi),
        ("3.001n", 4, -9, DecimalSi),
        ("1.1E-9", 2, -9, DecimalExponent),
        ("0.0000000001", 1, -9, DecimalSi),
        ("0.5e-9", 1, -9, DecimalExponent),
        ("0.00000012345", 124, -9, DecimalSi),
        ("9Ei", maximum, 0, BinarySi),
        ("9223372036854775807Ki", maximum, 0, BinarySi),
        ("12E", 12, 18, DecimalSi),
        ("100.035Ki", 10_243_584, -2, BinarySi),
        ("0.5Mi", 1 << 19, 0, BinarySi),
        ("0.05Gi", 536_870_912, -1, BinarySi),
        ("0.000000000001Ki", 2, -9, DecimalSi),
        (".0001k", 100, -3, DecimalSi),
        ("1.", 1, 0, DecimalSi),
        ("1.G", 1, 9, DecimalSi),
    ];
    for (text, mantissa, scale, format) in table {
        for (sign, factor) in [("", 1), ("+", 1), ("-", -1)] {
            let parsed = parse(&format!("{sign}{text}"));
            assert_eq!(parsed, decimal(mantissa * factor, scale, format), "{sign}{text}");
            assert_eq!(parsed.format(), format, "{sign}{text}");
        }
    }
}

#[test]
fn refuses_what_upstream_refuses() {
    let table = [
        ("", QuantityError::Format),
        ("1.1.M", QuantityError::Format),
        ("1+1.0M", QuantityError::Format),
        ("0.1mi", QuantityError::Suffix),
        ("0.1am", QuantityError::Format),
        ("aoeu", QuantityError::Format),
        (".5i", QuantityError::Suffix),
        ("1i", QuantityError::Suffix),
        ("-3.01e-", QuantityError::Suffix),
        (" 1", QuantityError::Format),
        ("1 ", QuantityError::Format),
        ("1ä", QuantityError::Format),
    ];
    for (text, error) in table {
        assert_eq!(text.parse::<Quantity>(), Err(error), "{text:?}");
    }
}

#[test]
fn canonical_text() {
    let table = [
        ("1024Mi", "1Gi"),
        ("307200Ki", "300Mi"),
        ("1025024Mi", "1001Gi"),
        ("1.5Gi", "1536Mi"),
        ("5000m", "5"),
        ("0.5", "500m"),
        ("1.5", "1500m"),
        ("0.1", "100m"),
        ("1000M", "1G"),
        ("0.001T", "1G"),
        ("1000u", "1m"),
        ("1.08", "1080m"),
        ("1080000000n", "1080m"),
        ("1234567M", "1234567M"),
        ("1025", "1025"),
        ("1025Mi", "1025Mi"),
        ("00", "0"),
        (".001e12", "1e9"),
        ("0.001e0", "1e-3"),
        ("1000e-12", "1e-9"),
        ("80e-3", "80e-3"),
        ("12E6", "12E6"),
        (".001Ki", "1024m"),
        (".000001Ki", "1024u"),
        (".000000001Ki", "1024n"),
        (".000000000001Ki", "2n"),
        ("1.500", "1.500"),
        ("64Mi", "64Mi"),
        ("100Ei", "9223372036854775807"),
        ("1000E", "1000E"),
        ("-1024Mi", "-1Gi"),
        ("0.3", "300m"),
        ("1000", "1k"),
        ("10000m", "10"),
    ];
    for (text, expected) in table {
        assert_eq!(canonical(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn whole_and_milli_values_round_up() {
    let table = [("1", 1, 1000), ("1m", 1, 1), ("1n", 1, 1), ("1500m", 2, 1500), ("-1500m", -2, -1500), ("1Gi", 1 << 30, 1000 << 30)];
    for (text, value, milli) in table {
        assert_eq!((parse(text).value(), parse(text).milli_value()), (value, milli), "{text}");
    }
    assert_eq!(parse("12E").value(), i64::MAX);
    for (scale, expected) in [(-2, "9010m"), (-1, "9100m"), (0, "10"), (2, "100")] {
        assert_eq!(parse("9.01").rounded_up(scale).to_string(), expected);
        assert_eq!(parse("-9.01").rounded_up(scale).to_string(), format!("-{expected}"));
    }
}

#[test]
fn sums() {
    let table = [
        ("1", "1", "2", "0"),
        ("1Gi", "512Mi", "1536Mi", "512Mi"),
        ("0", "1Ki", "1Ki", "-1Ki"),
        ("100m", "1", "1100m", "-900m"),
        ("1Mi", "0", "1Mi", "1Mi"),
    ];
    for (left, right, sum, difference) in table {
        let (left, right) = (parse(left), parse(right));
        assert_eq!(left.add(&right).to_string(), sum);
        assert_eq!(left.sub(&right).to_string(), difference);
    }
    assert_eq!(parse("100m").mul(15).to_string(), "1500m");
}

#[test]
fn order_does_not_overflow() {
    assert!(parse("1e9000") > parse("1e8999"));
    assert!(parse("-1e9000") < parse("1n"));
    assert!(parse("1e9000") > parse("12345678901234567890"));
    assert_eq!(parse("1e-9000"), parse("1n"));
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "[-+]?[0-9.]{0,50}[eEinumkKMGTP]{0,3}[-+]?[0-9]{0,4}") {
        if let Ok(quantity) = text.parse::<Quantity>() {
            let written = quantity.to_string();
            prop_assert_eq!(&parse(&written), &quantity, "{} -> {}", text, written);
        }
    }

    #[test]
    fn canonical_is_stable(mantissa in -1_000_000_000i64..1_000_000_000, suffix in "(n|u|m||k|M|G|T|Ki|Mi|Gi|e3|e-3)") {
        let quantity = parse(&format!("{mantissa}{suffix}"));
        let once = Quantity { text: None, mantissa: quantity.mantissa, scale: quantity.scale, format: quantity.format }.to_string();
        prop_assert_eq!(canonical(&once), Ok(once.clone()));
        prop_assert_eq!(parse(&once), quantity);
    }

    #[test]
    fn adding_and_taking_away_cancel(left in -1_000_000i64..1_000_000, right in -1_000_000i64..1_000_000) {
        let (left, right) = (Quantity::from_milli(left, Format::DecimalSi), Quantity::new(right, Format::BinarySi));
        prop_assert_eq!(left.add(&right).sub(&right), left.sub(&right).add(&right));
        prop_assert_eq!(left.cmp(&right), left.sub(&right).sign().cmp(&0));
    }
}

#[test]
fn refuses_what_there_is_too_much_of() {
    for text in ["1e10001", "20e10000", "-200e9999", "200e200000000000000000"] {
        assert_eq!(text.parse::<Quantity>(), Err(QuantityError::Suffix), "{text:?}");
    }
    for (text, expected) in [("2e10000", "20e9999"), ("200e9998", "20e9999"), ("0e2147483647", "0"), ("1e-2147483648", "1e-9")] {
        assert_eq!(canonical(text).as_deref(), Ok(expected), "{text:?}");
        assert_eq!(canonical(expected).as_deref(), Ok(expected));
    }
}
