//! Indented writing for descriptions, as kubectl's `PrefixWriter`: every line names its level, a level is two spaces, and the tab writer aligns the rest.

use crate::tabwriter::{Layout, TabWriter};

/// Levels of indentation by name.
pub const LEVEL_0: usize = 0;
pub const LEVEL_1: usize = 1;
pub const LEVEL_2: usize = 2;
pub const LEVEL_3: usize = 3;
pub const LEVEL_4: usize = 4;

/// Builds a description line by line.
#[derive(Debug)]
pub struct PrefixWriter {
    tabs: TabWriter,
}

impl Default for PrefixWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl PrefixWriter {
    /// An empty description.
    pub fn new() -> Self {
        Self { tabs: TabWriter::new(Layout::DESCRIBE) }
    }

    /// Text at a level; tabs separate cells, terminal control characters are made harmless.
    pub fn write(&mut self, level: usize, text: &str) {
        for _ in 0..level {
            self.tabs.write("  ");
        }
        self.tabs.write(&crate::escape::terminal(text));
    }

    /// Text that continues a line.
    pub fn write_rest(&mut self, text: &str) {
        self.tabs.write(&crate::escape::terminal(text));
    }

    /// Ends the columns so far: the following lines are aligned on their own.
    pub fn flush(&mut self) {
        self.tabs.flush();
    }

    /// The finished text.
    pub fn finish(self) -> String {
        self.tabs.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_indent_and_columns_align() {
        let mut writer = PrefixWriter::new();
        writer.write(LEVEL_0, "Name:\tweb\n");
        writer.write(LEVEL_0, "Namespace:\tdefault\n");
        writer.write(LEVEL_1, "Port:\t80\n");
        writer.write(LEVEL_0, "a\u{1b}[31m\n");
        assert_eq!(writer.finish(), "Name:       web\nNamespace:  default\n  Port:     80\na^[[31m\n");
    }
}
