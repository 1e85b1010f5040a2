//! What the client wants to read and what it has sent: `Accept` and `Content-Type`.

use api::ApiError;
use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};

/// Which form of an object or list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The object itself.
    Object,
    /// `as=Table;v=v1;g=meta.k8s.io`
    Table(Meta),
    /// `as=PartialObjectMetadata`
    Metadata(Meta),
    /// `as=PartialObjectMetadataList`
    MetadataList(Meta),
}

/// The version of `meta.k8s.io` that a form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meta {
    V1,
    V1Beta1,
}

impl Meta {
    pub fn api_version(self) -> &'static str {
        match self {
            Self::V1 => "meta.k8s.io/v1",
            Self::V1Beta1 => "meta.k8s.io/v1beta1",
        }
    }
}

/// In which forms something can be answered, besides JSON and YAML of itself.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// The object has a form in protobuf.
    pub protobuf: bool,
    /// There are Tables of it.
    pub table: bool,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Json,
    Yaml,
    Protobuf,
}

/// What a client is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub form: Form,
    pub encoding: Encoding,
    pub pretty: bool,
    /// The client reads gzip.
    pub gzip: bool,
}

const READABLE: &[&str] = &["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// The first media type of `Accept` that is served here.
pub fn accept(headers: &HeaderMap, pretty: bool, forms: Forms) -> Result<Answer, ApiError> {
    let gzip = reads_gzip(headers);
    let wanted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    if wanted.trim().is_empty() {
        return Ok(Answer { form: Form::Object, encoding: Encoding::Json, pretty, gzip });
    }
    let chosen = ranges(&wanted).find_map(|(media_type, parameters)| {
        let form = form(&parameters).filter(|form| forms.table || !matches!(form, Form::Table(_)))?;
        let encoding = match media_type {
            "application/json" | "*/*" | "application/*" => Encoding::Json,
            "application/yaml" => Encoding::Yaml,
            "application/vnd.kubernetes.protobuf" if in_protobuf(form, forms.protobuf) => Encoding::Protobuf,
            _ => return None,
        };
        Some(Answer { form, encoding, pretty, gzip })
    });
    chosen.ok_or_else(|| ApiError::not_acceptable(if forms.protobuf { READABLE } else { &READABLE[..2] }))
}

/// Whether `Accept-Encoding` names gzip.
pub fn reads_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    named.map(|coding| coding.split(';').next().unwrap_or_default().trim()).any(|coding| coding == "gzip")
}

/// Tables have no form in protobuf; metadata has one whatever it belongs to.
fn in_protobuf(form: Form, object: bool) -> bool {
    match form {
        Form::Object => object,
        Form::Table(_) => false,
        Form::Metadata(meta) | Form::MetadataList(meta) => meta == Meta::V1,
    }
}

/// A media type and its parameters.
type Range<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// The alternatives of an `Accept` header, best first.
fn ranges(header: &str) -> impl Iterator<Item = Range<'_>> {
    let mut all: Vec<(f32, Range<'_>)> = header
        .split(',')
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default();
            let parameters: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
            let quality = parameters.iter().find(|(name, _)| *name == "q").and_then(|(_, value)| value.parse().ok()).unwrap_or(1.0);
            (quality, (media_type, parameters))
        })
        .collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    all.into_iter().map(|(_, range)| range)
}

fn form(parameters: &[(&str, &str)]) -> Option<Form> {
    let get = |name: &str| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let Some(form) = get("as") else { return Some(Form::Object) };
    let meta = match (get("g"), get("v")) {
        (Some("meta.k8s.io"), Some("v1")) => Meta::V1,
        (Some("meta.k8s.io"), Some("v1beta1")) => Meta::V1Beta1,
        _ => return None,
    };
    match form {
        "Table" => Some(Form::Table(meta)),
        "PartialObjectMetadata" => Some(Form::Metadata(meta)),
        "PartialObjectMetadataList" => Some(Form::MetadataList(meta)),
        _ => None,
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEncoding {
    Json,
    Yaml,
    Protobuf,
}

/// Reads how the body is written.
pub fn body_encoding(headers: &HeaderMap) -> Result<BodyEncoding, ApiError> {
    match content_type(headers) {
        "" | "application/json" | "text/plain" => Ok(BodyEncoding::Json),
        "application/yaml" => Ok(BodyEncoding::Yaml),
        "application/vnd.kubernetes.protobuf" => Ok(BodyEncoding::Protobuf),
        _ => Err(ApiError::unsupported_media_type(&["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"])),
    }
}

/// The media type of the body, without parameters.
pub fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map_or("", |value| value.split(';').next().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<(Form, Encoding)>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, header.parse().unwrap());
        let got = accept(&headers, false, Forms { protobuf: true, table: true }).ok().map(|answer| (answer.form, answer.encoding));
        assert_eq!(got, expected, "{header}");
    }

    #[test]
    fn alternatives() {
        check("application/json", Some((Form::Object, Encoding::Json)));
        check("*/*", Some((Form::Object, Encoding::Json)));
        check("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", Some((Form::Table(Meta::V1), Encoding::Json)));
        check("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", Some((Form::Table(Meta::V1Beta1), Encoding::Json)));
        check("application/json;as=Table;v=v1alpha1;g=meta.k8s.io,application/json", Some((Form::Object, Encoding::Json)));
        check("application/vnd.kubernetes.protobuf,application/json", Some((Form::Object, Encoding::Protobuf)));
        check("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json", Some((Form::Object, Encoding::Json)));
        check(
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
            Some((Form::Metadata(Meta::V1), Encoding::Protobuf)),
        );
        check("application/json;q=0.5, application/yaml", Some((Form::Object, Encoding::Yaml)));
        check("application/cbor", None);
    }
}
