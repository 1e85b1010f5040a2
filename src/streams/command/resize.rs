//! The size of the terminal, as JSON objects one after the other on a stream of their own.

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::pipe::{Reader, Writer};

/// What of a stream of sizes is kept until a size is complete.
const MAX_PENDING_BYTES: usize = 4096;

/// Columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    #[serde(rename = "Width", alias = "width")]
    pub width: u16,
    #[serde(rename = "Height", alias = "height")]
    pub height: u16,
}

/// The sizes that the client's terminal takes.
#[derive(Debug)]
pub struct Resizes {
    reader: Reader,
    pending: Vec<u8>,
}

impl Resizes {
    pub(super) fn new(reader: Reader) -> Self {
        Self { reader, pending: Vec::new() }
    }

    /// The next size; `None` when no more come, or something else comes than sizes. Cancel safe.
    pub async fn next(&mut self) -> Option<TerminalSize> {
        loop {
            let mut sizes = serde_json::Deserializer::from_slice(&self.pending).into_iter();
            match sizes.next() {
                Some(Ok(size)) => {
                    self.pending.drain(..sizes.byte_offset());
                    return Some(size);
                }
                Some(Err(error)) if !error.is_eof() => {
                    tracing::debug!(%error, "a terminal size cannot be read");
                    return None;
                }
                _ => {}
            }
            if self.pending.len() > MAX_PENDING_BYTES || self.reader.read_buf(&mut self.pending).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// Tells the other end which size our terminal takes.
#[derive(Debug)]
pub struct ResizeSender(pub(super) Writer);

impl ResizeSender {
    pub async fn send(&mut self, size: TerminalSize) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(&size)?;
        line.push(b'\n');
        self.0.write_all(&line).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[tokio::test]
    async fn sizes_come_in_any_pieces() {
        let (outbox, _receiver) = crate::pipe::outbox();
        let (sender, reader) = Reader::new(outbox);
        let mut sizes = Resizes::new(reader);
        for piece in ["{\"Width\":80,\"Height\":24}\n{\"Wid", "th\":100,\"Height\":", "30}{\"width\":1,\"height\":2}", "no"] {
            sender.send(Bytes::from_static(piece.as_bytes())).await.unwrap();
        }
        let mut got = Vec::new();
        while let Some(size) = sizes.next().await {
            got.push((size.width, size.height));
        }
        assert_eq!(got, [(80, 24), (100, 30), (1, 2)]);
    }
}
