//! One object as it is stored and cached: the encoded JSON, with its labels and selectable fields beside it so that neither a list nor a watch decodes.
//!
//! A stored value is `[format u8][json at u32][revision at u32][labels][fields][json]`, numbers little-endian. The JSON carries an empty
//! `metadata.resourceVersion`, because the revision is known only once the store has written it; it is spliced in where an entry enters the cache.

use std::sync::{Arc, OnceLock};

use api::Object;
use bytes::Bytes;
use kinds::Kind;
use store::Revision;

const FORMAT: u8 = 1;
const HEADER: usize = 9;

/// What a stored value can be refused for.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    #[error("a stored value is of format {0}, which this version does not read")]
    Format(u8),
    #[error("a stored value is cut short")]
    Short,
    #[error(transparent)]
    Sealed(#[from] crate::encryption::EncryptionError),
}

/// Encodes an object for the store.
pub fn encode(kind: &Kind, object: &mut dyn Object) -> Bytes {
    drop_empty(object);
    let marker = marker();
    let before = object.meta_mut().resource_version.replace(marker.to_owned());
    let json = kind.behaviour.encode(object);
    object.meta_mut().resource_version = before;
    let needle = format!("\"resourceVersion\":\"{marker}\"");
    let at = memchr::memmem::find(&json, needle.as_bytes()).expect("the encoder writes metadata.resourceVersion")
        + "\"resourceVersion\":\"".len();

    let mut value = Vec::with_capacity(json.len() + 128);
    value.push(FORMAT);
    value.extend_from_slice(&[0; 8]);
    let labels = object.meta().labels.iter().flatten();
    write_pairs(&mut value, labels.map(|(key, value)| (key.as_str(), value.as_str())));
    let fields = kind.behaviour.fields(object);
    write_pairs(&mut value, fields.iter().map(|(key, value)| (*key, value.as_str())));
    let json_at = value.len();
    let revision_at = json_at + at;
    value[1..5].copy_from_slice(&length(json_at).to_le_bytes());
    value[5..9].copy_from_slice(&length(revision_at).to_le_bytes());
    value.extend_from_slice(&json[..at]);
    value.extend_from_slice(&json[at + marker.len()..]);
    value.into()
}

/// An empty map or list in metadata is none, as upstream's encoder has it.
fn drop_empty(object: &mut dyn Object) {
    let meta = object.meta_mut();
    meta.labels.take_if(|labels| labels.is_empty());
    meta.annotations.take_if(|annotations| annotations.is_empty());
    meta.finalizers.take_if(|finalizers| finalizers.is_empty());
    meta.owner_references.take_if(|owners| owners.is_empty());
    for text in [&mut meta.generate_name, &mut meta.namespace, &mut meta.self_link] {
        text.take_if(|text| text.is_empty());
    }
}

/// What stands before and after `"resourceVersion":""` and one of its commas: an object that was never written has no revision to tell.
fn without_revision(stored: &[u8], revision_at: usize) -> (&[u8], &[u8]) {
    let start = revision_at.saturating_sub("\"resourceVersion\":\"".len());
    let after = stored.get(revision_at + 1..).unwrap_or_default();
    match (after.strip_prefix(b","), stored[..start].strip_suffix(b",")) {
        (Some(after), _) => (&stored[..start], after),
        (None, Some(before)) => (before, after),
        (None, None) => (&stored[..start], after),
    }
}

/// A value that no author can have guessed, so that the place of the revision is found without parsing.
fn marker() -> &'static str {
    static MARKER: OnceLock<String> = OnceLock::new();
    MARKER.get_or_init(|| uuid::Uuid::new_v4().to_string())
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a body is bounded far below 4 GiB")
}

fn write_pairs<'a>(out: &mut Vec<u8>, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    for (key, value) in pairs {
        for text in [key, value] {
            out.extend_from_slice(&length(text.len()).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
    let size = length(out.len() - at - 4);
    out[at..at + 4].copy_from_slice(&size.to_le_bytes());
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Pairs of text in a stored value.
pub struct Pairs<'a>(&'a [u8]);

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);
    fn next(&mut self) -> Option<Self::Item> {
        let mut text = || {
            let size = number(self.0, 0)?;
            let text = std::str::from_utf8(self.0.get(4..4 + size)?).ok()?;
            self.0 = &self.0[4 + size..];
            Some(text)
        };
        Some((text()?, text()?))
    }
}

/// One object at one revision.
pub struct Item {
    key: Arc<str>,
    /// Where the namespace starts in the key (or the name, where there is no namespace).
    prefix_len: usize,
    revision: Revision,
    raw: Bytes,
    json_at: usize,
    decoded: OnceLock<Arc<dyn Object>>,
}

impl Item {
    /// Takes a stored value into memory: its revision goes into its JSON.
    pub fn new(key: Arc<str>, prefix_len: usize, revision: Revision, stored: &[u8]) -> Result<Self, StoredError> {
        let text = if revision == 0 { String::new() } else { revision.to_string() };
        let format = *stored.first().ok_or(StoredError::Short)?;
        if format != FORMAT {
            return Err(StoredError::Format(format));
        }
        let json_at = number(stored, 1).ok_or(StoredError::Short)?;
        let revision_at = number(stored, 5).ok_or(StoredError::Short)?;
        if json_at > stored.len() || revision_at > stored.len() || revision_at < json_at {
            return Err(StoredError::Short);
        }
        let mut raw = Vec::with_capacity(stored.len() + text.len());
        if text.is_empty() {
            let (before, after) = without_revision(stored, revision_at);
            raw.extend_from_slice(before);
            raw.extend_from_slice(after);
        } else {
            raw.extend_from_slice(&stored[..revision_at]);
            raw.extend_from_slice(text.as_bytes());
            raw.extend_from_slice(&stored[revision_at..]);
        }
        Ok(Self { key, prefix_len, revision, raw: raw.into(), json_at, decoded: OnceLock::new() })
    }
    /// The same object at a later revision: what a deletion shows.
    #[must_use]
    pub fn at_revision(&self, revision: Revision) -> Self {
        let start = number(&self.raw, 5).expect("checked when the item was made");
        let digits = self.raw[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut raw = Vec::with_capacity(self.raw.len() + 2);
        raw.extend_from_slice(&self.raw[..start]);
        raw.extend_from_slice(revision.to_string().as_bytes());
        raw.extend_from_slice(&self.raw[start + digits..]);
        Self {
            key: self.key.clone(),
            prefix_len: self.prefix_len,
            revision,
            raw: raw.into(),
            json_at: self.json_at,
            decoded: OnceLock::new(),
        }
    }
    /// Whether a value, encoded for the store, would change nothing.
    pub fn is_stored_as(&self, stored: &[u8]) -> bool {
        let Some(at) = number(stored, 5) else { return false };
        // What is longer than what is there differs from it.
        let Some(digits) = self.raw.len().checked_sub(stored.len()) else { return false };
        self.raw.get(..at) == stored.get(..at) && self.raw.get(at + digits..) == stored.get(at..)
    }
    /// Whether a value, encoded for the store, has as many bytes as this one: what a value that differs in a time only has.
    pub fn is_as_long_as(&self, stored: &[u8]) -> bool {
        let digits = if self.revision == 0 { 0 } else { self.revision.to_string().len() };
        self.raw.len() == stored.len() + digits
    }
    /// The whole key in the store.
    pub fn key(&self) -> &Arc<str> {
        &self.key
    }
    pub fn revision(&self) -> Revision {
        self.revision
    }
    /// The wire form.
    pub fn json(&self) -> Bytes {
        self.raw.slice(self.json_at..)
    }
    pub fn json_bytes(&self) -> &[u8] {
        &self.raw[self.json_at..]
    }
    /// Bytes held, for the bounds of a ring.
    pub fn size(&self) -> usize {
        self.raw.len() + self.key.len() + 96
    }
    /// Empty for a cluster-scoped object.
    pub fn namespace(&self) -> &str {
        self.key[self.prefix_len..].split_once('/').map_or("", |(namespace, _)| namespace)
    }
    pub fn name(&self) -> &str {
        let rest = &self.key[self.prefix_len..];
        rest.split_once('/').map_or(rest, |(_, name)| name)
    }
    pub fn labels(&self) -> Pairs<'_> {
        let size = number(&self.raw, HEADER).unwrap_or_default();
        Pairs(self.raw.get(HEADER + 4..HEADER + 4 + size).unwrap_or_default())
    }
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels().find(|(name, _)| *name == key).map(|(_, value)| value)
    }
    /// The selectable fields beyond name and namespace.
    pub fn fields(&self) -> Pairs<'_> {
        let labels = number(&self.raw, HEADER).unwrap_or_default();
        Pairs(self.raw.get(HEADER + 8 + labels..self.json_at).unwrap_or_default())
    }
    /// Value of a field selector's field; an unset one is empty, as upstream has it.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "metadata.name" => self.name(),
            "metadata.namespace" => self.namespace(),
            _ => self.fields().find(|(field, _)| *field == name).map_or("", |(_, value)| value),
        }
    }
    /// The typed object, decoded at most once and kept for as long as the item is.
    pub fn object(&self, kind: &Kind) -> Result<Arc<dyn Object>, serde_json::Error> {
        if let Some(object) = self.decoded.get() {
            return Ok(object.clone());
        }
        let object: Arc<dyn Object> = Arc::from(self.decode(kind)?);
        Ok(self.decoded.get_or_init(|| object).clone())
    }
    /// The typed object to change: decoded anew, not kept.
    pub fn decode(&self, kind: &Kind) -> Result<Box<dyn Object>, serde_json::Error> {
        if let Some(object) = self.decoded.get() {
            return Ok(object.boxed_clone());
        }
        kind.behaviour.decode_stored(self.json_bytes())
    }
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.key, self.revision)
    }
}
