//! The audit log: a file of one event a line, put aside when it is full. Events go through a bounded queue to a thread of their own; requests wait where it is full, so
//! that none goes unnoticed.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

/// Events that wait to be written.
const QUEUE: usize = 10_000;

/// Where the log is and how much of it is kept.
#[derive(Clone, Debug)]
pub struct LogConfig {
    pub path: PathBuf,
    /// Bytes at which the file is put aside.
    pub most_bytes: u64,
    /// Files put aside that are kept; 0 keeps all.
    pub backups: usize,
}

/// The writing end.
#[derive(Clone, Debug)]
pub struct Log(mpsc::Sender<String>);

impl Log {
    /// Opens the file and starts to write. It ends when the last handle is dropped.
    pub fn open(config: LogConfig) -> io::Result<Self> {
        let mut file = Rotating::open(config)?;
        let (sender, mut lines) = mpsc::channel::<String>(QUEUE);
        std::thread::Builder::new().name("audit-log".to_owned()).spawn(move || {
            while let Some(line) = lines.blocking_recv() {
                let mut result = file.write(&line);
                while let (Ok(()), Ok(line)) = (&result, lines.try_recv()) {
                    result = file.write(&line);
                }
                if let Err(error) = result.and_then(|()| file.flush()) {
                    tracing::error!(%error, "writing the audit log failed");
                }
            }
        })?;
        Ok(Self(sender))
    }
    pub async fn write(&self, line: String) {
        if self.0.send(line).await.is_err() {
            tracing::error!("the audit log has ended");
        }
    }
}

struct Rotating {
    config: LogConfig,
    file: BufWriter<File>,
    bytes: u64,
}

impl Rotating {
    fn open(config: LogConfig) -> io::Result<Self> {
        if let Some(folder) = config.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let (file, bytes) = append(&config.path)?;
        Ok(Self { config, file, bytes })
    }
    fn write(&mut self, line: &str) -> io::Result<()> {
        let length = line.len() as u64 + 1;
        if self.bytes > 0 && self.bytes + length > self.config.most_bytes {
            self.put_aside()?;
        }
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")?;
        self.bytes += length;
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
    fn put_aside(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let path = &self.config.path;
        // names tell the order, also of files that fill within one millisecond
        let newest = backups(path)?.into_iter().max();
        let now = jiff::Timestamp::now();
        let mut aside = backup(path, &now);
        let mut later = std::time::Duration::ZERO;
        while newest.as_ref().is_some_and(|newest| aside <= *newest) {
            // a clock that was set back is caught up with in few steps
            later = (later * 2).max(std::time::Duration::from_millis(1));
            aside = backup(path, &(now + later));
        }
        std::fs::rename(path, aside)?;
        (self.file, self.bytes) = append(path)?;
        if self.config.backups > 0 {
            let mut all = backups(path)?;
            all.sort();
            let surplus = all.len().saturating_sub(self.config.backups);
            for old in &all[..surplus] {
                std::fs::remove_file(old)?;
            }
        }
        Ok(())
    }
}

/// Requests tell of secrets and of who asked for them.
fn append(path: &Path) -> io::Result<(BufWriter<File>, u64)> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    let bytes = file.metadata()?.len();
    Ok((BufWriter::new(file), bytes))
}

/// Stem and extension, as the names of the files put aside are made of.
fn name(path: &Path) -> (String, String) {
    let text = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = text(path.extension());
    (format!("{}-", text(path.file_stem())), if extension.is_empty() { extension } else { format!(".{extension}") })
}

/// `audit-2026-01-02T03-04-05.678.log`.
fn backup(path: &Path, time: &jiff::Timestamp) -> PathBuf {
    let (stem, extension) = name(path);
    path.with_file_name(format!("{stem}{}{extension}", time.strftime("%Y-%m-%dT%H-%M-%S.%3f")))
}

fn backups(path: &Path) -> io::Result<Vec<PathBuf>> {
    let (stem, extension) = name(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let time = file.strip_prefix(&stem).and_then(|rest| rest.strip_suffix(extension.as_str()));
        if time.is_some_and(|time| time.len() == "2026-01-02T03-04-05.678".len() && time.starts_with(|first: char| first.is_ascii_digit()))
        {
            found.push(folder.join(file));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_full_file_is_put_aside_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.log");
        let mut log = Rotating::open(LogConfig { path: path.clone(), most_bytes: 10, backups: 2 }).unwrap();
        for line in ["first", "second", "third", "fourth", "fifth"] {
            log.write(line).unwrap();
        }
        log.flush().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "fifth\n");
        let mut kept: Vec<String> = backups(&path).unwrap().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        kept.sort();
        assert_eq!(kept, ["fourth\n", "third\n"]);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
