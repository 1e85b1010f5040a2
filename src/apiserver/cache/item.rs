//! One object as it is stored and cached: the encoded JSON, with its labels and selectable fields beside it so that neither a list nor a watch decodes.
//!
//! A stored value is `[format u8][json at u32][revision at u32][labels][fields][json]`, numbers little-endian. The JSON carries an empty
//! `metadata.resourceVersion`, because the revision is known only once the store has written it. The cache holds the very bytes that the store holds; the revision goes in
//! where JSON goes out, which is a copy in any case.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use api::Object;
use bytes::Bytes;
use kinds::{Kind, Owners};
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

    let mut beside = Vec::new();
    let labels = object.meta().labels.iter().flatten();
    write_pairs(&mut beside, labels.map(|(key, value)| (key.as_str(), value.as_str())));
    let fields = kind.behaviour.fields(object);
    write_pairs(&mut beside, fields.iter().map(|(key, value)| (*key, value.as_str())));

    let json_at = HEADER + beside.len();
    // exactly: these bytes stay in memory for as long as the object lives
    let mut value = Vec::with_capacity(json_at + json.len() - marker.len());
    value.push(FORMAT);
    value.extend_from_slice(&length(json_at).to_le_bytes());
    value.extend_from_slice(&length(json_at + at).to_le_bytes());
    value.extend_from_slice(&beside);
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

/// Where what comes before the revision ends, and what comes after it starts, without `"resourceVersion":""` and one of its commas: an object that was never written has no
/// revision to tell.
fn without_revision(before: &[u8], after: &[u8]) -> (usize, usize) {
    let start = before.len().saturating_sub("\"resourceVersion\":\"".len());
    match (after.get(1), before[..start].last()) {
        (Some(b','), _) => (start, 2),
        (_, Some(b',')) => (start - 1, 1),
        _ => (start, 1),
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
    stored: Bytes,
    json_at: usize,
    /// Where the revision belongs.
    revision_at: usize,
    decoded: Mutex<Option<Arc<dyn Object>>>,
}

impl Item {
    /// Takes a stored value into memory, as it is.
    pub fn new(key: Arc<str>, prefix_len: usize, revision: Revision, stored: Bytes) -> Result<Self, StoredError> {
        let format = *stored.first().ok_or(StoredError::Short)?;
        if format != FORMAT {
            return Err(StoredError::Format(format));
        }
        let json_at = number(&stored, 1).ok_or(StoredError::Short)?;
        let revision_at = number(&stored, 5).ok_or(StoredError::Short)?;
        if json_at > stored.len() || revision_at >= stored.len() || revision_at < json_at {
            return Err(StoredError::Short);
        }
        Ok(Self { key, prefix_len, revision, stored, json_at, revision_at, decoded: Mutex::default() })
    }
    /// The same object at a later revision: what a deletion shows.
    #[must_use]
    pub fn at_revision(&self, revision: Revision) -> Self {
        Self { key: self.key.clone(), stored: self.stored.clone(), revision, decoded: Mutex::default(), ..*self }
    }
    /// Whether a value, encoded for the store, would change nothing.
    pub fn is_stored_as(&self, stored: &[u8]) -> bool {
        self.stored == stored
    }
    /// Whether a value, encoded for the store, has as many bytes as this one: what a value that differs in a time only has.
    pub fn is_as_long_as(&self, stored: &[u8]) -> bool {
        self.stored.len() == stored.len()
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
        let mut out = Vec::with_capacity(self.json_len());
        self.write_json(0, &mut out);
        out.into()
    }
    /// Bytes of the wire form, at most.
    pub fn json_len(&self) -> usize {
        const REVISION_DIGITS: usize = 20;
        self.stored.len() - self.json_at + REVISION_DIGITS
    }
    /// Appends the wire form but for its first bytes, which end before the revision.
    pub fn write_json(&self, skip: usize, out: &mut Vec<u8>) {
        let (before, after) = (&self.stored[self.json_at + skip..self.revision_at], &self.stored[self.revision_at..]);
        if self.revision == 0 {
            let (end, start) = without_revision(before, after);
            out.extend_from_slice(&before[..end]);
            out.extend_from_slice(&after[start..]);
            return;
        }
        out.extend_from_slice(before);
        out.extend_from_slice(self.revision.to_string().as_bytes());
        out.extend_from_slice(after);
    }
    /// The wire form but for `metadata.resourceVersion`, which is empty: for those who look for something else.
    pub fn stored_json(&self) -> &[u8] {
        &self.stored[self.json_at..]
    }
    /// Bytes held, for the bounds of a ring.
    pub fn size(&self) -> usize {
        self.stored.len() + self.key.len() + 96
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
        let size = number(&self.stored, HEADER).unwrap_or_default();
        Pairs(self.stored.get(HEADER + 4..HEADER + 4 + size).unwrap_or_default())
    }
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels().find(|(name, _)| *name == key).map(|(_, value)| value)
    }
    /// The selectable fields beyond name and namespace.
    pub fn fields(&self) -> Pairs<'_> {
        let labels = number(&self.stored, HEADER).unwrap_or_default();
        Pairs(self.stored.get(HEADER + 8 + labels..self.json_at).unwrap_or_default())
    }
    /// Value of a field selector's field; an unset one is empty, as upstream has it.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "metadata.name" => self.name(),
            "metadata.namespace" => self.namespace(),
            _ => self.fields().find(|(field, _)| *field == name).map_or("", |(_, value)| value),
        }
    }
    /// The typed object to look at, without `managedFields`, which are half of many an object and nobody's business but a writer's. Decoded at most once and kept until
    /// the object is superseded.
    pub fn object(&self, kind: &Kind) -> Result<Arc<dyn Object>, serde_json::Error> {
        if let Some(object) = self.decoded().clone() {
            return Ok(object);
        }
        let object: Arc<dyn Object> = Arc::from(self.typed(kind, Owners::Omitted)?);
        Ok(self.decoded().get_or_insert(object).clone())
    }
    /// As [`Self::object`], but not kept where it is not yet.
    pub fn object_once(&self, kind: &Kind) -> Result<Arc<dyn Object>, serde_json::Error> {
        match self.decoded().clone() {
            Some(object) => Ok(object),
            None => self.typed(kind, Owners::Omitted).map(Arc::from),
        }
    }
    /// The whole typed object, to change it: decoded anew.
    pub fn decode(&self, kind: &Kind) -> Result<Box<dyn Object>, serde_json::Error> {
        self.typed(kind, Owners::Kept)
    }
    /// Lets go of the typed object: nobody asks for the past again and again.
    pub fn forget_object(&self) {
        self.decoded().take();
    }
    fn typed(&self, kind: &Kind, owners: Owners) -> Result<Box<dyn Object>, serde_json::Error> {
        let mut object = kind.behaviour.decode_stored(self.stored_json(), owners)?;
        object.meta_mut().resource_version = (self.revision != 0).then(|| self.revision.to_string());
        Ok(object)
    }
    fn decoded(&self) -> std::sync::MutexGuard<'_, Option<Arc<dyn Object>>> {
        self.decoded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.key, self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::ConfigMap;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry};

    fn stored() -> (ConfigMap, Bytes) {
        let mut map = ConfigMap::default();
        map.metadata.name = Some("m".to_owned());
        map.metadata.labels = Some([("app".to_owned(), "web".to_owned())].into());
        let fields_v1 = Some(FieldsV1(serde_json::json!({"f:data": {}})));
        map.metadata.managed_fields = Some(vec![ManagedFieldsEntry { fields_v1, ..ManagedFieldsEntry::default() }]);
        let value = encode(&kinds::CONFIG_MAP, &mut map);
        (map, value)
    }
    fn item(revision: Revision, value: &Bytes) -> Item {
        Item::new("/core/configmaps/default/m".into(), "/core/configmaps/".len(), revision, value.clone()).unwrap()
    }

    #[test]
    fn the_revision_goes_in_where_json_goes_out() {
        let (mut map, value) = stored();
        for revision in [0, 7, 12345] {
            map.metadata.resource_version = (revision != 0).then(|| revision.to_string());
            let item = item(1, &value).at_revision(revision);
            assert_eq!(item.json(), map.to_json());
            let (mut rest, skip) = (Vec::new(), "{\"apiVersion\"".len());
            item.write_json(skip, &mut rest);
            assert_eq!(rest, map.to_json()[skip..]);
            assert!(item.json().len() <= item.json_len());
        }
        assert_eq!(item(7, &value).label("app"), Some("web"));
    }

    #[test]
    fn objects_to_look_at_have_no_owners() {
        let (mut map, value) = stored();
        let item = item(7, &value);
        map.metadata.resource_version = Some("7".to_owned());
        let whole = item.decode(&kinds::CONFIG_MAP).unwrap();
        assert_eq!(whole.downcast_ref::<ConfigMap>(), Some(&map));
        map.metadata.managed_fields = None;
        let seen = item.object(&kinds::CONFIG_MAP).unwrap();
        assert_eq!(seen.downcast_ref::<ConfigMap>(), Some(&map));
        assert!(Arc::ptr_eq(&seen, &item.object_once(&kinds::CONFIG_MAP).unwrap()));
        item.forget_object();
        assert!(!Arc::ptr_eq(&seen, &item.object(&kinds::CONFIG_MAP).unwrap()));
        assert!(item.is_stored_as(&value));
    }
}
