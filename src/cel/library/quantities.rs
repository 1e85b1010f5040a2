//! Resource quantities.

use api::Quantity;
use api::quantity::Format;

use super::Extension;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Failure, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("string_to_quantity", "quantity", "(string) -> Quantity", to_quantity),
    row("is_quantity_string", "isQuantity", "(string) -> bool", is_quantity),
    row("quantity_sign", "sign", "(Quantity) -> int", sign),
    row("quantity_is_greater_than", "isGreaterThan", "Quantity.(Quantity) -> bool", is_greater_than),
    row("quantity_is_less_than", "isLessThan", "Quantity.(Quantity) -> bool", is_less_than),
    row("quantity_compare_to", "compareTo", "Quantity.(Quantity) -> int", compare_to),
    row("quantity_get_float", "asApproximateFloat", "Quantity.() -> double", as_approximate_float),
    row("quantity_get_int", "asInteger", "Quantity.() -> int", as_integer),
    row("quantity_is_integer", "isInteger", "Quantity.() -> bool", is_integer),
    row("quantity_add", "add", "Quantity.(Quantity) -> Quantity", add),
    row("quantity_add_int", "add", "Quantity.(int) -> Quantity", add),
    row("quantity_sub", "sub", "Quantity.(Quantity) -> Quantity", sub),
    row("quantity_sub_int", "sub", "Quantity.(int) -> Quantity", sub),
];

fn to_quantity<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(text) = args.first().and_then(Value::as_str) else { return no_such_overload() };
    match text.parse::<Quantity>() {
        Ok(quantity) => Ok(Value::extension(Extension::Quantity(quantity))),
        Err(refused) => error(refused.to_string()),
    }
}

fn is_quantity<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().and_then(Value::as_str).map_or_else(no_such_overload, |text| Ok(Value::Bool(text.parse::<Quantity>().is_ok())))
}

fn quantity(value: Option<&Value<'_>>) -> Result<Quantity, Failure> {
    match value {
        Some(Value::Int(number)) => Ok(Quantity::new(*number, Format::DecimalExponent)),
        Some(Value::Extension(extension)) => match &**extension {
            Extension::Quantity(quantity) => Ok(quantity.clone()),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn sign<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(quantity(args.first())?.sign().into()))
}

fn order(args: &[Value<'_>]) -> Result<std::cmp::Ordering, Failure> {
    Ok(quantity(args.first())?.cmp(&quantity(args.get(1))?))
}

fn is_greater_than<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_gt()))
}

fn is_less_than<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_lt()))
}

fn compare_to<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(order(args)? as i64))
}

fn as_approximate_float<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Double(quantity(args.first())?.approximate()))
}

/// The whole number that a quantity is, if it is one that fits.
fn whole(args: &[Value<'_>]) -> Result<Option<i64>, Failure> {
    let quantity = quantity(args.first())?;
    let number = quantity.value();
    Ok((Quantity::new(number, Format::DecimalSi) == quantity).then_some(number))
}

fn as_integer<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    whole(args)?.map_or_else(|| error("cannot convert value to integer"), |number| Ok(Value::Int(number)))
}

fn is_integer<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(whole(args)?.is_some()))
}

fn add<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::extension(Extension::Quantity(quantity(args.first())?.add(&quantity(args.get(1))?))))
}

fn sub<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::extension(Extension::Quantity(quantity(args.first())?.sub(&quantity(args.get(1))?))))
}
