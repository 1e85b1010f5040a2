//! `cluster logs`: the server's log, and with `-f` what is added to it.

use std::io::{Read, Seek, SeekFrom};

use super::wishes::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    /// Print what is added until interrupted
    #[arg(short, long)]
    follow: bool,
    /// Lines from the end to begin with; -1 is all
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    tail: i64,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let status = cluster::local::status(&self.wishes.wishes()).map_err(|error| super::failed(&error))?;
        let path = cluster::process::log_file(&status.config.data_dir);
        let failed = |error: std::io::Error| CommandError::message(format!("{}: {error}", path.display()));
        let mut file = std::fs::File::open(&path).map_err(failed)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        session.ui.write(last_lines(&text, self.tail));
        if !self.follow {
            return Ok(());
        }
        session.ui.flush();
        let (told, mut changes) = tokio::sync::mpsc::channel(1);
        let mut watcher = notify::recommended_watcher(move |_| {
            // A change that is already announced need not be announced again.
            let _ = told.try_send(());
        })
        .map_err(|error| CommandError::message(error.to_string()))?;
        notify::Watcher::watch(&mut watcher, &path, notify::RecursiveMode::NonRecursive)
            .map_err(|error| CommandError::message(error.to_string()))?;
        while changes.recv().await.is_some() && !session.ui.reader_is_gone() {
            let position = file.stream_position().map_err(failed)?;
            if file.metadata().map_err(failed)?.len() < position {
                file.seek(SeekFrom::Start(0)).map_err(failed)?;
            }
            text.clear();
            file.read_to_end(&mut text).map_err(failed)?;
            session.ui.write(&text);
            session.ui.flush();
        }
        Ok(())
    }
}

/// The last `count` lines; all of them where it is negative.
fn last_lines(text: &[u8], count: i64) -> &[u8] {
    let Ok(count) = usize::try_from(count) else { return text };
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    if count == 0 {
        return &[];
    }
    let start = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').nth(count - 1).map_or(0, |(index, _)| index + 1);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_the_end() {
        let check = |count, expected: &str| assert_eq!(last_lines(b"a\nb\nc\n", count), expected.as_bytes(), "{count}");
        check(-1, "a\nb\nc\n");
        check(0, "");
        check(1, "c\n");
        check(2, "b\nc\n");
        check(9, "a\nb\nc\n");
    }
}
