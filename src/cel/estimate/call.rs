//! Estimated costs of calls, and the sizes of what they return.

use super::{Estimator, Path, Range};
use crate::ast::{Expr, Kind, Literal};
use crate::cost::{self, LIST, PATTERN_FACTOR, STEP, TEXT_FACTOR};
use crate::types::Type;

/// The size of the patterns behind named formats, as upstream estimates it.
const FORMAT_PATTERN_SIZE: f64 = 128.0;
/// The longest name of a format.
const FORMAT_SIZE: u64 = 64;

/// The cost of a call without its arguments, and the size of its result where that is known.
type Estimate = (Range, Option<Range>);

fn plain(cost: Range) -> Option<Estimate> {
    Some((cost, None))
}

fn step() -> Option<Estimate> {
    plain(Range::fixed(STEP))
}

impl Estimator<'_> {
    /// The cost of a call by one of its overloads, with that of its arguments.
    pub(super) fn call_cost(
        &mut self,
        expr: &Expr,
        function: &str,
        overload: &str,
        target: Option<&Expr>,
        args: &[Expr],
        costs: &[Range],
    ) -> Estimate {
        let arguments = costs.iter().fold(Range::NONE, |sum, cost| sum.plus(*cost));
        let own = self.of_lists(overload, target, args).or_else(|| self.of_kubernetes(function, overload, target, args));
        if let Some((cost, size)) = own {
            return (cost.plus(arguments), size);
        }
        match (overload, args, costs) {
            ("logical_and" | "logical_or", _, [left, right]) => {
                return (Range { min: left.min, max: left.max.saturating_add(right.max) }, None);
            }
            ("conditional", [_, truthy, falsy], [condition, if_true, if_false]) => {
                let size = self.size_or_unknown(truthy).union(self.size_or_unknown(falsy));
                if let (Some(left), Some(right)) = (self.entries_of(truthy), self.entries_of(falsy)) {
                    self.entries.insert(expr.id, left.union(right));
                }
                return (condition.plus(if_true.union(*if_false)), Some(size));
            }
            _ => {}
        }
        let (cost, size) = self.of_standard(expr, overload, target, args).unwrap_or((Range::fixed(STEP), None));
        (cost.plus(arguments), size)
    }

    /// CEL's own functions.
    fn of_standard(&mut self, expr: &Expr, overload: &str, target: Option<&Expr>, args: &[Expr]) -> Option<Estimate> {
        match (overload, target, args) {
            ("string_format", Some(target), _) => plain(self.size_or_unknown(target).scaled(TEXT_FACTOR)),
            ("string_to_bytes", _, [text]) => {
                let size = self.size_or_unknown(text);
                Some((size.scaled(TEXT_FACTOR), Some(Range { min: size.min, max: size.max.wrapping_mul(4) })))
            }
            ("bytes_to_string", _, [bytes]) => {
                let size = self.size_or_unknown(bytes);
                Some((size.scaled(TEXT_FACTOR), Some(Range { min: size.min / 4, max: size.max })))
            }
            ("strings_quote", _, [text]) => {
                let size = self.size_or_unknown(text);
                let quoted = Range { min: size.min.wrapping_add(2), max: size.max.wrapping_mul(2).wrapping_add(2) };
                Some((size.scaled(TEXT_FACTOR), Some(quoted)))
            }
            ("starts_with_string" | "ends_with_string", _, [part]) => plain(self.size_or_unknown(part).scaled(TEXT_FACTOR)),
            ("in_list", _, [_, list]) => plain(self.size_or_unknown(list)),
            ("matches_string", Some(target), [pattern]) => {
                let text = self.size_or_unknown(target).plus(Range::fixed(1)).scaled(TEXT_FACTOR);
                plain(text.times(self.size_or_unknown(pattern).scaled(PATTERN_FACTOR)))
            }
            ("contains_string", Some(target), [part]) => {
                let text = self.size_or_unknown(target).scaled(TEXT_FACTOR);
                plain(text.times(self.size_or_unknown(part).scaled(TEXT_FACTOR)))
            }
            ("add_string" | "add_bytes" | "add_list", _, [left, right]) => {
                let size = self.size_or_unknown(left).plus(self.size_or_unknown(right));
                if let (Some(left), Some(right)) = (self.entries_of(left), self.entries_of(right)) {
                    self.entries.insert(expr.id, left.union(right));
                }
                let cost = if overload == "add_list" { Range::fixed(STEP) } else { size.scaled(TEXT_FACTOR) };
                Some((cost, Some(size)))
            }
            (
                "less_string"
                | "greater_string"
                | "less_equals_string"
                | "greater_equals_string"
                | "less_bytes"
                | "greater_bytes"
                | "less_equals_bytes"
                | "greater_equals_bytes"
                | "equals"
                | "not_equals",
                _,
                [left, right],
            ) => {
                let max = self.size_or_unknown(left).max.min(self.size_or_unknown(right).max);
                plain(Range { min: u64::from(max > 0), max }.scaled(TEXT_FACTOR))
            }
            _ => None,
        }
    }

    /// CEL's libraries of lists and sets.
    fn of_lists(&mut self, overload: &str, target: Option<&Expr>, args: &[Expr]) -> Option<Estimate> {
        let made = |cost: Range, size: Range| Some((cost.plus(Range::fixed(STEP + LIST)), Some(size)));
        match (overload, target, args) {
            ("list_sets_contains_list" | "list_sets_intersects_list" | "list_sets_equivalent_list", _, [left, right]) => {
                let times = if overload == "list_sets_equivalent_list" { 2.0 } else { 1.0 };
                let cost = self.size_or_unknown(left).times(self.size_or_unknown(right)).scaled(times);
                plain(cost.plus(Range::fixed(STEP)))
            }
            ("list_slice", Some(target), [start, end]) => {
                let limit = self.size_or_unknown(target).max;
                let size = Range::fixed(whole(end, limit).wrapping_sub(whole(start, 0)));
                made(size, size)
            }
            ("lists_range", None, [end]) => {
                let size = Range::fixed(whole(end, u64::MAX));
                made(size, size)
            }
            ("list_reverse", Some(target), []) => {
                let size = self.size_or_unknown(target);
                made(size, size)
            }
            ("list_flatten" | "list_flatten_int", Some(target), _) => {
                let size = self.size_or_unknown(target);
                let depth = args.first().map_or(1, |depth| whole(depth, u64::MAX));
                #[expect(clippy::cast_precision_loss, reason = "costs are estimates")]
                made(size.scaled(depth as f64), size)
            }
            ("list_distinct", Some(target), []) => {
                let size = self.size_or_unknown(target);
                let square = size.times(size);
                made(square.scaled(2.0), square)
            }
            _ => self.of_sorting(overload, target, args),
        }
    }

    fn of_sorting(&mut self, overload: &str, target: Option<&Expr>, args: &[Expr]) -> Option<Estimate> {
        let (keys, kind) = match (overload.strip_suffix("_sort"), overload.strip_suffix("_sortByAssociatedKeys")) {
            (Some(kind), _) => (target?, kind),
            (_, Some(kind)) => (args.first()?, kind),
            _ => return None,
        };
        let size = self.size_or_unknown(keys);
        let square = size.times(size);
        let factor = if matches!(kind, "list_string" | "list_bytes") { 2.0 + TEXT_FACTOR } else { 2.0 };
        Some((square.scaled(factor).plus(Range::fixed(STEP + LIST)), Some(square)))
    }

    /// Kubernetes' functions, and the strings library at Kubernetes' prices.
    fn of_kubernetes(&mut self, function: &str, overload: &str, target: Option<&Expr>, args: &[Expr]) -> Option<Estimate> {
        match (function, target, args) {
            ("check", _, _) => plain(Range::fixed(cost::AUTHORIZATION)),
            (
                "serviceAccount"
                | "path"
                | "group"
                | "resource"
                | "subresource"
                | "namespace"
                | "name"
                | "allowed"
                | "reason"
                | "error"
                | "errored"
                | "masked"
                | "prefixLength"
                | "family"
                | "isUnspecified"
                | "isLoopback"
                | "isLinkLocalMulticast"
                | "isLinkLocalUnicast"
                | "isGlobalUnicast"
                | "format.named"
                | "sign"
                | "asInteger"
                | "isInteger"
                | "asApproximateFloat"
                | "isGreaterThan"
                | "isLessThan"
                | "compareTo"
                | "add"
                | "sub"
                | "major"
                | "minor"
                | "patch"
                | "getScheme"
                | "getHostname"
                | "getHost"
                | "getPort"
                | "getEscapedPath"
                | "getQuery",
                _,
                _,
            ) => step(),
            ("fieldSelector" | "labelSelector", _, [selector]) => {
                let size = self.size_or_unknown(selector);
                plain(Range { min: cost::selector(size.min), max: cost::selector(size.max) })
            }
            ("isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" | "includes", Some(target), _) => {
                let size = self.size_or_unknown(target);
                match self.element(target) {
                    Some((kind, path)) => {
                        let mut each = Range::fixed(STEP);
                        if matches!(kind, Type::String | Type::Bytes) {
                            each = each.plus(self.declared_size(&path).unwrap_or(Range::UNKNOWN).scaled(TEXT_FACTOR));
                        }
                        plain(size.times(each))
                    }
                    None if function == "includes" => plain(size),
                    None => plain(size.scaled(TEXT_FACTOR)),
                }
            }
            ("url" | "jsonpatch.escapeKey", _, [text]) | ("lowerAscii" | "upperAscii" | "substring" | "trim", Some(text), _) => {
                let size = self.size_or_unknown(text);
                Some((size.scaled(TEXT_FACTOR), Some(size)))
            }
            ("replace", Some(target), [old, new, ..]) => {
                let size = self.size_or_unknown(target);
                let replaced = replaced(size, self.size_or_unknown(old), self.size_or_unknown(new));
                Some((size.scaled(2.0 * TEXT_FACTOR), Some(replaced)))
            }
            ("split", Some(target), _) => {
                let size = self.size_or_unknown(target);
                let parts = match args.get(1).map(|limit| &limit.kind) {
                    #[expect(clippy::cast_sign_loss, reason = "upstream converts the same way: a negative limit is no limit")]
                    Some(Kind::Literal(Literal::Int(limit))) => *limit as u64,
                    _ => size.max,
                };
                Some((size.scaled(2.0 * TEXT_FACTOR), Some(Range::up_to(parts))))
            }
            ("join", Some(target), _) => {
                let size = self.joined(target, args.first());
                Some((size.scaled(TEXT_FACTOR), Some(size)))
            }
            ("find" | "findAll", Some(target), [pattern, ..]) => {
                let size = self.size_or_unknown(target);
                let text = size.plus(Range::fixed(1)).scaled(TEXT_FACTOR);
                let cost = text.times(self.size_or_unknown(pattern).scaled(PATTERN_FACTOR));
                Some((cost, Some(Range::up_to(size.max))))
            }
            ("ip", _, _) if overload == "cidr_ip" => step(),
            ("cidr" | "isIP" | "isCIDR" | "ip" | "quantity" | "isQuantity" | "semver" | "isSemver", _, [text, ..]) => {
                plain(self.size_or_unknown(text).scaled(TEXT_FACTOR))
            }
            ("ip.isCanonical", _, [text, ..]) => plain(self.size_or_unknown(text).scaled(2.0 * TEXT_FACTOR)),
            ("containsIP" | "containsCIDR", _, [other, ..]) => {
                let address = Range { min: 4, max: 16 };
                let mut cost = address.plus(address).scaled(TEXT_FACTOR);
                if function == "containsCIDR" {
                    cost = cost.plus(address.scaled(TEXT_FACTOR)).plus(Range::fixed(STEP));
                }
                if matches!(overload, "cidr_contains_ip_string" | "cidr_contains_cidr_string") {
                    cost = cost.plus(self.size_or_unknown(other).scaled(TEXT_FACTOR));
                }
                plain(cost)
            }
            ("validate", _, [text, ..]) => {
                plain(self.size_or_unknown(text).scaled(TEXT_FACTOR).scaled(FORMAT_PATTERN_SIZE * PATTERN_FACTOR))
            }
            ("_==_", _, [left, right]) => self.of_equality(left, right),
            _ => None,
        }
    }

    fn of_equality(&mut self, left: &Expr, right: &Expr) -> Option<Estimate> {
        let kind = self.checked.kind(left.id);
        if !kind.is_exactly(self.checked.kind(right.id)) {
            return None;
        }
        match kind {
            Type::Opaque("net.IP" | "net.CIDR", _) => step(),
            Type::Library("kubernetes.NamedFormat") => plain(Range { min: 1, max: FORMAT_SIZE }.scaled(TEXT_FACTOR)),
            Type::Library("kubernetes.URL") => {
                let size = self.size(right).map_or(1, |size| size.max);
                plain(Range { min: 1, max: size }.scaled(TEXT_FACTOR))
            }
            Type::Library(_) => step(),
            _ => None,
        }
    }

    /// The type of a container's first parameter, and the path to its elements.
    fn element(&self, container: &Expr) -> Option<(Type, Path)> {
        let kind = match self.checked.kind(container.id) {
            Type::List(element) => Type::clone(element),
            Type::Map(entry) => entry.0.clone(),
            other => other.unwrapped()?.clone(),
        };
        let mut path = self.path(container);
        if path.first().is_some_and(|first| first == crate::ast::operator::RESULT) {
            path.clear();
        }
        if !path.is_empty() {
            path.push("@items".to_owned());
        }
        Some((kind, path))
    }

    fn joined(&mut self, list: &Expr, separator: Option<&Expr>) -> Range {
        let count = self.size_or_unknown(list);
        let mut size = match self.element(list) {
            Some((_, path)) => count.times(self.declared_size(&path).unwrap_or(Range::UNKNOWN)),
            None => Range::NONE,
        };
        if let Some(separator) = separator {
            let between = Range { min: count.min.saturating_sub(1), max: count.max.saturating_sub(1) };
            size = size.plus(self.size_or_unknown(separator).times(between));
        }
        size
    }
}

/// The size of a text in which a part is replaced: the longest where the shortest parts become the longest replacements, and the other way round.
fn replaced(text: Range, old: Range, new: Range) -> Range {
    let (mut count, mut kept) = (Range::NONE, Range::NONE);
    if old.min == 0 {
        count.max = text.max.saturating_add(1);
        kept.max = text.max;
    } else if new.max <= old.min {
        kept.max = text.max;
    } else {
        count.max = text.max.div_ceil(old.min);
    }
    if old.max == 0 {
        count.min = text.min.saturating_add(1);
        kept.min = text.min;
    } else if old.max <= new.min {
        kept.min = text.min;
    } else {
        count.min = text.min.div_ceil(old.max);
    }
    count.times(new).plus(kept)
}

/// The number that an expression is, or another where it is not known.
fn whole(expr: &Expr, otherwise: u64) -> u64 {
    match &expr.kind {
        Kind::Literal(Literal::Int(number)) => u64::try_from(*number).unwrap_or(0),
        _ => otherwise,
    }
}
