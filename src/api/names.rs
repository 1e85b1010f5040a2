//! Names of objects, labels and the like: what is wrong with one, in upstream's words (`k8s.io/apimachinery/pkg/util/validation`).
//! Every function gives the faults found, so an empty list means valid. Written by hand instead of with regular expressions: a client
//! that starts in milliseconds cannot compile twenty of them first. IP addresses and CIDRs are in [`crate::addresses`].

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_MESSAGE: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const SUBDOMAIN_MESSAGE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const SUBDOMAIN_CASELESS_MESSAGE: &str =
    "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const SUBDOMAIN_UNDERSCORE: &str = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";
const SUBDOMAIN_UNDERSCORE_MESSAGE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
const DNS1035: &str = "[a-z]([-a-z0-9]*[a-z0-9])?";
const DNS1035_MESSAGE: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const WILDCARD: &str = r"\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const WILDCARD_MESSAGE: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
const LABEL_KEY: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_KEY_MESSAGE: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE: &str = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
const LABEL_VALUE_MESSAGE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/// Longest DNS-1123 and DNS-1035 label, label value and name part of a label key, in bytes.
pub const LABEL_MAX_BYTES: usize = 63;
/// Longest DNS-1123 subdomain and config map key, in bytes.
pub const SUBDOMAIN_MAX_BYTES: usize = 253;

/// `must be no more than N characters`.
pub fn too_long(max: usize) -> String {
    format!("must be no more than {max} characters")
}

/// `must be between A and B, inclusive`.
pub fn out_of_range(low: i64, high: i64) -> String {
    format!("must be between {low} and {high}, inclusive")
}

/// The message of a failed pattern: `MESSAGE (e.g. 'A',  or 'B', regex used for validation is 'PATTERN')`.
pub fn pattern_error(message: &str, pattern: &str, examples: &[&str]) -> String {
    if examples.is_empty() {
        return format!("{message} (regex used for validation is '{pattern}')");
    }
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{message} (e.g. {}regex used for validation is '{pattern}')", examples.join(" or "))
}

fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// First and last byte alphanumeric by `edge`, those between also by `inner`.
fn framed(text: &str, edge: fn(u8) -> bool, inner: &[u8]) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => edge(first) && edge(last) && bytes.iter().all(|&byte| edge(byte) || inner.contains(&byte)),
        _ => false,
    }
}

fn matches_label(text: &str) -> bool {
    framed(text, is_lower_alphanumeric, b"-")
}
fn matches_subdomain(text: &str) -> bool {
    text.split('.').all(matches_label)
}
fn matches_label_key(text: &str) -> bool {
    framed(text, |byte| byte.is_ascii_alphanumeric(), b"-_.")
}

/// A prefix for `generateName` may end with a dash: upstream validates it with the dash and the character before replaced.
fn masked(name: &str, prefix: bool) -> std::borrow::Cow<'_, str> {
    if prefix && name.len() > 1 && name.ends_with('-') {
        let end = name.len() - 2;
        if name.is_char_boundary(end) {
            return format!("{}a", &name[..end]).into();
        }
    }
    name.into()
}

/// Faults of a DNS-1123 subdomain; `prefix` allows a trailing dash, as for `generateName`.
pub fn dns1123_subdomain(name: &str, prefix: bool) -> Vec<String> {
    let name = masked(name, prefix);
    let mut errors = longer_than(&name, SUBDOMAIN_MAX_BYTES);
    if !matches_subdomain(&name) {
        errors.push(pattern_error(SUBDOMAIN_MESSAGE, SUBDOMAIN, &["example.com"]));
    }
    errors
}

/// As [`dns1123_subdomain`], upper case allowed.
pub fn dns1123_subdomain_caseless(name: &str) -> Vec<String> {
    let mut errors = longer_than(name, SUBDOMAIN_MAX_BYTES);
    if !matches_subdomain(&name.to_ascii_lowercase()) {
        errors.push(pattern_error(SUBDOMAIN_CASELESS_MESSAGE, SUBDOMAIN, &["Example.com"]));
    }
    errors
}

/// As [`dns1123_subdomain`], each label may begin with and contain underscores (DNS search paths).
pub fn dns1123_subdomain_with_underscore(name: &str) -> Vec<String> {
    let mut errors = longer_than(name, SUBDOMAIN_MAX_BYTES);
    let label = |text: &str| framed(text.strip_prefix('_').unwrap_or(text), is_lower_alphanumeric, b"-_");
    if !name.split('.').all(label) {
        errors.push(pattern_error(SUBDOMAIN_UNDERSCORE_MESSAGE, SUBDOMAIN_UNDERSCORE, &["example.com"]));
    }
    errors
}

/// Faults of a DNS-1123 label: names of namespaces, containers, volumes.
pub fn dns1123_label(name: &str, prefix: bool) -> Vec<String> {
    let name = masked(name, prefix);
    let mut errors = longer_than(&name, LABEL_MAX_BYTES);
    if !matches_label(&name) {
        errors.push(if matches_subdomain(&name) {
            "must not contain dots".to_owned()
        } else {
            pattern_error(LABEL_MESSAGE, LABEL, &["my-name", "123-abc"])
        });
    }
    errors
}

/// Faults of a DNS-1035 label, which may not start with a digit.
pub fn dns1035_label(name: &str, prefix: bool) -> Vec<String> {
    let name = masked(name, prefix);
    let mut errors = longer_than(&name, LABEL_MAX_BYTES);
    if !(matches_label(&name) && name.starts_with(|first: char| first.is_ascii_lowercase())) {
        errors.push(pattern_error(DNS1035_MESSAGE, DNS1035, &["my-name", "abc-123"]));
    }
    errors
}

/// Faults of `*.example.com`, as ingress hosts have it.
pub fn wildcard_dns1123_subdomain(name: &str) -> Vec<String> {
    let mut errors = longer_than(name, SUBDOMAIN_MAX_BYTES);
    if !name.strip_prefix("*.").is_some_and(matches_subdomain) {
        errors.push(pattern_error(WILDCARD_MESSAGE, WILDCARD, &["*.example.com"]));
    }
    errors
}

/// Faults of a label key: `name` or `prefix/name`. Annotation keys (lower-cased first), finalizers, taints and many fields have the same form.
pub fn qualified_name(name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let examples = ["MyName", "my.name", "123-abc"];
    let parts: Vec<&str> = name.split('/').collect();
    let name = match parts[..] {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                errors.extend(dns1123_subdomain(prefix, false).into_iter().map(|message| format!("prefix part {message}")));
            }
            name
        }
        _ => {
            let message = pattern_error(LABEL_KEY_MESSAGE, LABEL_KEY, &examples);
            return vec![format!("a valid label key {message} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")];
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX_BYTES {
        errors.push(format!("name part {}", too_long(LABEL_MAX_BYTES)));
    }
    if !matches_label_key(name) {
        errors.push(format!("name part {}", pattern_error(LABEL_KEY_MESSAGE, LABEL_KEY, &examples)));
    }
    errors
}

/// Faults of a label value.
pub fn label_value(value: &str) -> Vec<String> {
    let mut errors = longer_than(value, LABEL_MAX_BYTES);
    if !value.is_empty() && !matches_label_key(value) {
        errors.push(pattern_error(LABEL_VALUE_MESSAGE, LABEL_VALUE, &["MyValue", "my_value", "12345"]));
    }
    errors
}

/// Faults of a port number.
pub fn port_number(port: i64) -> Vec<String> {
    in_range(port, 1, 65535)
}

/// Faults of a number that must lie in a range.
pub fn in_range(value: i64, low: i64, high: i64) -> Vec<String> {
    if (low..=high).contains(&value) { Vec::new() } else { vec![out_of_range(low, high)] }
}

/// Faults of a user or group id.
pub fn user_or_group_id(id: i64) -> Vec<String> {
    in_range(id, 0, i64::from(i32::MAX))
}

/// Faults of a port's name (an IANA service name).
pub fn port_name(name: &str) -> Vec<String> {
    let mut errors = longer_than(name, 15);
    if name.is_empty() || !name.bytes().all(|byte| is_lower_alphanumeric(byte) || byte == b'-') {
        errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        errors.push("must contain at least one letter (a-z)".to_owned());
    }
    if name.contains("--") {
        errors.push("must not contain consecutive hyphens".to_owned());
    }
    if name.starts_with('-') || name.ends_with('-') {
        errors.push("must not begin or end with a hyphen".to_owned());
    }
    errors
}

/// Faults of `50%`.
pub fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = "a valid percent string must be a numeric string followed by an ending '%'";
        return vec![pattern_error(message, "[0-9]+%", &["1%", "93%"])];
    }
    Vec::new()
}

/// Faults of the name of an HTTP header.
pub fn http_header_name(name: &str) -> Vec<String> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let message = "a valid HTTP header must consist of alphanumeric characters or '-'";
        return vec![pattern_error(message, "[-A-Za-z0-9]+", &["X-Header-Name"])];
    }
    Vec::new()
}

/// Faults of an environment variable's name under the strict rule (`envFrom` prefixes, `kubectl set env`).
pub fn environment_variable_name(name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let extra = |byte: u8| b"-._".contains(&byte);
    let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra(byte));
    if name.is_empty() || !valid || name.starts_with(|first: char| first.is_ascii_digit()) {
        let message = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
        errors.push(pattern_error(message, "[-._a-zA-Z][-._a-zA-Z0-9]*", &["my.env-name", "MY_ENV.NAME", "MyEnvName1"]));
    }
    errors.extend(leaves_directory(name));
    errors
}

/// Faults of an environment variable's name under the relaxed rule, which is what pods are held to.
pub fn relaxed_environment_variable_name(name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if name.is_empty() {
        errors.push("environment variable name must be non-empty".to_owned());
    }
    if !name.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=') {
        errors.push("a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned());
    }
    errors
}

/// Faults of a key of a ConfigMap or Secret.
pub fn config_map_key(key: &str) -> Vec<String> {
    let mut errors = longer_than(key, SUBDOMAIN_MAX_BYTES);
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
        let message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        errors.push(pattern_error(message, "[-._a-zA-Z0-9]+", &["key.name", "KEY_NAME", "key-name"]));
    }
    errors.extend(leaves_directory(key));
    errors
}

/// Faults of a name that need only be safe in a URL path: RBAC kinds and other legacy names. A `prefix` may be `.` or `..`.
pub fn path_segment(name: &str, prefix: bool) -> Vec<String> {
    if !prefix && (name == "." || name == "..") {
        return vec![format!("may not be '{name}'")];
    }
    ["/", "%"].iter().filter(|part| name.contains(**part)).map(|part| format!("may not contain '{part}'")).collect()
}

/// Faults of an identifier of C: `[A-Za-z_][A-Za-z0-9_]*`.
pub fn c_identifier(name: &str) -> Vec<String> {
    let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() || !valid || name.starts_with(|first: char| first.is_ascii_digit()) {
        let message =
            "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
        return vec![pattern_error(message, "[A-Za-z_][A-Za-z0-9_]*", &["my_name", "MY_NAME", "MyName"])];
    }
    Vec::new()
}

/// Faults of the reason of a `metav1.Condition`.
pub fn condition_reason(reason: &str) -> Vec<String> {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"_,:".contains(&byte);
    let valid = reason.starts_with(|first: char| first.is_ascii_alphabetic())
        && reason.bytes().all(inner)
        && reason.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
    if valid {
        return Vec::new();
    }
    let message = "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
    let examples = ["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"];
    vec![pattern_error(message, "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?", &examples)]
}

fn longer_than(text: &str, max: usize) -> Vec<String> {
    if text.len() > max { vec![too_long(max)] } else { Vec::new() }
}

fn leaves_directory(text: &str) -> Option<String> {
    match text {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        _ if text.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&str) -> Vec<String>, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(rule(text), Vec::<String>::new(), "{text:?} is valid");
        }
        for text in bad {
            assert!(!rule(text).is_empty(), "{text:?} is invalid");
        }
    }

    #[test]
    fn labels() {
        let long = "a".repeat(64);
        let bad = ["", "A", "aBc", "-", "a-", "-a", "_", "a_b", ".", "a.", ".a", "a.b", " ", "a ", "a b", &long];
        check(|text| dns1123_label(text, false), &["a", "a--1--2--b", "0", "1--a--b--2", &long[..63]], &bad);
        check(|text| dns1123_label(text, true), &["a-", "a"], &["-", "a_"]);
        check(|text| dns1035_label(text, false), &["a", "a-1"], &["0", "1-a", "a.b"]);
        assert_eq!(dns1123_label("a.b", false), ["must not contain dots"]);
    }

    #[test]
    fn subdomains() {
        let long = "a".repeat(254);
        let bad = ["", "A.a", "a..b", "1.", ".1", "a@b", "a:b", "a_b.c", &long];
        check(|text| dns1123_subdomain(text, false), &["a", "0.1", "a--1--2--b.a", "11.22.33.44.55", &long[..253]], &bad);
        check(dns1123_subdomain_caseless, &["A.b", "a.B-1"], &["A_b", ""]);
        check(dns1123_subdomain_with_underscore, &["_a.b", "a_b.c"], &["__a", "a_.b", "A"]);
        check(wildcard_dns1123_subdomain, &["*.example.com", "*.a"], &["*", "example.com", "*example.com", "*.*.com"]);
        assert_eq!(
            dns1123_subdomain("Foo", false),
            [
                r"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            ]
        );
    }

    #[test]
    fn qualified_names() {
        let good = ["simple", "1234", "now.with.dots/simple", "1.2.3.4/5678", "example.com/Uppercase_Is_OK_123", "requests.storage-foo"];
        let bad = ["nospecialchars%^=@", "cantendwithadash-", "only/one/slash", "Example.com/abc", "example.com/", "/simple"];
        check(qualified_name, &good, &bad);
        assert_eq!(
            qualified_name("/"),
            [
                "prefix part must be non-empty",
                "name part must be non-empty",
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            ]
        );
    }

    #[test]
    fn values_and_keys() {
        check(label_value, &["", "simple", "end-with-num-1", "a"], &["-a", "a.", "Māori", r"\a", "a/b"]);
        check(port_name, &["telnet", "re-mail-ck", "a", "1-a"], &["longerthan15characters", "", "12345", "-a", "a--b", "A"]);
        check(percent, &["0%", "100%"], &["", "1", "%1", "-1%"]);
        check(environment_variable_name, &["a", "A.b-c", "_1"], &["", "1a", ".", "..", "..a", "a b"]);
        check(relaxed_environment_variable_name, &["1a b", "-."], &["", "a=b", "ä", "a\tb"]);
        check(config_map_key, &["good", ".good", "1", "a..b"], &["", ".", "..", "..bad", "b*d"]);
        check(|text| path_segment(text, false), &["system:node", "..."], &[".", "..", "a/b", "%"]);
        check(c_identifier, &["_a1"], &["", "1a", "a-b"]);
        check(condition_reason, &["A", "ReasonA:ReasonB", "a_"], &["", "1", "a,", "_a"]);
    }
}
