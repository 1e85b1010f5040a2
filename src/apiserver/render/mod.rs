//! Objects, lists and watches in the form that the client asked for: themselves, Tables, or metadata only. The plain form hands out cached bytes as they are.

mod list;
mod table;

use std::sync::Arc;

use api::{ApiError, Object};
use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use futures::stream;
use http::header::RETRY_AFTER;
use http::{Response, StatusCode};
use kinds::Kind;
use serde_json::value::RawValue;

use crate::cache::{self, Item};
use crate::context::Context;
use crate::negotiate::{Answer, Encoding, Form, Meta};
use crate::protobuf::encode;
use crate::registry::Endpoint;
use crate::registry::list::Page;
use crate::registry::watch::{Notice, Watch, event_name, frame_of};
use crate::respond;
use list::ListBody;
use table::IncludeObject;

/// One object.
pub async fn item(context: &Context, endpoint: &Endpoint, code: StatusCode, item: &Arc<Item>) -> Result<Response<Body>, ApiError> {
    let item = endpoint.show(item).await?;
    let json = match context.answer.form {
        Form::Object => item.json(),
        Form::Table(meta) => table::of_items(endpoint, &[item], None, (meta, IncludeObject::parse(context)?), true)?,
        Form::Metadata(meta) => metadata_object(meta, &item.json())?,
        Form::MetadataList(_) => return Err(ApiError::not_acceptable(&["application/json"])),
    };
    encoded(code, json, context.answer)
}

/// One object that is stored nowhere but made for this answer.
pub fn made(context: &Context, kind: &Kind, object: &dyn Object) -> Result<Response<Body>, ApiError> {
    let json: Bytes = object.to_json().into();
    let json = match context.answer.form {
        Form::Object => json,
        Form::Table(meta) => table::of_object(kind, object, &json, (meta, IncludeObject::parse(context)?))?,
        Form::Metadata(meta) => metadata_object(meta, &json)?,
        Form::MetadataList(_) => return Err(ApiError::not_acceptable(&["application/json"])),
    };
    encoded(StatusCode::OK, json, context.answer)
}

/// JSON bytes as the client reads them.
pub fn encoded(code: StatusCode, json: Bytes, answer: Answer) -> Result<Response<Body>, ApiError> {
    let (media_type, body) = match answer.encoding {
        Encoding::Yaml => {
            let value: serde_json::Value = serde_json::from_slice(&json).map_err(ApiError::internal)?;
            ("application/yaml", serde_yaml::to_string(&value).map_err(ApiError::internal)?.into())
        }
        Encoding::Protobuf => (encode::MEDIA_TYPE, protobuf(&json)?),
        Encoding::Json if answer.pretty => (respond::JSON, respond::pretty(&json)),
        Encoding::Json => (respond::JSON, json),
    };
    Ok(if answer.gzip { respond::compressed(code, media_type, body) } else { respond::content(code, media_type, body) })
}

/// A failure in the encoding that the client asked for.
pub fn failure(error: &ApiError, answer: Answer) -> Response<Body> {
    let plain = respond::failure(error);
    if answer.encoding == Encoding::Json && !answer.pretty {
        return plain;
    }
    match encoded(plain.status(), respond::status_json(&error.0).into(), answer) {
        Ok(mut response) => {
            response.headers_mut().extend(plain.headers().get(RETRY_AFTER).map(|value| (RETRY_AFTER, value.clone())));
            response
        }
        Err(_) => plain,
    }
}

/// JSON of an object or a list as protobuf.
fn protobuf(json: &[u8]) -> Result<Bytes, ApiError> {
    let value: serde_json::Value = serde_json::from_slice(json).map_err(ApiError::internal)?;
    encode::encode(&value).map_err(ApiError::internal)
}

/// A page of objects.
pub async fn list(context: &Context, endpoint: &Endpoint, mut page: Page) -> Result<Response<Body>, ApiError> {
    page.items = endpoint.show_all(page.items).await?;
    let json = match context.answer.form {
        Form::Object => {
            let list = ListBody::new(endpoint, page);
            if list.bytes() >= respond::LARGE && context.answer.encoding == Encoding::Json && !context.answer.pretty {
                return Ok(respond::in_chunks(StatusCode::OK, respond::JSON, list, context.answer.gzip));
            }
            list.whole()
        }
        Form::Table(meta) => table::of_items(endpoint, &page.items, Some(&page), (meta, IncludeObject::parse(context)?), true)?,
        Form::MetadataList(meta) => metadata_list(meta, &page)?,
        Form::Metadata(_) => return Err(ApiError::not_acceptable(&["application/json"])),
    };
    encoded(StatusCode::OK, json, context.answer)
}

/// `"metadata":{...}` of a list.
fn list_meta(page: &Page) -> String {
    let mut text = format!("{{\"resourceVersion\":\"{}\"", page.revision);
    if let Some(next) = &page.next {
        text.push_str(&format!(",\"continue\":\"{next}\""));
    }
    if let Some(remaining) = page.remaining {
        text.push_str(&format!(",\"remainingItemCount\":{remaining}"));
    }
    text.push('}');
    text
}

/// A line of a watch around JSON.
fn json_frame(name: &str, json: &[u8]) -> Bytes {
    frame_of(name, json.len(), |out| out.extend_from_slice(json))
}

/// The metadata of an object as it stands in its bytes.
pub(crate) fn raw_metadata(json: &[u8]) -> Result<&str, ApiError> {
    #[derive(serde::Deserialize)]
    struct Partial<'a> {
        #[serde(borrow)]
        metadata: &'a RawValue,
    }
    serde_json::from_slice::<Partial<'_>>(json).map(|partial| partial.metadata.get()).map_err(ApiError::internal)
}

/// An object of which only the metadata are told.
fn partial(form: Meta, metadata: &str) -> String {
    format!("{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"{}\",\"metadata\":{metadata}}}", form.api_version())
}

fn metadata_object(form: Meta, json: &[u8]) -> Result<Bytes, ApiError> {
    Ok(partial(form, raw_metadata(json)?).into())
}

fn metadata_list(form: Meta, page: &Page) -> Result<Bytes, ApiError> {
    let mut out = BytesMut::new();
    out.put_slice(format!("{{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"{}\",\"metadata\":", form.api_version()).as_bytes());
    out.put_slice(list_meta(page).as_bytes());
    out.put_slice(b",\"items\":[");
    for (index, item) in page.items.iter().enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        out.put_slice(&metadata_object(form, &item.json())?);
    }
    out.put_slice(b"]}");
    Ok(out.freeze())
}

/// What a watch hands out.
struct WatchBody {
    watch: Watch,
    endpoint: Endpoint,
    form: Form,
    encoding: Encoding,
    include: IncludeObject,
    /// The columns of a Table come once.
    columns_due: bool,
    stopping: tokio::sync::watch::Receiver<bool>,
}

/// A watch as lines of JSON, documents of YAML or frames of protobuf.
pub fn watch(
    context: &Context,
    endpoint: &Endpoint,
    watch: Watch,
    stopping: tokio::sync::watch::Receiver<bool>,
) -> Result<Response<Body>, ApiError> {
    let body = WatchBody {
        watch,
        endpoint: endpoint.clone(),
        form: context.answer.form,
        encoding: context.answer.encoding,
        include: IncludeObject::parse(context)?,
        columns_due: true,
        stopping,
    };
    let lines = stream::unfold(Some(body), |body| async move {
        let mut body = body?;
        let notices = tokio::select! {
            notices = body.watch.next() => notices,
            _ = body.stopping.wait_for(|stopping| *stopping) => return None,
        };
        if notices.is_empty() {
            return None;
        }
        let mut over = false;
        let mut out = Vec::with_capacity(notices.len());
        for notice in notices {
            match body.line(notice).await {
                Ok((line, last)) => {
                    out.push(line);
                    over |= last;
                }
                Err(error) => {
                    tracing::warn!(%error, "a watch ends because an event can not be shown");
                    out.extend(body.frame("ERROR", &respond::status_json(&error.0)));
                    over = true;
                }
            }
            if over {
                break;
            }
        }
        let chunk = if out.len() == 1 { out.remove(0) } else { out.concat().into() };
        Some((Ok::<_, std::convert::Infallible>(chunk), (!over).then_some(body)))
    });
    let media_type = match context.answer.encoding {
        Encoding::Json => respond::JSON,
        Encoding::Yaml => "application/yaml;stream=watch",
        Encoding::Protobuf => encode::STREAM_MEDIA_TYPE,
    };
    Ok(respond::content(StatusCode::OK, media_type, Body::from_stream(lines)))
}

impl WatchBody {
    /// The line of a notice, and whether it is the last.
    async fn line(&mut self, notice: Notice) -> Result<(Bytes, bool), ApiError> {
        match notice {
            Notice::Event(event) => {
                let shown = self.endpoint.show(&event.item).await?;
                if self.form != Form::Object || self.encoding == Encoding::Yaml || !Arc::ptr_eq(&shown, &event.item) {
                    return Ok((self.changed(event.change, shown)?, false));
                }
                let (name, item) = (event_name(event.change), &event.item);
                let line = match self.encoding {
                    Encoding::Protobuf => event.protobuf_frame(|| self.frame(name, &item.json()))?,
                    _ => event.frame(|| frame_of(name, item.json_len(), |out| item.write_json(0, out))),
                };
                Ok((line, false))
            }
            Notice::Changed(change, item) => {
                let shown = self.endpoint.show(&item).await?;
                Ok((self.changed(change, shown)?, false))
            }
            Notice::Bookmark(revision, end) => {
                let kind = &*self.endpoint.kind;
                let annotations = if end { ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" } else { "" };
                let meta = format!("{{\"resourceVersion\":\"{revision}\"{annotations}}}");
                let object = match self.form {
                    Form::Object => format!("{{\"kind\":\"{}\",\"apiVersion\":\"{}\",\"metadata\":{meta}}}", kind.kind, kind.api_version()),
                    Form::Table(form) => return Ok((self.frame("BOOKMARK", &table::bookmark(form, revision, &meta))?, false)),
                    Form::Metadata(form) | Form::MetadataList(form) => partial(form, &meta),
                };
                Ok((self.frame("BOOKMARK", object.as_bytes())?, false))
            }
            Notice::Failed(error) => Ok((self.frame("ERROR", &respond::status_json(&error.0))?, true)),
        }
    }
    fn changed(&mut self, change: cache::Change, item: Arc<Item>) -> Result<Bytes, ApiError> {
        let json = match self.form {
            Form::Object => item.json(),
            Form::Table(form) => {
                let columns = std::mem::take(&mut self.columns_due);
                table::of_items(&self.endpoint, &[item], None, (form, self.include), columns)?
            }
            Form::Metadata(form) | Form::MetadataList(form) => metadata_object(form, &item.json())?,
        };
        self.frame(event_name(change), &json)
    }
    /// An event around an object, as the client reads it.
    fn frame(&self, name: &str, json: &[u8]) -> Result<Bytes, ApiError> {
        Ok(match self.encoding {
            Encoding::Json => json_frame(name, json),
            Encoding::Protobuf => encode::frame(name, &protobuf(json)?),
            Encoding::Yaml => {
                let event: serde_json::Value = serde_json::from_slice(&json_frame(name, json)).map_err(ApiError::internal)?;
                format!("---\n{}", serde_yaml::to_string(&event).map_err(ApiError::internal)?).into()
            }
        })
    }
}
