//! Header blocks: names and values, compressed by one zlib stream a direction that lives as long as the connection and starts from SPDY's dictionary.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::dictionary::DICTIONARY;

/// A block may unpack to this much.
const MAX_BLOCK_BYTES: usize = 64 << 10;

/// The headers of a stream. Names are compared without case and sent in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

/// Why a header block is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadersError {
    #[error("it does not unpack")]
    Compression,
    #[error("it unpacks to more than {MAX_BLOCK_BYTES} bytes")]
    TooLong,
    #[error("it ends within a name or value")]
    Truncated,
    #[error("a name or value is not text")]
    NotText,
}

impl Headers {
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The first value of that name; empty when there is none, as with Go's `Header.Get`.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    fn encode(&self) -> Vec<u8> {
        // a name stands once, with its values separated by a NUL
        let mut joined: Vec<(&str, String)> = Vec::new();
        for (name, value) in &self.0 {
            match joined.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => {
                    values.push('\0');
                    values.push_str(value);
                }
                None => joined.push((name, value.clone())),
            }
        }
        let mut block = Vec::new();
        block.put_u32(length(joined.len()));
        for (name, value) in joined {
            for text in [name, &value] {
                block.put_u32(length(text.len()));
                block.put_slice(text.as_bytes());
            }
        }
        block
    }

    fn decode(mut block: &[u8]) -> Result<Self, HeadersError> {
        let count = block.try_get_u32().map_err(|_| HeadersError::Truncated)?;
        let mut headers = Self::default();
        for _ in 0..count {
            let (name, values) = (text(&mut block)?, text(&mut block)?);
            headers.0.extend(values.split('\0').map(|value| (name.to_ascii_lowercase(), value.to_owned())));
        }
        Ok(headers)
    }
}

fn text<'a>(block: &mut &'a [u8]) -> Result<&'a str, HeadersError> {
    let length = block.try_get_u32().map_err(|_| HeadersError::Truncated)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= block.len()).ok_or(HeadersError::Truncated)?;
    let (text, rest) = block.split_at(length);
    *block = rest;
    std::str::from_utf8(text).map_err(|_| HeadersError::NotText)
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("headers of ours are short")
}

/// Packs the blocks of one direction.
pub(super) struct Packer(Compress);

impl Packer {
    pub(super) fn new() -> Self {
        let mut compress = Compress::new(Compression::best(), true);
        compress.set_dictionary(DICTIONARY).expect("a fresh stream takes a dictionary");
        Self(compress)
    }

    pub(super) fn pack(&mut self, headers: &Headers, packed: &mut BytesMut) {
        let block = headers.encode();
        let start = self.0.total_in();
        let mut chunk = [0; 4096];
        loop {
            let consumed = usize::try_from(self.0.total_in() - start).expect("it is within the block");
            let before = self.0.total_out();
            let status = self.0.compress(&block[consumed..], &mut chunk, FlushCompress::Sync);
            let produced = usize::try_from(self.0.total_out() - before).expect("it is within the chunk");
            packed.put_slice(&chunk[..produced]);
            // room left over means that everything is flushed
            if produced < chunk.len() || status.is_err() {
                return;
            }
        }
    }
}

/// Unpacks the blocks of the other direction.
pub(super) struct Unpacker(Decompress);

impl Unpacker {
    pub(super) fn new() -> Self {
        Self(Decompress::new(true))
    }

    /// After an error the stream is out of step and the connection of no use any more.
    pub(super) fn unpack(&mut self, packed: &Bytes) -> Result<Headers, HeadersError> {
        let mut block = Vec::new();
        let mut chunk = [0; 4096];
        let start = self.0.total_in();
        loop {
            let consumed = usize::try_from(self.0.total_in() - start).map_err(|_| HeadersError::Compression)?;
            let rest = packed.get(consumed..).ok_or(HeadersError::Compression)?;
            let before = self.0.total_out();
            let result = self.0.decompress(rest, &mut chunk, FlushDecompress::Sync);
            let produced = usize::try_from(self.0.total_out() - before).map_err(|_| HeadersError::Compression)?;
            match result {
                Err(error) if error.needs_dictionary().is_some() => {
                    self.0.set_dictionary(DICTIONARY).map_err(|_| HeadersError::Compression)?;
                    continue;
                }
                // the streams of both ends are endless
                Err(_) | Ok(Status::StreamEnd) => return Err(HeadersError::Compression),
                Ok(Status::Ok | Status::BufError) => {}
            }
            block.extend_from_slice(&chunk[..produced]);
            if block.len() > MAX_BLOCK_BYTES {
                return Err(HeadersError::TooLong);
            }
            if produced < chunk.len() {
                let consumed = usize::try_from(self.0.total_in() - start).map_err(|_| HeadersError::Compression)?;
                if consumed == packed.len() {
                    return Headers::decode(&block);
                }
                if produced == 0 {
                    return Err(HeadersError::Compression);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_each_other() {
        let (mut packer, mut unpacker) = (Packer::new(), Unpacker::new());
        for round in 0..20 {
            let headers = Headers::default().with("streamType", "stdin").with("Port", round.to_string()).with("x", "y".repeat(round * 700));
            let mut packed = BytesMut::new();
            packer.pack(&headers, &mut packed);
            assert_eq!(unpacker.unpack(&packed.freeze()).unwrap(), headers);
        }
    }

    #[test]
    fn a_name_has_many_values() {
        let headers = Headers::default().with("a", "1").with("b", "2").with("A", "3");
        assert_eq!(headers.encode(), b"\0\0\0\x02\0\0\0\x01a\0\0\0\x031\x003\0\0\0\x01b\0\0\0\x012");
        assert_eq!(
            Headers::decode(&headers.encode()).unwrap().0,
            [("a".into(), "1".into()), ("a".into(), "3".into()), ("b".into(), "2".into())]
        );
    }

    #[test]
    fn a_small_block_does_not_unpack_to_a_large_one() {
        let mut packed = BytesMut::new();
        Packer::new().pack(&Headers::default().with("bomb", "x".repeat(10 << 20)), &mut packed);
        assert!(packed.len() < 20_000);
        assert_eq!(Unpacker::new().unpack(&packed.freeze()), Err(HeadersError::TooLong));
    }

    #[test]
    fn what_go_packs() {
        // the header block of `streamtype: error` as golang's compress/zlib writes it at the best level with this dictionary starts with the zlib header and the dictionary's checksum
        let mut packed = BytesMut::new();
        Packer::new().pack(&Headers::default().with("streamtype", "error"), &mut packed);
        assert_eq!(&packed[1..6], &[packed[1], 0xe3, 0xc6, 0xa7, 0xc2]);
        assert_eq!(&packed[packed.len() - 4..], &[0, 0, 0xff, 0xff], "flushed to a byte boundary");
    }
}
