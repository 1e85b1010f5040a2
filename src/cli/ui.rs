//! The one place that writes to the terminal. Commands are handed a [`Ui`]; tests hand them one that keeps what is written.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::sync::{Arc, Mutex};

/// Standard output (buffered), standard error and standard input of a command.
pub struct Ui {
    out: BufWriter<Box<dyn Write + Send>>,
    error: Box<dyn Write + Send>,
    input: Box<dyn Read + Send>,
    /// Standard output is a terminal.
    pub out_is_terminal: bool,
    /// Standard error is a terminal: progress and colour go there.
    pub error_is_terminal: bool,
    pub input_is_terminal: bool,
    broken_pipe: bool,
}

impl Ui {
    pub fn stdio() -> Self {
        Self {
            out: BufWriter::with_capacity(64 << 10, Box::new(io::stdout())),
            error: Box::new(io::stderr()),
            input: Box::new(io::stdin()),
            out_is_terminal: io::stdout().is_terminal(),
            error_is_terminal: io::stderr().is_terminal(),
            input_is_terminal: io::stdin().is_terminal(),
            broken_pipe: false,
        }
    }

    /// A terminal that is not one: what is written can be read from the two handles.
    pub fn captured(input: impl Read + Send + 'static) -> (Self, Captured, Captured) {
        let (out, error) = (Captured::default(), Captured::default());
        let ui = Self {
            out: BufWriter::new(Box::new(out.clone())),
            error: Box::new(error.clone()),
            input: Box::new(input),
            out_is_terminal: false,
            error_is_terminal: false,
            input_is_terminal: false,
            broken_pipe: false,
        };
        (ui, out, error)
    }

    /// Writes to standard output as it is.
    pub fn print(&mut self, text: &str) {
        self.write(text.as_bytes());
    }

    /// Writes a line to standard output.
    pub fn line(&mut self, text: &str) {
        self.write(text.as_bytes());
        self.write(b"\n");
    }

    /// Writes bytes to standard output. A reader that went away ends the output quietly, as a pipe to `head` expects.
    pub fn write(&mut self, bytes: &[u8]) {
        if !self.broken_pipe && self.out.write_all(bytes).is_err() {
            self.broken_pipe = true;
        }
    }

    /// True once nobody reads standard output any more: endless commands (`-w`, `logs -f`) stop then.
    pub fn reader_is_gone(&self) -> bool {
        self.broken_pipe
    }

    pub fn flush(&mut self) {
        if self.out.flush().is_err() {
            self.broken_pipe = true;
        }
        // Nothing can be told to anybody when standard error itself is gone.
        drop(self.error.flush());
    }

    /// Writes a line to standard error, after what was printed so far.
    pub fn error_line(&mut self, text: &str) {
        self.flush();
        drop(writeln!(self.error, "{text}"));
    }

    /// Writes a failure to standard error: nothing for an empty one, and exactly one line end at its end.
    pub fn error_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.flush();
            let end = if text.ends_with('\n') { "" } else { "\n" };
            drop(write!(self.error, "{text}{end}"));
        }
    }

    /// Writes to standard error as it is, at once.
    pub fn write_error(&mut self, bytes: &[u8]) {
        drop(self.error.write_all(bytes).and_then(|()| self.error.flush()));
    }

    /// All of standard input.
    pub fn read_input(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.input.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// One line of standard input without its end; `None` at the end of input.
    pub fn read_line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let mut byte = [0];
        loop {
            if self.input.read(&mut byte)? == 0 {
                if bytes.is_empty() {
                    return Ok(None);
                }
                break;
            }
            if byte[0] == b'\n' {
                break;
            }
            bytes.push(byte[0]);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

impl Write for Ui {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ui::write(self, bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ui::flush(self);
        Ok(())
    }
}

/// What a captured [`Ui`] was told.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no writer panics while it holds the lock")).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics while it holds the lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
