//! One line of a container's log as CRI writes it: `TIME STREAM TAG TEXT`, where tag `P` marks a part of a longer line.

/// A line taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// RFC 3339 with nanoseconds.
    pub time: &'a str,
    pub stderr: bool,
    /// The line goes on in the next one.
    pub partial: bool,
    /// With its line feed, unless partial.
    pub text: &'a [u8],
}

/// Takes a line apart; `None` for what is none.
pub fn parse(line: &[u8]) -> Option<Line<'_>> {
    let (time, rest) = split(line)?;
    let (stream, rest) = split(rest)?;
    let (tag, text) = split(rest)?;
    let partial = tag.split(|byte| *byte == b':').next() == Some(b"P");
    let text = if partial { text.strip_suffix(b"\n").unwrap_or(text) } else { text };
    Some(Line { time: std::str::from_utf8(time).ok()?, stderr: stream == b"stderr", partial, text })
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|byte| *byte == b' ')?;
    Some((&bytes[..place], &bytes[place + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let line = parse(b"2024-01-01T00:00:00.123456789Z stderr F hello  world\n").unwrap();
        assert_eq!(
            (line.time, line.stderr, line.partial, line.text),
            ("2024-01-01T00:00:00.123456789Z", true, false, &b"hello  world\n"[..])
        );
        let part = parse(b"2024-01-01T00:00:00Z stdout P abc\n").unwrap();
        assert_eq!((part.partial, part.text), (true, &b"abc"[..]));
        assert_eq!(parse(b"2024-01-01T00:00:00Z stdout F \n").unwrap().text, b"\n");
        assert_eq!(parse(b"nonsense\n"), None);
    }
}
