//! Label selectors: the text form of `-l` and `labelSelector=`, the structured form of `spec.selector`, and matching
//! (`k8s.io/apimachinery/pkg/labels`). Parsing is in [`parse`]; validation of labels inside objects is in [`crate::metadata`].

mod parse;

use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::json;

use crate::field::{ErrorList, FieldError, Path};
use crate::names;

/// How a requirement relates a label to its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    In,
    NotIn,
    /// `=`
    Equals,
    /// `==`
    DoubleEquals,
    NotEquals,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    pub key: String,
    pub operator: Operator,
    pub values: Vec<String>,
}

/// Conditions that must all hold, or none at all. The default selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    requirements: Vec<Requirement>,
    nothing: bool,
}

/// Why a selector is not one; the words are upstream's and reach users.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// A requirement could not be read.
    #[error("unable to parse requirement: {0}")]
    Requirement(String),
    /// The text between requirements could not be read, or the structured form is invalid.
    #[error("{0}")]
    Selector(String),
}

type Labels = BTreeMap<String, String>;

impl Requirement {
    /// A valid requirement, or all that is wrong with it.
    pub fn new(key: &str, operator: Operator, values: Vec<String>) -> Result<Self, ErrorList> {
        let mut errors = ErrorList::new();
        let (key_path, values_path) = (Path::new("key"), Path::new("values"));
        errors.extend(key_error(key, &key_path));
        let quoted = || json!(values);
        match operator {
            Operator::In | Operator::NotIn if values.is_empty() => {
                errors.push(FieldError::invalid(&values_path, quoted(), "for 'in', 'notin' operators, values set can't be empty"));
            }
            Operator::Equals | Operator::DoubleEquals | Operator::NotEquals if values.len() != 1 => {
                errors.push(FieldError::invalid(&values_path, quoted(), "exact-match compatibility requires one single value"));
            }
            Operator::Exists | Operator::DoesNotExist if !values.is_empty() => {
                errors.push(FieldError::invalid(&values_path, quoted(), "values set must be empty for exists and does not exist"));
            }
            Operator::GreaterThan | Operator::LessThan => {
                if values.len() != 1 {
                    errors.push(FieldError::invalid(&values_path, quoted(), "for 'Gt', 'Lt' operators, exactly one value is required"));
                }
                for (index, value) in values.iter().enumerate().filter(|(_, value)| value.parse::<i64>().is_err()) {
                    let detail = "for 'Gt', 'Lt' operators, the value must be an integer";
                    errors.push(FieldError::invalid(&values_path.index(index), value.as_str(), detail));
                }
            }
            _ => {}
        }
        for (index, value) in values.iter().enumerate() {
            let faults = names::label_value(value);
            if !faults.is_empty() {
                errors.push(FieldError::invalid(&values_path.index(index).key(key), value.as_str(), faults.join("; ")));
            }
        }
        if errors.is_empty() { Ok(Self { key: key.to_owned(), operator, values }) } else { Err(errors) }
    }

    /// Whether labels meet the condition. An absent label meets `NotIn`, `NotEquals` and `DoesNotExist`.
    pub fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => value.is_some_and(|value| self.values.contains(value)),
            Operator::NotIn | Operator::NotEquals => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan | Operator::LessThan => {
                let number = |text: &String| text.parse::<i64>().ok();
                let (Some(own), [bound]) = (value.and_then(number), &self.values[..]) else { return false };
                let Some(bound) = number(bound) else { return false };
                if self.operator == Operator::GreaterThan { own > bound } else { own < bound }
            }
        }
    }
}

impl Selector {
    /// Selects every object.
    pub fn everything() -> Self {
        Self::default()
    }
    /// Selects no object: what an absent `LabelSelector` means.
    pub fn nothing() -> Self {
        Self { requirements: Vec::new(), nothing: true }
    }
    /// Reads `env in (a,b),tier!=web,!canary`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        Ok(Self::all_of(parse::requirements(text)?))
    }
    /// All of these conditions, in the order of their keys.
    pub fn all_of(mut requirements: Vec<Requirement>) -> Self {
        requirements.sort_by(|left, right| left.key.cmp(&right.key));
        Self { requirements, nothing: false }
    }
    /// Labels that must all be there, unchecked: `spec.selector` of Services and ReplicationControllers. Empty selects everything.
    pub fn from_set(labels: &Labels) -> Self {
        let equals =
            |(key, value): (&String, &String)| Requirement { key: key.clone(), operator: Operator::Equals, values: vec![value.clone()] };
        Self { requirements: labels.iter().map(equals).collect(), nothing: false }
    }
    /// The structured form. Absent selects nothing, empty selects everything.
    pub fn from_label_selector(selector: Option<&LabelSelector>) -> Result<Self, SelectorError> {
        let Some(selector) = selector else { return Ok(Self::nothing()) };
        let mut requirements = Vec::new();
        let checked = |key: &str, operator, values| {
            Requirement::new(key, operator, values).map_err(|errors| SelectorError::Selector(joined(&errors)))
        };
        for (key, value) in selector.match_labels.iter().flatten() {
            requirements.push(checked(key, Operator::Equals, vec![value.clone()])?);
        }
        for expression in selector.match_expressions.iter().flatten() {
            let operator = match expression.operator.as_str() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => {
                    let other = crate::field::quoted(other);
                    return Err(SelectorError::Selector(format!("{other} is not a valid label selector operator")));
                }
            };
            requirements.push(checked(&expression.key, operator, expression.values.clone().unwrap_or_default())?);
        }
        Ok(Self::all_of(requirements))
    }
    /// Whether labels are selected; absent labels are empty ones.
    pub fn matches<'a>(&self, labels: impl Into<Option<&'a Labels>>) -> bool {
        static NO_LABELS: Labels = Labels::new();
        let labels = labels.into().unwrap_or(&NO_LABELS);
        !self.nothing && self.requirements.iter().all(|requirement| requirement.matches(labels))
    }
    /// True where every object is selected.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.nothing
    }
    pub fn is_nothing(&self) -> bool {
        self.nothing
    }
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }
    /// The one value that a label must have, where the selector demands one.
    pub fn exact_value(&self, key: &str) -> Option<&str> {
        let requirement = self.requirements.iter().find(|requirement| requirement.key == key)?;
        match (requirement.operator, &requirement.values[..]) {
            (Operator::Equals | Operator::DoubleEquals | Operator::In, [value]) => Some(value),
            _ => None,
        }
    }
}

/// A structured selector as kubectl prints it: `a=b,c in (d,e)`, `<none>`, `<error>`.
pub fn format_label_selector(selector: Option<&LabelSelector>) -> String {
    match Selector::from_label_selector(selector) {
        Ok(selector) => Some(selector.to_string()).filter(|text| !text.is_empty()).unwrap_or_else(|| "<none>".to_owned()),
        Err(_) => "<error>".to_owned(),
    }
}

fn key_error(key: &str, path: &Path) -> Option<FieldError> {
    let faults = names::qualified_name(key);
    (!faults.is_empty()).then(|| FieldError::invalid(path, key, faults.join("; ")))
}

/// Errors as upstream's aggregate words them.
fn joined(errors: &ErrorList) -> String {
    crate::status::aggregate(errors)
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.operator == Operator::DoesNotExist {
            f.write_str("!")?;
        }
        f.write_str(&self.key)?;
        let mut values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        match self.operator {
            Operator::Exists | Operator::DoesNotExist => Ok(()),
            Operator::In => write!(f, " in ({values})"),
            Operator::NotIn => write!(f, " notin ({values})"),
            Operator::Equals => write!(f, "={values}"),
            Operator::DoubleEquals => write!(f, "=={values}"),
            Operator::NotEquals => write!(f, "!={values}"),
            Operator::GreaterThan => write!(f, ">{values}"),
            Operator::LessThan => write!(f, "<{values}"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            write!(f, "{}{requirement}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
