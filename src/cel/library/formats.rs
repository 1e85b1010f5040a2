//! Named formats of texts.

use std::sync::LazyLock;

use api::names;
use regex::Regex;

use super::{Extension, urls};
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::time::Timestamp;
use crate::value::{Outcome, Value, no_such_overload};

/// A format: its name, what is wrong with a text that does not have it, and the size of a pattern for it as upstream's costs have it.
pub struct Format {
    pub(crate) name: &'static str,
    function: &'static str,
    validate: fn(&str) -> Vec<String>,
    pub(crate) pattern_size: u64,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

#[rustfmt::skip]
static FORMATS: [Format; 13] = [
    Format { name: "DNS1123Label", function: "dns1123Label", validate: |text| names::dns1123_label(text, false), pattern_size: 30 },
    Format { name: "DNS1123Subdomain", function: "dns1123Subdomain", validate: |text| names::dns1123_subdomain(text, false), pattern_size: 60 },
    Format { name: "DNS1035Label", function: "dns1035Label", validate: |text| names::dns1035_label(text, false), pattern_size: 30 },
    Format { name: "QualifiedName", function: "qualifiedName", validate: names::qualified_name, pattern_size: 60 },
    Format { name: "DNS1123LabelPrefix", function: "dns1123LabelPrefix", validate: |text| names::dns1123_label(text, true), pattern_size: 30 },
    Format { name: "DNS1123SubdomainPrefix", function: "dns1123SubdomainPrefix", validate: |text| names::dns1123_subdomain(text, true), pattern_size: 60 },
    Format { name: "DNS1035LabelPrefix", function: "dns1035LabelPrefix", validate: |text| names::dns1035_label(text, true), pattern_size: 30 },
    Format { name: "LabelValue", function: "labelValue", validate: names::label_value, pattern_size: 40 },
    Format { name: "URI", function: "uri", validate: |text| urls::request_error(text).into_iter().collect(), pattern_size: 1103 },
    Format { name: "uuid", function: "uuid", validate: |text| unless(UUID.is_match(text), "does not match the UUID format"), pattern_size: 70 },
    Format { name: "byte", function: "byte", validate: |text| unless(is_base64(text), "invalid base64"), pattern_size: 84 },
    Format { name: "date", function: "date", validate: |text| unless(Timestamp::parse_date(text).is_some(), "invalid date"), pattern_size: 71 },
    Format { name: "datetime", function: "datetime", validate: |text| unless(is_date_time(text), "invalid datetime"), pattern_size: 71 },
];

static UUID: LazyLock<Regex> = LazyLock::new(|| super::pattern("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$"));
static TIME: LazyLock<Regex> = LazyLock::new(|| super::pattern("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$"));

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("format-validate", "validate", "Format.(string) -> optional(list(string))", validate),
    row("format-named", "format.named", "(string) -> optional(Format)", named),
    row("format.dns1123Label", "format.dns1123Label", "() -> Format", constant::<0>),
    row("format.dns1123Subdomain", "format.dns1123Subdomain", "() -> Format", constant::<1>),
    row("format.dns1035Label", "format.dns1035Label", "() -> Format", constant::<2>),
    row("format.qualifiedName", "format.qualifiedName", "() -> Format", constant::<3>),
    row("format.dns1123LabelPrefix", "format.dns1123LabelPrefix", "() -> Format", constant::<4>),
    row("format.dns1123SubdomainPrefix", "format.dns1123SubdomainPrefix", "() -> Format", constant::<5>),
    row("format.dns1035LabelPrefix", "format.dns1035LabelPrefix", "() -> Format", constant::<6>),
    row("format.labelValue", "format.labelValue", "() -> Format", constant::<7>),
    row("format.uri", "format.uri", "() -> Format", constant::<8>),
    row("format.uuid", "format.uuid", "() -> Format", constant::<9>),
    row("format.byte", "format.byte", "() -> Format", constant::<10>),
    row("format.date", "format.date", "() -> Format", constant::<11>),
    row("format.datetime", "format.datetime", "() -> Format", constant::<12>),
];

fn unless(valid: bool, message: &str) -> Vec<String> {
    if valid { Vec::new() } else { vec![message.to_owned()] }
}

fn is_base64(text: &str) -> bool {
    use base64::Engine as _;
    !text.is_empty() && base64::engine::general_purpose::STANDARD.decode(text).is_ok()
}

fn is_date_time(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut parts = lower.split('t');
    let (Some(date), Some(time)) = (parts.next(), parts.next()) else { return false };
    let Some(found) = TIME.captures(time).filter(|_| Timestamp::parse_date(date).is_some()) else { return false };
    let at_most = |group: usize, limit: &str| found.get(group).is_some_and(|part| part.as_str() <= limit);
    at_most(1, "23") && at_most(2, "59") && at_most(3, "59")
}

fn constant<'a, const INDEX: usize>(_: &Context<'a, '_>, _: &[Value<'a>]) -> Outcome<'a> {
    FORMATS.get(INDEX).map_or_else(no_such_overload, |format| Ok(Value::extension(Extension::Format(format))))
}

fn named<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(name) = args.first().and_then(Value::as_str) else { return no_such_overload() };
    let format = FORMATS.iter().find(|format| format.function == name);
    Ok(Value::optional(format.map(|format| Value::extension(Extension::Format(format)))))
}

fn validate<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Extension(extension), Value::String(text)] = args else { return no_such_overload() };
    let Extension::Format(format) = &**extension else { return no_such_overload() };
    let wrong = (format.validate)(text);
    let wrong = (!wrong.is_empty()).then(|| Value::list(wrong.into_iter().map(Value::text).collect()));
    Ok(Value::optional(wrong))
}
