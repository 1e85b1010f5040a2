//! Types with what the estimation of costs needs beside them: how many elements a value can have at most, and how small its JSON can be.

use crate::types::Type;

/// A declared type and the sizes its values can have. A list or map has the declaration of its elements.
#[derive(Clone, Debug)]
pub struct Declared {
    pub kind: Type,
    /// Characters of a string, bytes, elements of a list or entries of a map, at most.
    pub max_elements: u64,
    /// The smallest JSON of such a value, in bytes.
    pub min_serialized_size: u64,
    pub(crate) element: Option<std::sync::Arc<Declared>>,
}

impl Declared {
    pub fn new(kind: Type, max_elements: u64, min_serialized_size: u64) -> Self {
        Self { kind, max_elements, min_serialized_size, element: None }
    }

    pub fn list(element: Declared, max_elements: u64) -> Self {
        Self { kind: Type::list(element.kind.clone()), max_elements, min_serialized_size: 2, element: Some(std::sync::Arc::new(element)) }
    }

    pub fn map(element: Declared, max_elements: u64) -> Self {
        Self {
            kind: Type::map(Type::String, element.kind.clone()),
            max_elements,
            min_serialized_size: 2,
            element: Some(std::sync::Arc::new(element)),
        }
    }

    /// The same, but it may be absent: `oldSelf` of rules with `optionalOldSelf`.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { kind: Type::optional(self.kind), ..self }
    }

    /// The sizes that values at the end of a path can have at most. A path has names of fields, `@items`, `@values` and `@keys`.
    pub(crate) fn max_elements_at(&self, path: &[String]) -> Option<u64> {
        let Some((first, rest)) = path.split_first() else { return Some(self.max_elements) };
        let kind = self.kind.unwrapped().unwrap_or(&self.kind);
        match (first.as_str(), kind) {
            ("@items" | "@values", _) => self.element.as_deref()?.max_elements_at(rest),
            // Upstream declares no size for keys, which it takes for a size of zero.
            ("@keys", Type::Map(_)) => rest.is_empty().then_some(0),
            ("@keys", _) => None,
            (field, Type::Object(object)) => object.fields.get(field)?.max_elements_at(rest),
            _ => None,
        }
    }
}

/// A declaration of which nothing but the type is known.
impl From<Type> for Declared {
    fn from(kind: Type) -> Self {
        Self::new(kind, u64::MAX, 1)
    }
}
