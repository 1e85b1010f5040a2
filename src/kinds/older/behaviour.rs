//! An older version behaves as the version of today: its objects are trees that have been decoded as today's once, so that what is wrong or unknown is told.

use std::borrow::Cow;

use api::{ErrorList, Object, Untyped};
use output::table::Cell;
use serde::de::Error;
use serde_json::Value;

use crate::kind::{Column, ErasedBehaviour, Kind, Owners, Part};

/// Stands behind an older version. Everything between decoding and showing is done at the version of today.
pub struct Older {
    pub of: &'static Kind,
    pub to_stored: fn(&mut Value),
}

impl Older {
    fn today(&self, object: &dyn Object) -> Option<Box<dyn Object>> {
        let mut value = object.to_value();
        (self.to_stored)(&mut value);
        self.of.behaviour.decode(value, &mut Vec::new()).ok()
    }
}

impl ErasedBehaviour for Older {
    fn decode(&self, value: Value, unknown: &mut Vec<String>) -> Result<Box<dyn Object>, serde_json::Error> {
        let mut today = value.clone();
        (self.to_stored)(&mut today);
        self.of.behaviour.decode(today, unknown)?;
        let object = Untyped::from_value(value, &mut Vec::new()).map_err(serde_json::Error::custom)?;
        Ok(Box::new(object))
    }
    fn decode_stored(&self, bytes: &[u8], _owners: Owners) -> Result<Box<dyn Object>, serde_json::Error> {
        self.decode(serde_json::from_slice(bytes)?, &mut Vec::new())
    }
    fn columns(&self) -> Cow<'_, [Column<'_>]> {
        self.of.behaviour.columns()
    }
    fn cells(&self, object: &dyn Object, now: jiff::Timestamp) -> Vec<Cell> {
        // what has been decoded before decodes again
        self.today(object).map(|object| self.of.behaviour.cells(object.as_ref(), now)).unwrap_or_default()
    }
    fn field_names(&self) -> Cow<'_, [&str]> {
        self.of.behaviour.field_names()
    }
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        self.of.behaviour.name_errors(name, prefix)
    }
    fn has_generation(&self) -> bool {
        self.of.behaviour.has_generation()
    }
    fn default(&self, _object: &mut dyn Object) {}
    fn prepare_create(&self, _object: &mut dyn Object) {}
    fn prepare_update(&self, _part: Part, _object: &mut dyn Object, _old: &dyn Object) {}
    fn validate(&self, _object: &dyn Object) -> ErrorList {
        ErrorList::new()
    }
    fn validate_update(&self, _part: Part, _object: &dyn Object, _old: &dyn Object) -> ErrorList {
        ErrorList::new()
    }
    fn generation_changes(&self, _object: &dyn Object, _old: &dyn Object) -> bool {
        false
    }
    fn fields<'a>(&'a self, _object: &dyn Object) -> Vec<(&'a str, String)> {
        Vec::new()
    }
    fn warnings(&self, _object: &dyn Object, _old: Option<&dyn Object>) -> Vec<String> {
        Vec::new()
    }
}
