//! Frames on the wire: eight bytes of header, then a payload. Data frames pass through in pieces as they arrive; control frames are held whole and are bounded.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::headers::{Headers, HeadersError, Packer, Unpacker};

const VERSION: u16 = 3;
const HEADER_BYTES: usize = 8;
/// A control frame may be this long.
const MAX_CONTROL_BYTES: usize = 64 << 10;
/// Pieces of data below this are copied out of the buffer.
const SMALL_BYTES: usize = 8 << 10;
const FIN: u8 = 1;

/// One frame; of data, one piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    SynStream {
        stream: u32,
        headers: Headers,
        fin: bool,
    },
    SynReply {
        stream: u32,
        headers: Headers,
        fin: bool,
    },
    Reset {
        stream: u32,
        status: u32,
    },
    Settings,
    Ping {
        id: u32,
    },
    GoAway {
        last: u32,
        status: u32,
    },
    Headers {
        stream: u32,
        headers: Headers,
        fin: bool,
    },
    WindowUpdate {
        stream: u32,
        delta: u32,
    },
    /// Nothing follows on the stream after a piece with `fin`.
    Data {
        stream: u32,
        data: Bytes,
        fin: bool,
    },
}

/// Why the bytes are not frames of SPDY/3. The connection cannot be used any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("version {0} of SPDY instead of 3")]
    Version(u16),
    #[error("a control frame of {0} bytes; at most {MAX_CONTROL_BYTES} are taken")]
    TooLong(usize),
    #[error("a frame of type {kind} with {length} bytes")]
    Length { kind: u16, length: usize },
    #[error("a frame of type {0} for stream 0")]
    ZeroStream(u16),
    #[error("a header block for stream {stream}: {source}")]
    Headers { stream: u32, source: HeadersError },
}

/// Turns bytes into frames.
pub(super) struct Decoder {
    unpacker: Unpacker,
    /// The data frame that is passing through: its stream, the bytes still to come, and whether it is the last.
    passing: Option<(u32, usize, bool)>,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self { unpacker: Unpacker::new(), passing: None }
    }

    /// Takes the next frame off the front of `bytes`; `None` when more bytes are needed.
    pub(super) fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        loop {
            if let Some((stream, left, last)) = self.passing.take() {
                let count = left.min(bytes.len());
                let piece = if count < SMALL_BYTES {
                    // copied, because it may wait long and would hold on to the whole buffer
                    Bytes::from(bytes.split_to(count).to_vec())
                } else {
                    bytes.split_to(count).freeze()
                };
                let left = left - piece.len();
                if left > 0 {
                    self.passing = Some((stream, left, last));
                    if piece.is_empty() {
                        return Ok(None);
                    }
                }
                return Ok(Some(Frame::Data { stream, data: piece, fin: last && left == 0 }));
            }
            let Some(mut header) = bytes.get(..HEADER_BYTES) else { return Ok(None) };
            let (first, second) = (header.get_u32(), header.get_u32());
            let (flags, length) = (second.to_be_bytes()[0], (second & 0x00ff_ffff) as usize);
            if first >> 31 == 0 {
                if first == 0 {
                    return Err(FrameError::ZeroStream(0));
                }
                bytes.advance(HEADER_BYTES);
                self.passing = Some((first, length, flags & FIN != 0));
                continue;
            }
            let (version, kind) = ((first >> 16 & 0x7fff) as u16, (first & 0xffff) as u16);
            if version != VERSION {
                return Err(FrameError::Version(version));
            }
            if length > MAX_CONTROL_BYTES {
                return Err(FrameError::TooLong(length));
            }
            if bytes.len() < HEADER_BYTES + length {
                return Ok(None);
            }
            bytes.advance(HEADER_BYTES);
            if let Some(frame) = self.control(kind, flags, bytes.split_to(length).freeze())? {
                return Ok(Some(frame));
            }
        }
    }

    /// `None` for a type that SPDY/3 does not know, which is to be ignored.
    fn control(&mut self, kind: u16, flags: u8, mut payload: Bytes) -> Result<Option<Frame>, FrameError> {
        let length = payload.len();
        let wrong_length = FrameError::Length { kind, length };
        let fin = flags & FIN != 0;
        let mut number = || payload.try_get_u32().map_err(|_| wrong_length.clone());
        let frame = match kind {
            1 => {
                let stream = stream_id(number()?, kind)?;
                let _associated = number()?;
                if payload.len() < 2 {
                    return Err(wrong_length);
                }
                // priority and slot
                payload.advance(2);
                Frame::SynStream { stream, headers: self.headers(stream, &payload)?, fin }
            }
            2 => {
                let stream = stream_id(number()?, kind)?;
                Frame::SynReply { stream, headers: self.headers(stream, &payload)?, fin }
            }
            3 => Frame::Reset { stream: stream_id(number()?, kind)?, status: number()? },
            4 => {
                // none of them means anything to us, but the frame must be what it says
                let entries = number()? as usize;
                if entries.checked_mul(8) != Some(payload.len()) {
                    return Err(wrong_length);
                }
                Frame::Settings
            }
            6 => Frame::Ping { id: number()? },
            7 => Frame::GoAway { last: number()? & 0x7fff_ffff, status: number()? },
            8 => {
                let stream = stream_id(number()?, kind)?;
                Frame::Headers { stream, headers: self.headers(stream, &payload)?, fin }
            }
            // stream 0 is the connection
            9 => Frame::WindowUpdate { stream: number()? & 0x7fff_ffff, delta: number()? & 0x7fff_ffff },
            _ => return Ok(None),
        };
        let fixed = matches!(frame, Frame::Reset { .. } | Frame::GoAway { .. } | Frame::WindowUpdate { .. } | Frame::Ping { .. });
        if fixed && !payload.is_empty() {
            return Err(wrong_length);
        }
        Ok(Some(frame))
    }

    fn headers(&mut self, stream: u32, block: &Bytes) -> Result<Headers, FrameError> {
        self.unpacker.unpack(block).map_err(|source| FrameError::Headers { stream, source })
    }
}

fn stream_id(number: u32, kind: u16) -> Result<u32, FrameError> {
    match number & 0x7fff_ffff {
        0 => Err(FrameError::ZeroStream(kind)),
        stream => Ok(stream),
    }
}

/// Turns frames into bytes, in the order in which they are sent: the headers' compression depends on it.
pub(super) struct Encoder {
    packer: Packer,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self { packer: Packer::new() }
    }

    pub(super) fn encode(&mut self, frame: &Frame, bytes: &mut BytesMut) {
        match frame {
            Frame::SynStream { stream, headers, fin } => control(bytes, 1, *fin, |bytes| {
                bytes.put_u32(*stream);
                bytes.put_u32(0);
                bytes.put_u16(0);
                self.packer.pack(headers, bytes);
            }),
            Frame::SynReply { stream, headers, fin } => control(bytes, 2, *fin, |bytes| {
                bytes.put_u32(*stream);
                self.packer.pack(headers, bytes);
            }),
            Frame::Reset { stream, status } => control(bytes, 3, false, |bytes| pair(bytes, *stream, *status)),
            Frame::Settings => control(bytes, 4, false, |bytes| bytes.put_u32(0)),
            Frame::Ping { id } => control(bytes, 6, false, |bytes| bytes.put_u32(*id)),
            Frame::GoAway { last, status } => control(bytes, 7, false, |bytes| pair(bytes, *last, *status)),
            Frame::Headers { stream, headers, fin } => control(bytes, 8, *fin, |bytes| {
                bytes.put_u32(*stream);
                self.packer.pack(headers, bytes);
            }),
            Frame::WindowUpdate { stream, delta } => control(bytes, 9, false, |bytes| pair(bytes, *stream, *delta)),
            Frame::Data { stream, data, fin } => {
                bytes.put_u32(*stream);
                put_flags_and_length(bytes, *fin, data.len());
                bytes.put_slice(data);
            }
        }
    }
}

fn pair(bytes: &mut BytesMut, first: u32, second: u32) {
    bytes.put_u32(first);
    bytes.put_u32(second);
}

fn control(bytes: &mut BytesMut, kind: u16, fin: bool, payload: impl FnOnce(&mut BytesMut)) {
    let mut content = BytesMut::new();
    payload(&mut content);
    bytes.put_u16(0x8000 | VERSION);
    bytes.put_u16(kind);
    put_flags_and_length(bytes, fin, content.len());
    bytes.put_slice(&content);
}

fn put_flags_and_length(bytes: &mut BytesMut, fin: bool, length: usize) {
    let length = u32::try_from(length).ok().filter(|length| *length < 1 << 24).expect("what we send is cut into pieces far below this");
    bytes.put_u32(u32::from(fin) << 24 | length);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames() -> impl Strategy<Value = Frame> {
        let stream = 1..0x7fff_ffffu32;
        let headers = proptest::collection::vec(("[a-z]{1,12}", "[ -~]{0,40}"), 0..5).prop_map(|pairs| {
            // a name comes back with all its values together
            pairs
                .into_iter()
                .enumerate()
                .fold(Headers::default(), |headers, (at, (name, value))| headers.with(&format!("{name}-{at}"), value))
        });
        let data = proptest::collection::vec(any::<u8>(), 0..3000).prop_map(Bytes::from);
        prop_oneof![
            (stream.clone(), headers.clone(), any::<bool>()).prop_map(|(stream, headers, fin)| Frame::SynStream { stream, headers, fin }),
            (stream.clone(), headers.clone(), any::<bool>()).prop_map(|(stream, headers, fin)| Frame::SynReply { stream, headers, fin }),
            (stream.clone(), headers, any::<bool>()).prop_map(|(stream, headers, fin)| Frame::Headers { stream, headers, fin }),
            (stream.clone(), 1..20u32).prop_map(|(stream, status)| Frame::Reset { stream, status }),
            Just(Frame::Settings),
            any::<u32>().prop_map(|id| Frame::Ping { id }),
            (0..0x7fff_ffffu32, 0..3u32).prop_map(|(last, status)| Frame::GoAway { last, status }),
            (0..0x7fff_ffffu32, 0..0x7fff_ffffu32).prop_map(|(stream, delta)| Frame::WindowUpdate { stream, delta }),
            (stream, data, any::<bool>()).prop_map(|(stream, data, fin)| Frame::Data { stream, data, fin }),
        ]
    }

    /// Decodes bytes that arrive in pieces, joining the pieces of data frames again.
    fn decode_all(bytes: &[u8], piece: usize) -> Result<Vec<Frame>, FrameError> {
        let (mut decoder, mut buffer, mut frames) = (Decoder::new(), BytesMut::new(), Vec::<Frame>::new());
        let mut open = false;
        for piece in bytes.chunks(piece.max(1)) {
            buffer.put_slice(piece);
            while let Some(frame) = decoder.decode(&mut buffer)? {
                match (frames.last_mut(), frame) {
                    (Some(Frame::Data { data, fin, .. }), Frame::Data { data: more, fin: last, .. }) if open => {
                        *data = [&data[..], &more[..]].concat().into();
                        *fin = last;
                    }
                    (_, frame) => frames.push(frame),
                }
                open = decoder.passing.is_some();
            }
            assert!(buffer.len() <= HEADER_BYTES + MAX_CONTROL_BYTES + piece.len(), "the buffer is bounded");
        }
        Ok(frames)
    }

    proptest! {
        #[test]
        fn what_is_sent_arrives(sent in proptest::collection::vec(frames(), 1..12), piece in 1..5000usize) {
            let (mut encoder, mut bytes) = (Encoder::new(), BytesMut::new());
            for frame in &sent {
                encoder.encode(frame, &mut bytes);
            }
            prop_assert_eq!(decode_all(&bytes, piece).unwrap(), sent);
        }

        #[test]
        fn any_bytes_give_frames_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..4000), piece in 1..500usize) {
            let _ = decode_all(&bytes, piece);
        }

        #[test]
        fn flipped_bytes_give_frames_or_an_error(
            sent in proptest::collection::vec(frames(), 1..8),
            flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let (mut encoder, mut bytes) = (Encoder::new(), BytesMut::new());
            for frame in &sent {
                encoder.encode(frame, &mut bytes);
            }
            for (at, flip) in flips {
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
            }
            let _ = decode_all(&bytes, 700);
        }
    }

    fn check(bytes: &[u8], expected: &str) {
        let got = decode_all(bytes, bytes.len()).map_or_else(|error| error.to_string(), |frames| format!("{frames:?}"));
        assert_eq!(got, expected);
    }

    #[test]
    fn malformed_frames_have_names() {
        check(b"\x80\x02\0\x06\0\0\0\x04\0\0\0\x01", "version 2 of SPDY instead of 3");
        check(b"\x80\x03\0\x06\0\0\0\x03\0\0\x01", "a frame of type 6 with 3 bytes");
        check(b"\x80\x03\0\x06\0\0\0\x05\0\0\0\x01\x02", "a frame of type 6 with 5 bytes");
        check(b"\x80\x03\0\x03\0\0\0\x08\0\0\0\0\0\0\0\x01", "a frame of type 3 for stream 0");
        check(b"\0\0\0\0\0\0\0\0", "a frame of type 0 for stream 0");
        check(b"\x80\x03\0\x04\0\0\0\x04\xff\xff\xff\xff", "a frame of type 4 with 4 bytes");
        check(b"\x80\x03\0\x01\0\x02\0\0", "a control frame of 131072 bytes; at most 65536 are taken");
        check(b"\x80\x03\0\x02\0\0\0\x06\0\0\0\x01zz", "a header block for stream 1: it does not unpack");
        check(b"\x80\x03\0\x0a\0\0\0\x01x\x80\x03\0\x06\0\0\0\x04\0\0\0\x07", "[Ping { id: 7 }]");
    }
}
