//! What mutating policies need for JSON patches.

use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Outcome, Value, no_such_overload};

pub(crate) const TABLE: &[Row] = &[row("string_jsonpatch_escapeKey_string", "jsonpatch.escapeKey", "(string) -> string", escape_key)];

/// A key as a step of a JSON pointer.
fn escape_key<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(key)] => Ok(Value::text(key.replace('~', "~0").replace('/', "~1"))),
        _ => no_such_overload(),
    }
}
