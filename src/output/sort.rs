//! `--sort-by`: rows or items in the order of a field, numbers as numbers, quantities as quantities.

use std::cmp::Ordering;

use serde_json::Value;

use crate::columns::{RelaxedPathError, relaxed_path};
use crate::go_text;
use crate::jsonpath::{EvaluateError, Item, JsonPath, ParseError};

/// Why rows can not be sorted; the words are kubectl's.
#[derive(Debug, thiserror::Error)]
pub enum SortError {
    #[error("couldn't find any field with path {} in the list of objects", go_text::quote(.0))]
    NoField(String),
    #[error("Field {field} in {holder} is an unsortable type: {kind}, err: {reason}")]
    Unsortable { field: String, holder: &'static str, kind: &'static str, reason: String },
    #[error(transparent)]
    Path(#[from] RelaxedPathError),
    #[error("sorting error: {0}")]
    ParseTable(ParseError),
    #[error(transparent)]
    Parse(ParseError),
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// What is sorted: errors differ a little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sorted {
    /// The rows of a table, by the object of each.
    Table,
    /// The items of a list.
    List,
}

/// Sorts `rows` by what `field` finds in the object of each. Rows without the field come first.
///
/// # Errors
/// Where no row has the field, the field is no path, or its values have no order.
pub fn sort_by<T>(rows: &mut Vec<T>, field: &str, what: Sorted, object: impl Fn(&T) -> &Value) -> Result<(), SortError> {
    let path = match (relaxed_path(field), what) {
        (Ok(path), _) => path,
        // tables take a full template as well
        (Err(_), Sorted::Table) => field.to_owned(),
        (Err(error), Sorted::List) => return Err(error.into()),
    };
    let parsed = JsonPath::parse(&path)
        .map_err(|error| if what == Sorted::Table { SortError::ParseTable(error) } else { SortError::Parse(error) })?
        .allow_missing_keys(true);
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let found = parsed.find(object(row))?;
        keys.push(found.into_iter().next().and_then(|items| items.into_iter().next()).map(|item: Item<'_>| item.value().clone()));
    }
    if !rows.is_empty() && keys.iter().all(Option::is_none) {
        return Err(SortError::NoField(path));
    }
    let mut problem = None;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|left, right| match (&keys[*left], &keys[*right]) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(left), Some(right)) => compare(left, right).unwrap_or_else(|reason| {
            problem.get_or_insert(reason);
            Ordering::Equal
        }),
    });
    if let Some(reason) = problem {
        let holder = if what == Sorted::Table { "[][][]reflect.Value" } else { "*unstructured.Unstructured" };
        return Err(SortError::Unsortable { field: path, holder, kind: "interface", reason });
    }
    let mut taken: Vec<Option<T>> = rows.drain(..).map(Some).collect();
    rows.extend(order.into_iter().filter_map(|index| taken[index].take()));
    Ok(())
}

fn compare(left: &Value, right: &Value) -> Result<Ordering, String> {
    match (left, right) {
        (Value::Null, Value::Null) => Ok(Ordering::Equal),
        (Value::Null, _) => Ok(Ordering::Less),
        (_, Value::Null) => Ok(Ordering::Greater),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Ok(left.cmp(&right)),
            (None, None) => Ok(left.as_f64().unwrap_or_default().total_cmp(&right.as_f64().unwrap_or_default())),
            _ => Err("unsortable interface: interface".to_owned()),
        },
        (Value::String(left), Value::String(right)) => Ok(match (Quantity::parse(left), Quantity::parse(right)) {
            (Some(left), Some(right)) => left.compare(&right),
            _ => left.cmp(right),
        }),
        (Value::String(_) | Value::Number(_), _) => Err("unsortable interface: interface".to_owned()),
        (Value::Bool(_), _) => Err("unsortable type: bool".to_owned()),
        (Value::Array(_), _) => Err("unsortable type: []interface {}".to_owned()),
        (Value::Object(_), _) => Err("unsortable type: map[string]interface {}".to_owned()),
    }
}

/// A resource quantity, only as far as order needs it.
struct Quantity {
    value: f64,
}

impl Quantity {
    fn parse(text: &str) -> Option<Self> {
        let digits =
            text.find(|character: char| !character.is_ascii_digit() && !matches!(character, '+' | '-' | '.')).unwrap_or(text.len());
        let (number, suffix) = text.split_at(digits);
        if !number.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let factor = match suffix {
            "" => 1.0,
            "n" => 1e-9,
            "u" => 1e-6,
            "m" => 1e-3,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "E" => 1e18,
            "Ki" => 1024.0,
            "Mi" => 1024_f64.powi(2),
            "Gi" => 1024_f64.powi(3),
            "Ti" => 1024_f64.powi(4),
            "Pi" => 1024_f64.powi(5),
            "Ei" => 1024_f64.powi(6),
            _ => {
                let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
                10_f64.powi(exponent)
            }
        };
        Some(Self { value: number.parse::<f64>().ok()? * factor })
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.value.total_cmp(&other.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(values: &Value, expected: &Value) {
        let mut rows: Vec<Value> = values.as_array().unwrap().iter().map(|value| json!({"f": value})).collect();
        sort_by(&mut rows, ".f", Sorted::Table, |row| row).unwrap();
        assert_eq!(&Value::from(rows.iter().map(|row| row["f"].clone()).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn orders() {
        check(&json!([3, 1, 10]), &json!([1, 3, 10]));
        check(&json!(["b", "a", "C"]), &json!(["C", "a", "b"]));
        check(&json!(["1Gi", "500m", "2", "512Mi"]), &json!(["500m", "2", "512Mi", "1Gi"]));
        check(&json!(["2024-01-02T00:00:00Z", "2023-01-02T00:00:00Z"]), &json!(["2023-01-02T00:00:00Z", "2024-01-02T00:00:00Z"]));
        check(&json!([2, null, 1]), &json!([null, 1, 2]));
    }

    #[test]
    fn missing_fields() {
        let mut rows = vec![json!({"f": 1}), json!({})];
        sort_by(&mut rows, "f", Sorted::List, |row| row).unwrap();
        assert_eq!(rows, [json!({}), json!({"f": 1})]);
        let error = sort_by(&mut rows, "{.g}", Sorted::List, |row| row).unwrap_err();
        assert_eq!(error.to_string(), "couldn't find any field with path \"{.g}\" in the list of objects");
    }
}
