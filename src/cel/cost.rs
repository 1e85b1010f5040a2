//! What steps of an evaluation cost, in cel-go's units with Kubernetes' prices for its own functions. The estimation of costs before an evaluation uses the same
//! prices; see `estimate`.

use crate::library::Extension;
use crate::value::{List, Map, Value};

/// To look at a name, select a field, or call a function of constant cost.
pub(crate) const STEP: u64 = 1;
pub(crate) const LIST: u64 = 10;
pub(crate) const MAP: u64 = 30;
pub(crate) const OBJECT: u64 = 40;
/// Of each character, to go through a text once.
pub(crate) const TEXT_FACTOR: f64 = 0.1;
/// Of each character of a pattern.
pub(crate) const PATTERN_FACTOR: f64 = 0.25;
/// An authorization check: two of them fit into an expression.
pub(crate) const AUTHORIZATION: u64 = 350_000;

/// What of a call makes its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallCost {
    Step,
    /// The text of the first argument, once.
    Text,
    /// The same twice: to read and to build.
    TextTwice,
    /// The text that is made, twice.
    Joined,
    /// Every element of a list.
    Members,
    /// The shorter of two.
    Shorter,
    Both,
    Pattern,
    Contains,
    /// Everything below the first argument.
    Traversal,
    Selector,
    Authorization,
    Addresses {
        text: bool,
        range: bool,
    },
    NamedFormat,
    /// A list that is made: its elements.
    Listed,
    Flattened,
    /// Every element of the argument of this number with every other.
    SelfCompared(usize),
    /// Every element of one list with every of the other, so many times.
    Compared(u64),
}

impl CallCost {
    /// By function and overload; the overload is empty where several are possible.
    pub(crate) fn of(function: &str, overload: &str) -> Self {
        match function {
            "check" => return CallCost::Authorization,
            "fieldSelector" | "labelSelector" => return CallCost::Selector,
            "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" | "includes" => return CallCost::Traversal,
            "url"
            | "lowerAscii"
            | "upperAscii"
            | "substring"
            | "trim"
            | "jsonpatch.escapeKey"
            | "cidr"
            | "isIP"
            | "isCIDR"
            | "quantity"
            | "isQuantity"
            | "semver"
            | "isSemver" => return CallCost::Text,
            "ip" => return if overload == "cidr_ip" { CallCost::Step } else { CallCost::Text },
            "replace" | "split" | "ip.isCanonical" => return CallCost::TextTwice,
            "join" => return CallCost::Joined,
            "find" | "findAll" => return CallCost::Pattern,
            "containsIP" => return CallCost::Addresses { text: overload == "cidr_contains_ip_string", range: false },
            "containsCIDR" => return CallCost::Addresses { text: overload == "cidr_contains_cidr_string", range: true },
            "validate" => return CallCost::NamedFormat,
            _ => {}
        }
        match overload {
            "starts_with_string" | "ends_with_string" | "string_to_bytes" | "bytes_to_string" | "strings_quote" | "string_format" => {
                CallCost::Text
            }
            "in_list" => CallCost::Members,
            "less_string"
            | "greater_string"
            | "less_equals_string"
            | "greater_equals_string"
            | "less_bytes"
            | "greater_bytes"
            | "less_equals_bytes"
            | "greater_equals_bytes" => CallCost::Shorter,
            "add_string" | "add_bytes" => CallCost::Both,
            "matches_string" => CallCost::Pattern,
            "contains_string" => CallCost::Contains,
            "list_slice" | "lists_range" | "list_reverse" => CallCost::Listed,
            "list_flatten" | "list_flatten_int" => CallCost::Flattened,
            "list_distinct" => CallCost::SelfCompared(0),
            "list_sets_contains_list" | "list_sets_intersects_list" => CallCost::Compared(1),
            "list_sets_equivalent_list" => CallCost::Compared(2),
            _ if overload.ends_with("_sort") => CallCost::SelfCompared(0),
            _ if overload.ends_with("_sortByAssociatedKeys") => CallCost::SelfCompared(1),
            _ => CallCost::Step,
        }
    }

    /// The cost of a call that was made.
    pub(crate) fn of_call(self, args: &[Value<'_>], result: Option<&Value<'_>>) -> u64 {
        let size = |index: usize| args.get(index).map_or(1, Value::size);
        match self {
            CallCost::Step => STEP,
            CallCost::Text => scaled(size(0), TEXT_FACTOR),
            CallCost::TextTwice => scaled(size(0), 2.0 * TEXT_FACTOR),
            CallCost::Joined => scaled(result.map_or(1, Value::size), 2.0 * TEXT_FACTOR),
            CallCost::Members => size(1),
            CallCost::Shorter => scaled(size(0).min(size(1)), TEXT_FACTOR),
            CallCost::Both => scaled(size(0).saturating_add(size(1)), TEXT_FACTOR),
            CallCost::Pattern => scaled(size(0).saturating_add(1), TEXT_FACTOR).saturating_mul(scaled(size(1), PATTERN_FACTOR)),
            CallCost::Contains => scaled(size(0), TEXT_FACTOR).saturating_mul(scaled(size(1), TEXT_FACTOR)),
            CallCost::Traversal => args.first().map_or(STEP, traversal),
            CallCost::Selector => selector(size(1)),
            CallCost::Authorization => AUTHORIZATION,
            CallCost::Addresses { text, range } => {
                let mut cost = scaled(2 * size(0), TEXT_FACTOR);
                if range {
                    cost += scaled(size(0), TEXT_FACTOR) + 1;
                }
                if text { cost.saturating_add(scaled(size(1), TEXT_FACTOR)) } else { cost }
            }
            CallCost::Listed => result.map_or(1, Value::size).saturating_add(STEP + LIST),
            CallCost::Flattened => {
                let depth = match args.get(1) {
                    Some(Value::Int(depth)) => u64::try_from(*depth).unwrap_or(0),
                    _ => 1,
                };
                size(0).saturating_mul(depth).saturating_add(STEP + LIST)
            }
            CallCost::SelfCompared(number) => {
                let square = size(number).saturating_mul(size(number));
                let texts = match args.get(number) {
                    Some(Value::List(list)) => matches!(list.get(0), Some(Ok(Value::String(_) | Value::Bytes(_)))),
                    _ => false,
                };
                square.saturating_mul(2).saturating_add(if texts { square / 10 } else { 0 }).saturating_add(STEP + LIST)
            }
            CallCost::Compared(times) => size(0).saturating_mul(size(1)).saturating_mul(times).saturating_add(STEP),
            CallCost::NamedFormat => match args.first() {
                Some(Value::Extension(extension)) => {
                    scaled(size(1).saturating_add(1), TEXT_FACTOR).saturating_mul(scaled(extension.pattern_size(), PATTERN_FACTOR))
                }
                _ => STEP,
            },
        }
    }
}

/// The cost of `==` and `!=`.
pub(crate) fn equality(left: &Value<'_>, right: &Value<'_>, negated: bool) -> u64 {
    if !negated && matches!(left, Value::Extension(_)) {
        return STEP;
    }
    scaled(left.size().min(right.size()), TEXT_FACTOR)
}

/// A size times a factor, rounded up.
pub(crate) fn scaled(size: u64, factor: f64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "costs are estimates")]
    let cost = (size as f64 * factor).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the conversion saturates, and sizes are not negative")]
    let whole = cost as u64;
    whole
}

/// To read a selector: its text, and a requirement for every two characters at worst.
pub(crate) fn selector(size: u64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let requirement = (LIST + OBJECT) as f64;
    LIST.saturating_add(scaled(size, TEXT_FACTOR)).saturating_add(scaled(scaled(size, 0.5), requirement))
}

/// To look at everything that a value consists of.
fn traversal(value: &Value<'_>) -> u64 {
    match value {
        Value::String(text) => rounded_down(text.len()),
        Value::Bytes(bytes) => rounded_down(bytes.len()),
        Value::List(list) => list_traversal(list),
        Value::Map(map) => map_traversal(map),
        _ => STEP,
    }
}

fn rounded_down(size: usize) -> u64 {
    u64::try_from(size / 10).unwrap_or(u64::MAX)
}

fn list_traversal(list: &List<'_>) -> u64 {
    list.iter().fold(0, |cost, element| cost.saturating_add(element.as_ref().map_or(STEP, traversal)))
}

fn map_traversal(map: &Map<'_>) -> u64 {
    map.keys().iter().fold(0, |cost, key| {
        let value = map.get(key).ok().flatten();
        cost.saturating_add(traversal(key)).saturating_add(value.as_ref().map_or(STEP, traversal))
    })
}

impl Extension<'_> {
    /// The size of the pattern behind a named format, as upstream estimates it.
    fn pattern_size(&self) -> u64 {
        match self {
            Extension::Format(format) => format.pattern_size,
            _ => 1,
        }
    }
}
