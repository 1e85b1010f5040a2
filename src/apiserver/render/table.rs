//! Tables: rows of cells that the server has printed, as kubectl asks for them.

use std::sync::Arc;

use api::{ApiError, FieldError, Object, Path};
use bytes::Bytes;
use kinds::Kind;
use output::table::Cell;
use serde_json::{Value, json};

use crate::cache::Item;
use crate::context::Context;
use crate::negotiate::Meta;
use crate::registry::Endpoint;
use crate::registry::list::Page;

/// How much of each object goes into its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncludeObject {
    None,
    Metadata,
    Object,
}

impl IncludeObject {
    pub fn parse(context: &Context) -> Result<Self, ApiError> {
        match context.query.filled("includeObject") {
            None | Some("Metadata") => Ok(Self::Metadata),
            Some("None") => Ok(Self::None),
            Some("Object") => Ok(Self::Object),
            Some(other) => {
                let fault = FieldError::not_supported(&Path::new("includeObject"), other, &["None", "Metadata", "Object"]);
                Err(ApiError::invalid("meta.k8s.io", "TableOptions", "", &vec![fault]))
            }
        }
    }
}

/// Resources of up to so many objects keep those that a Table has shown, typed, for the next Table.
const KEPT_OBJECTS: usize = 5000;

/// A Table of objects.
pub fn of_items(
    endpoint: &Endpoint,
    items: &[Arc<Item>],
    page: Option<&Page>,
    (meta_version, include): (Meta, IncludeObject),
    columns: bool,
) -> Result<Bytes, ApiError> {
    let now = jiff::Timestamp::now();
    let meta = match (page, items) {
        (Some(page), _) => super::list_meta(page),
        (None, [item]) => format!("{{\"resourceVersion\":\"{}\"}}", item.revision()),
        (None, _) => "{}".to_owned(),
    };
    let mut out = format!("{},\"metadata\":{meta},\"columnDefinitions\":", head(meta_version));
    out.push_str(&if columns { definitions(&endpoint.kind) } else { Value::Null }.to_string());
    out.push_str(",\"rows\":[");
    let kept = endpoint.resource.len() <= KEPT_OBJECTS;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let object = if kept { item.object(&endpoint.kind) } else { item.object_once(&endpoint.kind) }.map_err(ApiError::internal)?;
        row(&endpoint.kind, object.as_ref(), || item.json(), (meta_version, include), now, &mut out)?;
    }
    out.push_str("]}");
    Ok(out.into())
}

/// A Table of one object that is stored nowhere.
pub fn of_object(kind: &Kind, object: &dyn Object, json: &[u8], form: (Meta, IncludeObject)) -> Result<Bytes, ApiError> {
    let version = object.meta().resource_version.as_deref().unwrap_or_default();
    let mut out = format!(
        "{},\"metadata\":{{\"resourceVersion\":\"{version}\"}},\"columnDefinitions\":{},\"rows\":[",
        head(form.0),
        definitions(kind)
    );
    row(kind, object, || Bytes::copy_from_slice(json), form, jiff::Timestamp::now(), &mut out)?;
    out.push_str("]}");
    Ok(out.into())
}

/// A Table that only tells a revision.
pub fn bookmark(form: Meta, revision: u64, meta: &str) -> Vec<u8> {
    format!(
        "{},\"metadata\":{{\"resourceVersion\":\"{revision}\"}},\"columnDefinitions\":null,\"rows\":[{{\"cells\":null,\"object\":{}}}]}}",
        head(form),
        super::partial(form, meta)
    )
    .into_bytes()
}

/// `{"kind":"Table","apiVersion":...`
fn head(form: Meta) -> String {
    format!("{{\"kind\":\"Table\",\"apiVersion\":\"{}\"", form.api_version())
}

fn definitions(kind: &Kind) -> Value {
    let columns = kind.behaviour.columns();
    columns
        .iter()
        .map(|column| {
            json!({"name": column.name, "type": column.kind, "format": column.format, "description": column.description, "priority": column.priority})
        })
        .collect()
}

fn row(
    kind: &Kind,
    object: &dyn Object,
    json: impl FnOnce() -> Bytes,
    (form, include): (Meta, IncludeObject),
    now: jiff::Timestamp,
    out: &mut String,
) -> Result<(), ApiError> {
    let cells = kind.behaviour.cells(object, now);
    out.push_str("{\"cells\":[");
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&match cell {
            Cell::Text(text) => Value::from(text.as_str()).to_string(),
            Cell::Int(number) => number.to_string(),
            Cell::Bool(flag) => flag.to_string(),
            Cell::Number(number) => Value::from(*number).to_string(),
            Cell::None => "null".to_owned(),
        });
    }
    out.push(']');
    if include != IncludeObject::None {
        out.push_str(",\"object\":");
        match include {
            IncludeObject::Object => out.push_str(std::str::from_utf8(&json()).map_err(ApiError::internal)?),
            _ => out.push_str(&super::partial(form, super::raw_metadata(&json())?)),
        }
    }
    out.push('}');
    Ok(())
}
