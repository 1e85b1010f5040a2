//! Fields as protobuf has them on the wire: a tag with number and form, then the value.

fn varint(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7f).to_le_bytes()[0];
        value >>= 7;
        out.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return;
        }
    }
}

/// What stands before a value: 0 for a number, 1 for eight bytes, 2 for a length and as many bytes.
pub fn tag(number: u64, wire: u64, out: &mut Vec<u8>) {
    varint(number << 3 | wire, out);
}

pub fn bytes(number: u64, value: &[u8], out: &mut Vec<u8>) {
    tag(number, 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

pub fn number(number: u64, value: u64, out: &mut Vec<u8>) {
    tag(number, 0, out);
    varint(value, out);
}
