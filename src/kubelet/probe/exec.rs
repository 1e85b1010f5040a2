//! A command in the container: its exit code counts, its output is told.

use std::time::Duration;

use super::Answer;
use crate::engine::Engine;

/// Most bytes of output in a message.
const OUTPUT_LIMIT: usize = 10 << 10;

pub async fn probe(engine: &dyn Engine, id: &str, command: Vec<String>, limit: Duration) -> Answer {
    let shown = command.join(" ");
    match engine.exec_sync(id, command, limit).await {
        Ok(answer) if answer.exit_code == 0 => Answer::Success,
        Ok(answer) => {
            let mut output = [answer.stdout, answer.stderr].concat();
            output.truncate(OUTPUT_LIMIT);
            Answer::Failure(String::from_utf8_lossy(&output).into_owned())
        }
        Err(error) if error.code() == cri::Code::DeadlineExceeded => {
            Answer::Failure(format!("command timed out: \"{shown}\" timed out after {}s", limit.as_secs()))
        }
        Err(error) => Answer::Error(error.to_string()),
    }
}
