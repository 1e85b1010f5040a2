//! Functions of lists: Kubernetes' own, those of CEL's lists and sets libraries.

use std::cmp::Ordering;

use super::optionals::has_element;
use crate::equality::{compare, equal};
use crate::evaluate::Context;
use crate::library::int;
use crate::program::PER_CALL_LIMIT;
use crate::signature::{Row, row};
use crate::value::{Failure, List, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("list_int_is_sorted_bool", "isSorted", "list(int).() -> bool", is_sorted),
    row("list_uint_is_sorted_bool", "isSorted", "list(uint).() -> bool", is_sorted),
    row("list_double_is_sorted_bool", "isSorted", "list(double).() -> bool", is_sorted),
    row("list_bool_is_sorted_bool", "isSorted", "list(bool).() -> bool", is_sorted),
    row("list_duration_is_sorted_bool", "isSorted", "list(duration).() -> bool", is_sorted),
    row("list_timestamp_is_sorted_bool", "isSorted", "list(timestamp).() -> bool", is_sorted),
    row("list_string_is_sorted_bool", "isSorted", "list(string).() -> bool", is_sorted),
    row("list_bytes_is_sorted_bool", "isSorted", "list(bytes).() -> bool", is_sorted),
    row("list_int_sum_int", "sum", "list(int).() -> int", sum_int),
    row("list_uint_sum_uint", "sum", "list(uint).() -> uint", sum_uint),
    row("list_double_sum_double", "sum", "list(double).() -> double", sum_double),
    row("list_duration_sum_duration", "sum", "list(duration).() -> duration", sum_duration),
    row("list_int_max_int", "max", "list(int).() -> int", max),
    row("list_uint_max_uint", "max", "list(uint).() -> uint", max),
    row("list_double_max_double", "max", "list(double).() -> double", max),
    row("list_bool_max_bool", "max", "list(bool).() -> bool", max),
    row("list_duration_max_duration", "max", "list(duration).() -> duration", max),
    row("list_timestamp_max_timestamp", "max", "list(timestamp).() -> timestamp", max),
    row("list_string_max_string", "max", "list(string).() -> string", max),
    row("list_bytes_max_bytes", "max", "list(bytes).() -> bytes", max),
    row("list_int_min_int", "min", "list(int).() -> int", min),
    row("list_uint_min_uint", "min", "list(uint).() -> uint", min),
    row("list_double_min_double", "min", "list(double).() -> double", min),
    row("list_bool_min_bool", "min", "list(bool).() -> bool", min),
    row("list_duration_min_duration", "min", "list(duration).() -> duration", min),
    row("list_timestamp_min_timestamp", "min", "list(timestamp).() -> timestamp", min),
    row("list_string_min_string", "min", "list(string).() -> string", min),
    row("list_bytes_min_bytes", "min", "list(bytes).() -> bytes", min),
    row("list_int_sort", "sort", "list(int).() -> list(int)", sort),
    row("list_uint_sort", "sort", "list(uint).() -> list(uint)", sort),
    row("list_double_sort", "sort", "list(double).() -> list(double)", sort),
    row("list_bool_sort", "sort", "list(bool).() -> list(bool)", sort),
    row("list_google.protobuf.Duration_sort", "sort", "list(duration).() -> list(duration)", sort),
    row("list_google.protobuf.Timestamp_sort", "sort", "list(timestamp).() -> list(timestamp)", sort),
    row("list_string_sort", "sort", "list(string).() -> list(string)", sort),
    row("list_bytes_sort", "sort", "list(bytes).() -> list(bytes)", sort),
    row("list_int_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(int)) -> list(T)", sort_by),
    row("list_uint_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(uint)) -> list(T)", sort_by),
    row("list_double_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(double)) -> list(T)", sort_by),
    row("list_bool_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(bool)) -> list(T)", sort_by),
    row("list_google.protobuf.Duration_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(duration)) -> list(T)", sort_by),
    row("list_google.protobuf.Timestamp_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(timestamp)) -> list(T)", sort_by),
    row("list_string_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(string)) -> list(T)", sort_by),
    row("list_bytes_sortByAssociatedKeys", "@sortByAssociatedKeys", "list(T).(list(bytes)) -> list(T)", sort_by),
    row("list_a_index_of_int", "indexOf", "list(A).(A) -> int", index_of),
    row("list_a_last_index_of_int", "lastIndexOf", "list(A).(A) -> int", last_index_of),
    Row { id: "list_includes_dyn_dyn", function: "includes", signature: "dyn.(dyn) -> bool", implementation: includes, since: 37 },
    row("list_slice", "slice", "list(T).(int, int) -> list(T)", slice),
    row("list_flatten", "flatten", "list(list(T)).() -> list(T)", flatten),
    row("list_flatten_int", "flatten", "list(dyn).(int) -> list(dyn)", flatten),
    row("lists_range", "lists.range", "(int) -> list(int)", range),
    row("list_reverse", "reverse", "list(T).() -> list(T)", reverse),
    row("list_distinct", "distinct", "list(T).() -> list(T)", distinct),
    row("list_sets_contains_list", "sets.contains", "(list(T), list(T)) -> bool", sets_contains),
    row("list_sets_equivalent_list", "sets.equivalent", "(list(T), list(T)) -> bool", sets_equivalent),
    row("list_sets_intersects_list", "sets.intersects", "(list(T), list(T)) -> bool", sets_intersects),
];

fn list<'v, 'a>(args: &'v [Value<'a>]) -> Result<&'v List<'a>, Failure> {
    match args.first() {
        Some(Value::List(list)) => Ok(list),
        _ => no_such_overload(),
    }
}

/// An element of a type that has an order.
fn comparable(value: &Value<'_>) -> Result<(), Failure> {
    match value {
        Value::Double(_) => Ok(()),
        other => compare(other, other).map(|_| ()),
    }
}

fn is_sorted<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let values = list(args)?.values()?;
    values.iter().try_for_each(comparable)?;
    for pair in values.windows(2) {
        if let [left, right] = pair
            && compare(left, right) == Ok(Ordering::Greater)
        {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum<'a>(context: &Context<'a, '_>, args: &[Value<'a>], zero: Value<'a>) -> Outcome<'a> {
    list(args)?.iter().try_fold(zero, |sum, element| super::operators::add(context, &[sum, element?]))
}

fn sum_int<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    sum(context, args, Value::Int(0))
}

fn sum_uint<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    sum(context, args, Value::Uint(0))
}

fn sum_double<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    sum(context, args, Value::Double(0.0))
}

fn sum_duration<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    sum(context, args, Value::Duration(0))
}

fn extreme<'a>(args: &[Value<'a>], name: &str, wanted: Ordering) -> Outcome<'a> {
    let mut best: Option<Value<'a>> = None;
    for element in list(args)?.iter() {
        let element = element?;
        comparable(&element)?;
        best = match best {
            Some(best) if compare(&element, &best) != Ok(wanted) => Some(best),
            _ => Some(element),
        };
    }
    best.map_or_else(|| error(format!("{name} called on empty list")), Ok)
}

fn max<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(args, "max", Ordering::Greater)
}

fn min<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    extreme(args, "min", Ordering::Less)
}

fn places<'a>(args: &[Value<'a>]) -> Result<Vec<usize>, Failure> {
    let [Value::List(list), wanted] = args else { return no_such_overload() };
    let mut places = Vec::new();
    for (place, element) in list.iter().enumerate() {
        if equal(&element?, wanted) == Ok(true) {
            places.push(place);
        }
    }
    Ok(places)
}

fn index_of<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(places(args)?.first().map_or(Value::Int(-1), |place| int(*place)))
}

fn last_index_of<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(places(args)?.last().map_or(Value::Int(-1), |place| int(*place)))
}

fn includes<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::List(list), wanted] => {
            let same = |element: Outcome<'a>| element.and_then(|element| equal(&element, wanted)) == Ok(true);
            Ok(Value::Bool(list.iter().any(same)))
        }
        [value, wanted] => Ok(Value::Bool(equal(value, wanted) == Ok(true))),
        _ => no_such_overload(),
    }
}

fn slice<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(start), Value::Int(end)] = args else { return no_such_overload() };
    let (Ok(from), Ok(to)) = (usize::try_from(*start), usize::try_from(*end)) else {
        return error(format!("cannot slice({start}, {end}), negative indexes not supported"));
    };
    if from > to {
        return error(format!("cannot slice({start}, {end}), start index must be less than or equal to end index"));
    }
    if to > list.len() {
        return error(format!("cannot slice({start}, {end}), list is length {}", list.len()));
    }
    list.iter().skip(from).take(to - from).collect::<Result<_, _>>().map(Value::list)
}

fn flatten<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (list, depth) = match args {
        [Value::List(list)] => (list, 1),
        [Value::List(list), Value::Int(depth)] => (list, *depth),
        _ => return no_such_overload(),
    };
    if depth < 0 {
        return error("level must be non-negative");
    }
    let mut values = Vec::new();
    flatten_into(list, depth, &mut values)?;
    Ok(Value::list(values))
}

fn flatten_into<'a>(list: &List<'a>, depth: i64, values: &mut Vec<Value<'a>>) -> Result<(), Failure> {
    for element in list.iter() {
        match element? {
            Value::List(inner) if depth > 0 => flatten_into(&inner, depth - 1, values)?,
            other => values.push(other),
        }
    }
    Ok(())
}

/// More numbers than the cost of an expression allows are not made.
fn range<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Int(end)] = args else { return no_such_overload() };
    if u64::try_from(*end).is_ok_and(|end| end > PER_CALL_LIMIT) {
        return Err(Failure::CostLimit);
    }
    Ok(Value::list((0..*end).map(Value::Int).collect()))
}

fn reverse<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let mut values = list(args)?.values()?;
    values.reverse();
    Ok(Value::list(values))
}

fn distinct<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let mut values: Vec<Value<'a>> = Vec::new();
    for element in list(args)?.iter() {
        let element = element?;
        if !values.iter().any(|other| equal(&element, other) == Ok(true)) {
            values.push(element);
        }
    }
    Ok(Value::list(values))
}

fn sort<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let values = list(args)?.values()?;
    sorted(values.clone(), &values)
}

fn sort_by<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::List(keys)] = args else { return no_such_overload() };
    if list.len() != keys.len() {
        return error(format!(
            "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got {} and {} elements respectively",
            list.len(),
            keys.len()
        ));
    }
    sorted(list.values()?, &keys.values()?)
}

fn sorted<'a>(values: Vec<Value<'a>>, keys: &[Value<'a>]) -> Outcome<'a> {
    let Some(first) = keys.first() else { return Ok(Value::list(values)) };
    let kind = std::mem::discriminant(first);
    if keys.iter().any(|key| std::mem::discriminant(key) != kind) {
        return error("list elements must have the same type");
    }
    if compare(first, first) == no_such_overload() {
        return error("list elements must be comparable");
    }
    let mut pairs: Vec<(Value<'a>, &Value<'a>)> = values.into_iter().zip(keys).collect();
    // what is no number comes last: an order has to have a place for it
    let no_number = |value: &Value<'_>| matches!(value, Value::Double(number) if number.is_nan());
    pairs.sort_by(|(_, left), (_, right)| {
        compare(left, right).unwrap_or_else(|_| Ordering::Equal).then(no_number(left).cmp(&no_number(right)))
    });
    Ok(Value::list(pairs.into_iter().map(|(value, _)| value).collect()))
}

fn two_lists<'v, 'a>(args: &'v [Value<'a>]) -> Result<(&'v List<'a>, &'v List<'a>), Failure> {
    match args {
        [Value::List(left), Value::List(right)] => Ok((left, right)),
        _ => no_such_overload(),
    }
}

fn contains_all<'a>(list: &List<'a>, part: &List<'a>) -> Outcome<'a> {
    for element in part.iter() {
        match has_element(list.iter(), &element?)? {
            Value::Bool(true) => {}
            other => return Ok(other),
        }
    }
    Ok(Value::Bool(true))
}

fn sets_contains<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (list, part) = two_lists(args)?;
    contains_all(list, part)
}

fn sets_equivalent<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (left, right) = two_lists(args)?;
    match contains_all(left, right)? {
        Value::Bool(true) => contains_all(right, left),
        other => Ok(other),
    }
}

fn sets_intersects<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (left, right) = two_lists(args)?;
    for element in left.iter() {
        if let Ok(Value::Bool(true)) = has_element(right.iter(), &element?) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}
