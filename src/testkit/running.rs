//! A command that goes on while the test does something else: `logs -f`, `get -w`.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::wait_until;

/// A running command, ended when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    output: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let output = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&output);
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                sink.lock().expect("no reader panics").push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, output }
    }

    /// All that it has printed so far.
    pub fn printed(&self) -> String {
        self.output.lock().expect("no writer panics").clone()
    }

    /// Waits until what it printed satisfies `condition`, and gives that.
    #[track_caller]
    pub fn wait_for(&self, description: &str, condition: impl Fn(&str) -> bool) -> String {
        wait_until(description, || {
            let printed = self.printed();
            if condition(&printed) { Ok(printed) } else { Err(printed) }
        })
    }

    /// Writes to its standard input.
    #[track_caller]
    pub fn write(&mut self, text: &str) {
        use std::io::Write;
        let stdin = self.stdin.as_mut().expect("standard input is open");
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).unwrap_or_else(|error| panic!("writing {text:?}: {error}"));
    }

    /// Closes its standard input.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Waits until it ends by itself, and gives its exit code.
    #[track_caller]
    pub fn end(&mut self) -> i32 {
        wait_until("the command ends", || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status.code().unwrap_or(-1)),
            Ok(None) => Err("it runs".to_owned()),
            Err(error) => Err(error.to_string()),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
