//! What a container left in its termination log, or the end of its log where it left nothing and failed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::Pod;

use crate::config::Config;
use crate::observation::Observed;
use crate::{log_line, pod};

/// Most bytes of a message from the file, and from the log.
const FILE_LIMIT: u64 = 4096;
const LOG_LIMIT: u64 = 2048;
const LOG_LINES: usize = 80;

/// The host's file behind a container's termination log: `pods/UID/containers/NAME/ATTEMPT`.
pub fn host_path(config: &Config, pod: &Pod, container: &str, attempt: u32) -> PathBuf {
    config.pod_dir(pod::uid(pod)).join("containers").join(container).join(attempt.to_string())
}

/// The message of an ended container; empty for none.
pub fn read(config: &Config, pod: &Pod, ended: &Observed) -> String {
    let message = head(&host_path(config, pod, &ended.name, ended.attempt)).unwrap_or_default();
    let policy = pod::container(pod, &ended.name).and_then(|(_, container)| container.termination_message_policy.as_deref());
    if message.is_empty() && ended.exit_code != 0 && policy == Some("FallbackToLogsOnError") {
        return end_of_log(Path::new(&ended.log_path)).unwrap_or_default();
    }
    message
}

fn head(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_LIMIT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last lines of a log in CRI's format, without their times.
fn end_of_log(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    // A line's time and stream name take up to 45 bytes besides the text.
    let from = length.saturating_sub(LOG_LIMIT * 2 + 64 * LOG_LINES as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = if from == 0 { 0 } else { bytes.iter().position(|byte| *byte == b'\n').map_or(0, |place| place + 1) };
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut partial = false;
    for line in bytes[whole..].split_inclusive(|byte| *byte == b'\n').filter_map(log_line::parse) {
        match lines.last_mut().filter(|_| partial) {
            Some(last) => last.extend_from_slice(line.text),
            None => lines.push(line.text.to_vec()),
        }
        partial = line.partial;
    }
    let lines: Vec<u8> = lines[lines.len().saturating_sub(LOG_LINES)..].concat();
    let limit = usize::try_from(LOG_LIMIT).unwrap_or(usize::MAX);
    Ok(String::from_utf8_lossy(&lines[lines.len().saturating_sub(limit)..]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0.log");
        let text = "2024-01-01T00:00:00Z stdout F one\n2024-01-01T00:00:00Z stderr P tw\n2024-01-01T00:00:00Z stderr F o\n";
        std::fs::write(&path, text).unwrap();
        assert_eq!(end_of_log(&path).unwrap(), "one\ntwo\n");
    }
}
