//! A container's log: from the end or a moment, with times or without, followed by inotify until the container ends.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::remote::form_urlencoded;
use super::{Failure, Kubelet, find};
use crate::folder_watch::FolderWatch;
use crate::kubelet::Shared;
use crate::observation::{Observer, State as ContainerState};
use crate::{log_line, pod};

/// Pieces of the log on their way to the reader.
const QUEUE: usize = 16;
const PIECE: usize = 64 << 10;
/// Steps in which a file is searched from its end, in bytes.
const BLOCK: u64 = 32 << 10;

/// What of a log is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Options {
    follow: bool,
    previous: bool,
    timestamps: bool,
    tail_lines: Option<u64>,
    since: Option<Timestamp>,
    limit_bytes: Option<u64>,
    /// `Stdout`, `Stderr`, or both.
    stream: Option<String>,
}

fn options(query: &str, now: Timestamp) -> Result<Options, Failure> {
    let mut options = Options::default();
    for (key, value) in form_urlencoded(query) {
        let number = || value.parse::<u64>().map_err(|_| Failure::bad_request(format!("invalid {key}: {value:?}")));
        let truth = || matches!(value.as_str(), "true" | "1" | "");
        match key.as_str() {
            "follow" => options.follow = truth(),
            "previous" => options.previous = truth(),
            "timestamps" => options.timestamps = truth(),
            "tailLines" => options.tail_lines = Some(number()?),
            "limitBytes" => options.limit_bytes = Some(number()?),
            "sinceSeconds" => {
                let seconds = i64::try_from(number()?).unwrap_or(i64::MAX);
                options.since = now.checked_sub(jiff::SignedDuration::from_secs(seconds)).ok();
            }
            "sinceTime" => {
                options.since = Some(value.parse().map_err(|_| Failure::bad_request(format!("invalid sinceTime: {value:?}")))?);
            }
            "stream" if value != "All" => options.stream = Some(value),
            _ => {}
        }
    }
    Ok(options)
}

pub async fn container(
    State(shared): Kubelet,
    Path((namespace, name, container)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let options = options(&query.unwrap_or_default(), Timestamp::now())?;
    let found = find(&shared, &namespace, &name)?;
    if pod::container(&found, &container).is_none() {
        return Err(Failure::not_found(format!("container \"{container}\" not found in pod \"{name}\"\n")));
    }
    let observation = Observer::default().observe(shared.engine.as_ref(), pod::uid(&found)).await.map_err(Failure::internal)?;
    let waiting = |reason: &str| Failure::bad_request(format!("container \"{container}\" in pod \"{name}\" is waiting to start: {reason}"));
    let attempt = if options.previous {
        let previous =
            observation.latest(&container).filter(|latest| latest.state == ContainerState::Exited && !will_show(&found, &container));
        previous
            .or(observation.previous(&container))
            .ok_or_else(|| Failure::bad_request(format!("previous terminated container \"{container}\" in pod \"{name}\" not found")))?
    } else {
        observation.latest(&container).filter(|latest| latest.state != ContainerState::Created).ok_or_else(|| {
            let status = found.status.as_ref();
            let statuses =
                status.into_iter().flat_map(|status| status.container_statuses.iter().chain(&status.init_container_statuses).flatten());
            let reason = statuses
                .filter(|status| status.name == container)
                .find_map(|status| status.state.as_ref()?.waiting.as_ref()?.reason.clone())
                .unwrap_or_else(|| "ContainerCreating".to_owned());
            let image = matches!(reason.as_str(), "ErrImagePull" | "ImagePullBackOff" | "ErrImageNeverPull" | "InvalidImageName");
            if image { waiting("trying and failing to pull image") } else { waiting(&reason) }
        })?
    };
    let log = PathBuf::from(&attempt.log_path);
    let reader = Reader { shared, id: attempt.id.clone(), log, options };
    let (sender, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        if let Err(error) = reader.read(&sender).await {
            tracing::debug!(%error, "reading a log");
        }
    });
    let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let body = Body::from_stream(futures::StreamExt::map(stream, Ok::<Bytes, io::Error>));
    Ok(([(axum::http::header::CONTENT_TYPE, "text/plain")], body).into_response())
}

/// Whether the last attempt is still shown as the current one, so that the one before is the previous.
fn will_show(pod: &k8s_openapi::api::core::v1::Pod, container: &str) -> bool {
    let statuses = pod.status.iter().flat_map(|status| status.container_statuses.iter().chain(&status.init_container_statuses).flatten());
    let mut statuses = statuses.filter(|status| status.name == container);
    statuses.any(|status| status.state.as_ref().is_some_and(|state| state.waiting.is_none()))
}

/// Reads one log.
struct Reader {
    shared: Arc<Shared>,
    id: String,
    log: PathBuf,
    options: Options,
}

/// The reader has gone or has enough.
struct Enough;

/// What is written to the reader: whole lines, up to a limit.
struct Output<'a> {
    sender: &'a mpsc::Sender<Bytes>,
    options: &'a Options,
    left: u64,
    /// The last line was only the beginning of a longer one.
    partial: bool,
    piece: Vec<u8>,
}

impl Output<'_> {
    fn line(&mut self, raw: &[u8]) {
        let Some(line) = log_line::parse(raw) else { return };
        let goes_on = std::mem::replace(&mut self.partial, line.partial);
        let unwanted = match self.options.stream.as_deref() {
            Some("Stdout") => line.stderr,
            Some("Stderr") => !line.stderr,
            _ => false,
        };
        let early = self.options.since.is_some_and(|since| line.time.parse::<Timestamp>().is_ok_and(|time| time < since));
        if unwanted || early {
            return;
        }
        if self.options.timestamps && !goes_on {
            self.piece.extend(line.time.as_bytes());
            self.piece.push(b' ');
        }
        self.piece.extend(line.text);
    }
    async fn flush(&mut self) -> Result<(), Enough> {
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.piece.len());
        self.piece.truncate(length);
        self.left -= length as u64;
        if !self.piece.is_empty() && self.sender.send(Bytes::from(std::mem::take(&mut self.piece))).await.is_err() {
            return Err(Enough);
        }
        if self.left == 0 { Err(Enough) } else { Ok(()) }
    }
}

impl Reader {
    async fn read(&self, sender: &mpsc::Sender<Bytes>) -> io::Result<()> {
        let mut file = File::open(&self.log)?;
        let from = match self.options.tail_lines {
            Some(lines) => start_of_tail(&mut file, lines)?,
            None => 0,
        };
        file.seek(SeekFrom::Start(from))?;
        let left = self.options.limit_bytes.unwrap_or(u64::MAX);
        let mut output = Output { sender, options: &self.options, left, partial: false, piece: Vec::new() };
        let mut rest = Vec::new();
        if !self.options.follow {
            if drain(&mut file, &mut rest, &mut output).await?.is_ok() {
                output.line(&rest);
                // Nobody is left to tell.
                let _ended = output.flush().await;
            }
            return Ok(());
        }
        // The folder, because the file is replaced when it is rotated.
        let watch = FolderWatch::new(self.log.parent().unwrap_or(FilePath::new("/"))).map_err(io::Error::other)?;
        loop {
            let exits = self.shared.exits.notified();
            tokio::pin!(exits);
            exits.as_mut().enable();
            let running = self.is_running().await;
            if drain(&mut file, &mut rest, &mut output).await?.is_err() {
                return Ok(());
            }
            if let Some(fresh) = self.rotated(&file)? {
                file = fresh;
                continue;
            }
            if !running {
                output.line(&rest);
                let _ended = output.flush().await;
                return Ok(());
            }
            tokio::select! {
                () = watch.changed() => {}
                // The runtime's books lag behind its events a little.
                () = &mut exits => tokio::time::sleep(Duration::from_millis(20)).await,
                () = sender.closed() => return Ok(()),
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    }
    async fn is_running(&self) -> bool {
        match self.shared.engine.container_status(&self.id).await {
            Ok(status) => status.state() == cri::v1::ContainerState::ContainerRunning,
            Err(error) => !error.is_not_found(),
        }
    }
    /// The new file, when the log was rotated.
    fn rotated(&self, file: &File) -> io::Result<Option<File>> {
        match File::open(&self.log) {
            Ok(fresh) if fresh.metadata()?.ino() != file.metadata()?.ino() => Ok(Some(fresh)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Sends every whole line up to the end of the file; what is left of the last one stays in `rest`.
async fn drain(file: &mut File, rest: &mut Vec<u8>, output: &mut Output<'_>) -> io::Result<Result<(), Enough>> {
    let mut buffer = vec![0; PIECE];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(Ok(()));
        }
        rest.extend_from_slice(&buffer[..count]);
        let whole = memchr_last(rest).map_or(0, |place| place + 1);
        for line in rest[..whole].split_inclusive(|byte| *byte == b'\n') {
            output.line(line);
        }
        rest.drain(..whole);
        if output.flush().await.is_err() {
            return Ok(Err(Enough));
        }
    }
}

fn memchr_last(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|byte| *byte == b'\n')
}

/// Where the last so many lines begin; parts of one line count once.
fn start_of_tail(file: &mut File, lines: u64) -> io::Result<u64> {
    let length = file.metadata()?.len();
    if lines == 0 {
        return Ok(length);
    }
    // Line feeds are counted from the end; the last one ends the last line. A line that only begins a longer one is no end.
    let mut seen = 0;
    let mut end = length;
    let mut tail: Vec<u8> = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = vec![0; usize::try_from(end - start).unwrap_or(0)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut block)?;
        block.extend_from_slice(&tail);
        // Only whole lines can be judged: what stands before the first line feed waits for the block before.
        let first = if start == 0 { 0 } else { block.iter().position(|byte| *byte == b'\n').map_or(block.len(), |place| place + 1) };
        let mut place = block.len();
        seen = 0;
        for line in block[first..].split_inclusive(|byte| *byte == b'\n').rev() {
            let partial = log_line::parse(line).is_some_and(|line| line.partial);
            if !partial {
                seen += 1;
            }
            if seen > lines {
                return Ok(start + place as u64);
            }
            place -= line.len();
        }
        tail = block;
        end = start;
    }
    let _all = seen;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0.log");
        let text: String =
            lines.iter().enumerate().map(|(second, line)| format!("2024-01-01T00:00:{second:02}Z stdout {line}\n")).collect();
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    async fn read(path: &FilePath, query: &str) -> String {
        let options = options(query, "2024-01-01T00:00:10Z".parse().unwrap()).map_err(|failure| failure.1).unwrap();
        let mut file = File::open(path).unwrap();
        let from = options.tail_lines.map_or(0, |lines| start_of_tail(&mut file, lines).unwrap());
        file.seek(SeekFrom::Start(from)).unwrap();
        let (sender, mut receiver) = mpsc::channel(100);
        let left = options.limit_bytes.unwrap_or(u64::MAX);
        let mut output = Output { sender: &sender, options: &options, left, partial: false, piece: Vec::new() };
        let _end = drain(&mut file, &mut Vec::new(), &mut output).await.unwrap();
        drop(sender);
        let mut text = Vec::new();
        while let Some(piece) = receiver.recv().await {
            text.extend(piece);
        }
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn parts_of_a_log() {
        let (_dir, path) = log(&["F one", "P tw", "F o", "F three"]);
        for (query, expected) in [
            ("", "one\ntwo\nthree\n"),
            ("tailLines=1", "three\n"),
            ("tailLines=2", "two\nthree\n"),
            ("tailLines=9", "one\ntwo\nthree\n"),
            ("tailLines=0", ""),
            ("limitBytes=5", "one\nt"),
            ("sinceSeconds=7", "three\n"),
            ("sinceTime=2024-01-01T00:00:03Z", "three\n"),
            ("timestamps=true&tailLines=2", "2024-01-01T00:00:01Z two\n2024-01-01T00:00:03Z three\n"),
        ] {
            assert_eq!(read(&path, query).await, expected, "{query}");
        }
    }

    #[tokio::test]
    async fn a_tail_over_many_blocks() {
        let lines: Vec<String> = (0..3000).map(|number| format!("F line {number} {}", "x".repeat(50))).collect();
        let (_dir, path) = log(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let found = read(&path, "tailLines=1500").await;
        assert_eq!(found.lines().count(), 1500);
        assert!(found.starts_with("line 1500 "));
    }
}
