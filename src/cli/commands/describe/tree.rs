//! Short ways into the JSON of an object: absent fields read as empty, as the zero values of upstream's structs do.

use api::quantity::Quantity;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use output::go_text;
use serde_json::Value;

static ABSENT: Value = Value::Null;
/// Upstream's zero time.
const ZERO_TIME: &str = "Mon, 01 Jan 0001 00:00:00 +0000";

/// Reading fields by dotted paths.
pub trait Tree {
    /// The field at `spec.template.metadata`, null where there is none; the value itself for an empty path.
    fn at(&self, path: &str) -> &Value;
    /// A member whatever letters its name has.
    fn member(&self, name: &str) -> &Value;

    fn has(&self, path: &str) -> bool {
        !self.at(path).is_null()
    }
    fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }
    /// The text, unless it is absent or empty.
    fn filled(&self, path: &str) -> Option<&str> {
        self.at(path).as_str().filter(|text| !text.is_empty())
    }
    fn text_or<'a>(&'a self, path: &str, otherwise: &'a str) -> &'a str {
        self.at(path).as_str().unwrap_or(otherwise)
    }
    fn integer(&self, path: &str) -> i64 {
        self.at(path).as_i64().unwrap_or_default()
    }
    fn flag(&self, path: &str) -> bool {
        self.at(path).as_bool().unwrap_or_default()
    }
    fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }
    /// The texts of a list.
    fn texts(&self, path: &str) -> Vec<&str> {
        self.list(path).iter().filter_map(Value::as_str).collect()
    }
    /// `%v` of a field, `otherwise` where it is absent.
    fn shown(&self, path: &str, otherwise: &str) -> String {
        match self.at(path) {
            Value::Null => otherwise.to_owned(),
            value => go_text::sprint(value),
        }
    }
    /// Members by name, in order of their names.
    fn members(&self, path: &str) -> Vec<(&str, &Value)> {
        self.at(path).as_object().map(|map| map.iter().map(|(key, value)| (key.as_str(), value)).collect()).unwrap_or_default()
    }
    /// `k=v,k2=v2`, `<none>`.
    fn joined_labels(&self, path: &str) -> String {
        let labels: Vec<String> =
            self.members(path).into_iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
        if labels.is_empty() { "<none>".to_owned() } else { labels.join(",") }
    }
    /// A quantity in its canonical form, `0` where it is absent.
    fn quantity(&self, name: &str) -> Quantity {
        quantity(self.member(name))
    }
    /// Time as in `Mon, 02 Jan 2006 15:04:05 -0700`, in this machine's zone.
    fn time(&self, path: &str) -> String {
        self.text(path).parse::<Timestamp>().map_or_else(
            |_| ZERO_TIME.to_owned(),
            |time| time.to_zoned(TimeZone::system()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string(),
        )
    }
    /// A structured label selector in one line: `<none>` for nothing, `<error>` for a faulty one.
    fn label_selector(&self, path: &str) -> String {
        match self.at(path) {
            Value::Null => api::labels::format_label_selector(None),
            value => serde_json::from_value::<LabelSelector>(value.clone())
                .map_or_else(|_| "<error>".to_owned(), |selector| api::labels::format_label_selector(Some(&selector))),
        }
    }
    /// The same as it goes into a query: empty for everything and for nothing.
    fn selector_query(&self, path: &str) -> Result<String, String> {
        let selector = match self.at(path) {
            Value::Null => None,
            value => Some(serde_json::from_value::<LabelSelector>(value.clone()).map_err(|error| error.to_string())?),
        };
        api::labels::Selector::from_label_selector(selector.as_ref())
            .map(|selector| selector.to_string())
            .map_err(|error| error.to_string())
    }
}

impl Tree for Value {
    fn at(&self, path: &str) -> &Value {
        if path.is_empty() {
            return self;
        }
        path.split('.').fold(self, |value, name| value.get(name).unwrap_or(&ABSENT))
    }
    fn member(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&ABSENT)
    }
}

/// A quantity as it is written in an object; zero for anything else.
pub fn quantity(value: &Value) -> Quantity {
    match value {
        Value::String(text) => text.parse().unwrap_or_default(),
        Value::Number(number) => number.to_string().parse().unwrap_or_default(),
        _ => Quantity::default(),
    }
}

/// The owner that controls an object.
pub fn controller(object: &Value) -> Option<&Value> {
    object.list("metadata.ownerReferences").iter().find(|owner| owner.flag("controller"))
}

/// `host:port`, with brackets around an IPv6 address.
pub fn host_port(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_fields_are_empty() {
        let object = json!({ "spec": { "a": "x", "n": 3, "m": { "b": "2", "a": "1" }, "s": { "matchLabels": { "k": "v" } } } });
        assert_eq!((object.text("spec.a"), object.text("spec.b"), object.integer("spec.n"), object.integer("status.n")), ("x", "", 3, 0));
        assert_eq!(object.joined_labels("spec.m"), "a=1,b=2");
        assert_eq!(object.joined_labels("spec.o"), "<none>");
        assert_eq!(object.label_selector("spec.s"), "k=v");
        assert_eq!(object.label_selector("spec.t"), "<none>");
        assert_eq!(object.time("spec.t"), ZERO_TIME);
    }

    #[test]
    fn addresses() {
        assert_eq!(host_port("10.0.0.1", "80"), "10.0.0.1:80");
        assert_eq!(host_port("fd00::1", "80"), "[fd00::1]:80");
    }
}
