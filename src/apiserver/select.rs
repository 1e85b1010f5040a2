//! Selection of cached objects by labels and fields, on what stands beside their bytes.

use api::labels::{Operator, Requirement};
use api::{ApiError, fields, labels};
use kinds::Kind;

use crate::cache::Item;
use crate::request::Query;

/// What a list or watch is limited to, besides its namespace.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub labels: labels::Selector,
    pub fields: fields::Selector,
}

impl Selection {
    /// Reads `labelSelector` and `fieldSelector`; fields that the kind does not offer are refused.
    pub fn parse(query: &Query, kind: &Kind) -> Result<Self, ApiError> {
        let labels = match query.filled("labelSelector") {
            Some(text) => labels::Selector::parse(text).map_err(|error| ApiError::bad_request(error.to_string()))?,
            None => labels::Selector::everything(),
        };
        let mut fields = match query.filled("fieldSelector") {
            Some(text) => fields::Selector::parse(text).map_err(|error| ApiError::bad_request(error.to_string()))?,
            None => fields::Selector::default(),
        };
        let aliases = kind.behaviour.field_aliases();
        let own = match aliases {
            [] => kind.stored_as().behaviour.field_names(),
            aliases => aliases.iter().map(|(name, _)| *name).collect(),
        };
        let known = |field: &str| match field {
            "metadata.name" => true,
            "metadata.namespace" => kind.namespaced,
            _ => own.contains(&field),
        };
        if let Some(field) = fields.unknown(known) {
            return Err(ApiError::bad_request(if own.is_empty() {
                format!("{field:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
            } else {
                format!("field label not supported: {field}")
            }));
        }
        for wanted in &mut fields.0 {
            if let Some((_, stored)) = aliases.iter().find(|(name, _)| *name == wanted.field) {
                (*stored).clone_into(&mut wanted.field);
            }
        }
        Ok(Self { labels, fields })
    }
    /// True where everything is selected.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }
    /// True where it needs more of an object than its name, namespace and labels.
    pub fn reads_fields(&self) -> bool {
        self.fields.0.iter().any(|wanted| !matches!(wanted.field.as_str(), "metadata.name" | "metadata.namespace"))
    }
    pub fn matches(&self, item: &Item) -> bool {
        !self.labels.is_nothing()
            && self.fields.0.iter().all(|wanted| (item.field(&wanted.field) == wanted.value) != wanted.negated)
            && self.labels.requirements().iter().all(|requirement| meets(requirement, item))
    }
}

fn meets(requirement: &Requirement, item: &Item) -> bool {
    let value = item.label(&requirement.key);
    let among = |value: &str| requirement.values.iter().any(|wanted| wanted == value);
    match requirement.operator {
        Operator::In | Operator::Equals | Operator::DoubleEquals => value.is_some_and(among),
        Operator::NotIn | Operator::NotEquals => !value.is_some_and(among),
        Operator::Exists => value.is_some(),
        Operator::DoesNotExist => value.is_none(),
        Operator::GreaterThan | Operator::LessThan => {
            let number = |text: &str| text.parse::<i64>().ok();
            let (Some(own), Some(bound)) = (value.and_then(number), requirement.values.first().and_then(|value| number(value))) else {
                return false;
            };
            if requirement.operator == Operator::GreaterThan { own > bound } else { own < bound }
        }
    }
}
