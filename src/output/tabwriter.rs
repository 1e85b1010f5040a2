//! Aligned columns exactly as Go's `text/tabwriter` lays them out, which is what every kubectl table and description went through.
//!
//! A cell is text ended by a tab; the text after a line's last tab belongs to no column. Consecutive lines that have a cell in a column form a block, and a block's
//! width is that of its widest cell. Left out: escapes, HTML, right alignment, tab padding; kubectl uses none of them.

/// The knobs of `tabwriter.NewWriter`, as far as kubectl turns them.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Least width of a column, padding included.
    pub min_width: usize,
    /// Spaces added to the widest cell.
    pub padding: usize,
    /// Whether columns keep the width they had in an earlier flush (kubectl's fork, for watches).
    pub remember_widths: bool,
}

impl Layout {
    /// Of tables: `get`, custom columns, `config get-contexts`.
    pub const TABLE: Self = Self { min_width: 6, padding: 3, remember_widths: true };
    /// Of descriptions.
    pub const DESCRIBE: Self = Self { min_width: 0, padding: 2, remember_widths: false };
}

/// Collects text with tabs, gives aligned text.
#[derive(Debug)]
pub struct TabWriter {
    layout: Layout,
    lines: Vec<Vec<String>>,
    /// Text since the last tab or line end.
    open: String,
    out: String,
    remembered: Vec<usize>,
}

impl TabWriter {
    /// An empty writer.
    pub fn new(layout: Layout) -> Self {
        Self { layout, lines: vec![Vec::new()], open: String::new(), out: String::new(), remembered: Vec::new() }
    }

    /// Adds text; tabs end cells, newlines end lines, a form feed ends a line and all columns.
    pub fn write(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['\t', '\u{b}', '\n', '\u{c}']) {
            self.open.push_str(&rest[..at]);
            let ended = rest.as_bytes()[at];
            rest = &rest[at + 1..];
            let cells = self.end_cell();
            if matches!(ended, b'\n' | b'\x0c') {
                self.lines.push(Vec::new());
                // a line of one cell ends every column, so that what stands before can go out
                if ended == b'\x0c' || cells == 1 {
                    self.format_lines();
                }
            }
        }
        self.open.push_str(rest);
    }

    /// Lays out all that was written; what is written next starts new columns.
    pub fn flush(&mut self) {
        if !self.open.is_empty() {
            self.end_cell();
        }
        self.format_lines();
    }

    /// The text laid out so far, taken out.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// Flushes and gives all the text.
    pub fn finish(mut self) -> String {
        self.flush();
        self.out
    }

    fn end_cell(&mut self) -> usize {
        let cell = std::mem::take(&mut self.open);
        let line = self.lines.last_mut().expect("there is always a last line");
        line.push(cell);
        line.len()
    }

    fn format_lines(&mut self) {
        let lines = std::mem::replace(&mut self.lines, vec![Vec::new()]);
        let mut widths = Vec::new();
        self.format(&lines, 0, lines.len(), &mut widths);
    }

    fn format(&mut self, lines: &[Vec<String>], mut from: usize, to: usize, widths: &mut Vec<usize>) {
        let column = widths.len();
        let in_column = |line: &Vec<String>| column + 1 < line.len();
        let mut this = from;
        while this < to {
            if !in_column(&lines[this]) {
                this += 1;
                continue;
            }
            self.write_lines(lines, from, this, widths);
            from = this;
            let mut width = self.layout.min_width;
            while this < to && in_column(&lines[this]) {
                width = width.max(lines[this][column].chars().count() + self.layout.padding);
                this += 1;
            }
            if self.layout.remember_widths {
                width = self.remember(column, width);
            }
            widths.push(width);
            self.format(lines, from, this, widths);
            widths.pop();
            from = this;
        }
        self.write_lines(lines, from, to, widths);
    }

    fn remember(&mut self, column: usize, width: usize) -> usize {
        if column < self.remembered.len() {
            let kept = self.remembered[column].max(width);
            self.remembered[column] = kept;
            kept
        } else {
            self.remembered.push(width);
            width
        }
    }

    fn write_lines(&mut self, lines: &[Vec<String>], from: usize, to: usize, widths: &[usize]) {
        for (index, line) in lines.iter().enumerate().take(to).skip(from) {
            for (column, cell) in line.iter().enumerate() {
                self.out.push_str(cell);
                if let Some(width) = widths.get(column) {
                    let blank = width.saturating_sub(cell.chars().count());
                    self.out.extend(std::iter::repeat_n(' ', blank));
                }
            }
            if index + 1 < lines.len() {
                self.out.push('\n');
            }
        }
    }
}

/// Lays out one text in one go.
pub fn align(layout: Layout, text: &str) -> String {
    let mut writer = TabWriter::new(layout);
    writer.write(text);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: Layout, input: &str, expected: &str) {
        assert_eq!(align(layout, input), expected);
    }

    #[test]
    fn table_columns() {
        check(Layout::TABLE, "NAME\tAGE\na\t5d\nlonger-name\t1s\n", "NAME          AGE\na             5d\nlonger-name   1s\n");
        check(Layout::TABLE, "A\tB\nx\t\n", "A     B\nx     \n");
        check(Layout::TABLE, "é\tB\n", "é     B\n");
    }

    // Expected values: text/tabwriter's own documentation and tests.
    #[test]
    fn blocks_of_lines() {
        check(
            Layout { min_width: 0, padding: 1, remember_widths: false },
            "a\tb\tc\naa\tbb\tcc\naaa\t\naaaa\tdddd\teeee\n",
            "a    b  c\naa   bb cc\naaa  \naaaa dddd eeee\n",
        );
        check(Layout::DESCRIBE, "Name:\tx\nsolo\nA:\ty\n", "Name:  x\nsolo\nA:  y\n");
        check(Layout::DESCRIBE, "no end", "no end");
    }

    #[test]
    fn widths_are_remembered_between_flushes() {
        let mut writer = TabWriter::new(Layout::TABLE);
        writer.write("NAME\tAGE\nlonger-name\t1s\n");
        writer.flush();
        writer.take();
        writer.write("a\t5d\n");
        writer.flush();
        assert_eq!(writer.take(), "a             5d\n");
    }
}
