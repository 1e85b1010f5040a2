//! What a string or bytes literal stands for.

const UNABLE: &str = "unable to unescape string";

/// The bytes of a literal with its quotes and an optional `r` in front. In a bytes literal octal and hexadecimal escapes are bytes, else code points.
pub(crate) fn unescape(literal: &str, is_bytes: bool) -> Result<Vec<u8>, &'static str> {
    let literal = literal.replace("\r\n", "\n").replace('\r', "\n");
    let (raw, quoted) = match literal.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, literal.as_str()),
    };
    let inside = ["'''", "\"\"\"", "'", "\""].iter().find_map(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote)).ok_or(UNABLE)?;
    if raw || !inside.contains('\\') {
        return Ok(inside.as_bytes().to_vec());
    }
    let mut text = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character == '\\' {
            rest = escape(rest, is_bytes, &mut text)?;
        } else {
            push(&mut text, character);
        }
    }
    Ok(text)
}

fn push(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Reads what follows a backslash and returns what follows that.
fn escape<'t>(rest: &'t str, is_bytes: bool, text: &mut Vec<u8>) -> Result<&'t str, &'static str> {
    let mark = rest.bytes().next().ok_or("unable to unescape string, found '\\' as last character")?;
    let simple = match mark {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'\'' | b'"' | b'`' | b'?' => mark,
        b'x' | b'X' => return code_point(rest, 1, 2, 16, is_bytes, text),
        b'u' if !is_bytes => return code_point(rest, 1, 4, 16, false, text),
        b'U' if !is_bytes => return code_point(rest, 1, 8, 16, false, text),
        b'0'..=b'3' => {
            return code_point(rest, 0, 3, 8, is_bytes, text)
                .map_err(|error| if error == UNABLE { "unable to unescape octal sequence in string" } else { error });
        }
        _ => return Err(UNABLE),
    };
    text.push(simple);
    Ok(&rest[1..])
}

fn code_point<'t>(
    rest: &'t str,
    from: usize,
    count: usize,
    radix: u32,
    is_byte: bool,
    text: &mut Vec<u8>,
) -> Result<&'t str, &'static str> {
    let digits = rest.get(from..from + count).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())).ok_or(UNABLE)?;
    let number = u32::from_str_radix(digits, radix).map_err(|_| UNABLE)?;
    if is_byte {
        text.push(u8::try_from(number).map_err(|_| UNABLE)?);
    } else {
        push(text, char::from_u32(number).ok_or("invalid unicode code point")?);
    }
    Ok(&rest[from + count..])
}
