//! The plain form of a list: the bytes of its objects, joined piece by piece as the client takes them. A list in the making holds on to objects, not to copies of them.

use std::sync::Arc;
use std::vec::IntoIter;

use bytes::Bytes;

use crate::cache::Item;
use crate::registry::Endpoint;
use crate::registry::list::Page;

/// Bytes of a piece, but for the object that goes beyond.
const PIECE: usize = 64 << 10;

/// Pieces of a list.
pub struct ListBody {
    head: Option<String>,
    items: IntoIter<Arc<Item>>,
    /// What each object begins with and does not repeat.
    repeated: Option<String>,
    first: bool,
    over: bool,
}

impl ListBody {
    pub fn new(endpoint: &Endpoint, page: Page) -> Self {
        let kind = &*endpoint.kind;
        let api_version = kind.api_version();
        let custom = kind.behaviour.custom();
        let list_kind = custom.map_or_else(|| format!("{}List", kind.kind), |custom| custom.list_kind.clone());
        let meta = super::list_meta(&page);
        Self {
            head: Some(format!("{{\"kind\":\"{list_kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{meta},\"items\":[")),
            items: page.items.into_iter(),
            // upstream's typed lists leave out the type of each item, those of custom resources have it
            repeated: custom.is_none().then(|| format!("{{\"apiVersion\":\"{api_version}\",\"kind\":\"{}\",", kind.kind)),
            first: true,
            over: false,
        }
    }
    /// Bytes of the whole, about.
    pub fn bytes(&self) -> usize {
        self.head.as_ref().map_or(0, String::len) + self.items.as_slice().iter().map(|item| item.json_len()).sum::<usize>()
    }
    /// All of it in one piece.
    pub fn whole(mut self) -> Bytes {
        let mut out = Vec::with_capacity(self.bytes());
        self.append(usize::MAX, &mut out);
        out.into()
    }
    /// Appends what comes next, until there are so many bytes.
    fn append(&mut self, most: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.head.take().unwrap_or_default().as_bytes());
        while out.len() < most {
            let Some(item) = self.items.next() else {
                out.extend_from_slice(b"]}");
                self.over = true;
                return;
            };
            if !std::mem::take(&mut self.first) {
                out.push(b',');
            }
            match self.repeated.as_ref().filter(|repeated| item.stored_json().starts_with(repeated.as_bytes())) {
                Some(repeated) => {
                    out.push(b'{');
                    item.write_json(repeated.len(), out);
                }
                None => item.write_json(0, out),
            }
        }
    }
}

impl Iterator for ListBody {
    type Item = Bytes;
    fn next(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        let mut out = Vec::with_capacity(PIECE + PIECE / 4);
        self.append(PIECE, &mut out);
        Some(out.into())
    }
}
