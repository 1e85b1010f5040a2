//! Mutations by chance, the same ones for the same number.

/// Numbers that look random: splitmix64.
pub struct Chance(u64);

/// Inputs grow no longer than this, in bytes.
const LONGEST: usize = 64 * 1024;

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }
    fn span(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let longest = (length - start).min(1 << self.below(10));
        start..start + self.below(longest + 1)
    }
}

/// Pieces that parsers have met before.
const PIECES: &[&[u8]] = &[
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-1",
    b"9223372036854775807",
    b"9223372036854775808",
    b"1e400",
    b"0.1",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\xc3\xa9",
    b"\x00",
    b"\n",
    b"/",
    b"..",
    b"~1",
    b"$patch",
    b"$retainKeys",
    b"a=b,c in (d,e),!f",
    b"metadata",
    b"name",
    b"spec",
    b"f:",
    b"k:{}",
    b"&a",
    b"*a",
    b"<<: *a",
    b"- ",
    b"---\n",
    b"!!binary",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
    b"((((((((((((((((((((((((((((((((",
    b"?watch=1",
    b"&limit=1",
    b"%2F",
    b"1Ki",
    b"99999999999999999999Ei",
    b"\xff\xff\xff\xff",
    b"\x80\x03\x00\x01",
    b"\x7f\xff\xff\xff",
];

/// Changes an input in one to eight ways; `others` are seeds to take parts of.
pub fn mutate(chance: &mut Chance, input: &mut Vec<u8>, others: &[&[u8]]) {
    for _ in 0..=chance.below(8) {
        let length = input.len();
        match chance.below(8) {
            0 if length > 0 => {
                let at = chance.below(length);
                input[at] ^= 1 << chance.below(8);
            }
            1 if length > 0 => {
                let at = chance.below(length);
                input[at] = u8::try_from(chance.below(256)).unwrap_or(0);
            }
            2 => drop(input.drain(chance.span(length))),
            3 => {
                let copied = input[chance.span(length)].to_vec();
                let at = chance.below(length + 1);
                input.splice(at..at, copied);
            }
            4 if !others.is_empty() => {
                let other = others[chance.below(others.len())];
                let part = other[chance.span(other.len())].to_vec();
                input.splice(chance.span(length), part);
            }
            5 => {
                // a tower of the same piece
                let piece = PIECES[chance.below(PIECES.len())].repeat(1 << chance.below(8));
                let at = chance.below(length + 1);
                input.splice(at..at, piece);
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())].to_vec();
                drop(input.drain(chance.span(length)));
                let at = chance.below(input.len() + 1);
                input.splice(at..at, piece);
            }
        }
        input.truncate(LONGEST);
    }
}
