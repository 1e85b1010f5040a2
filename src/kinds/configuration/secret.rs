//! Secrets.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use super::{IMMUTABLE_SET, MAX_BYTES};
use crate::Part;
use crate::rules::{fill, immutable, invalid, text};

pub(crate) struct SecretBehaviour;

impl crate::Behaviour<Secret> for SecretBehaviour {
    fn default(&self, secret: &mut Secret) {
        fill(&mut secret.type_, "Opaque");
        if let Some(plain) = secret.string_data.take() {
            let data = secret.data.get_or_insert_default();
            data.extend(plain.into_iter().map(|(key, value)| (key, ByteString(value.into_bytes()))));
        }
    }

    fn prepare_update(&self, _part: Part, secret: &mut Secret, old: &Secret) {
        // an update without a type keeps it
        if text(&secret.type_).is_empty() {
            secret.type_.clone_from(&old.type_);
        }
    }

    fn validate(&self, secret: &Secret) -> ErrorList {
        let mut errors = ErrorList::new();
        let path = Path::new("data");
        let mut bytes = 0;
        for (key, value) in secret.data.iter().flatten() {
            errors.extend(invalid(&path.key(key), key, names::config_map_key(key)));
            bytes += value.0.len();
        }
        if bytes > MAX_BYTES {
            errors.push(FieldError::too_long(&path, MAX_BYTES));
        }
        errors.extend(of_type(secret, &path));
        errors
    }

    fn warnings(&self, secret: &Secret, _old: Option<&Secret>) -> Vec<String> {
        if text(&secret.type_) != "kubernetes.io/tls" {
            return Vec::new();
        }
        // what Go's parser says first: the certificate, then the key
        let has_pem = |key: &str| {
            let data = secret.data.as_ref().and_then(|data| data.get(key));
            data.is_some_and(|data| String::from_utf8_lossy(&data.0).contains("-----BEGIN "))
        };
        let lacking = [("tls.crt", "certificate"), ("tls.key", "key")].into_iter().find(|(key, _)| !has_pem(key));
        lacking.map(|(_, what)| format!("tls: failed to find any PEM data in {what} input")).into_iter().collect()
    }

    fn validate_update(&self, _part: Part, secret: &Secret, old: &Secret) -> ErrorList {
        let mut errors: ErrorList = immutable(&secret.type_, &old.type_, &Path::new("type")).into_iter().collect();
        if old.immutable == Some(true) {
            if secret.immutable != Some(true) {
                errors.push(FieldError::forbidden(&Path::new("immutable"), IMMUTABLE_SET));
            }
            if secret.data.clone().unwrap_or_default() != old.data.clone().unwrap_or_default() {
                errors.push(FieldError::forbidden(&Path::new("data"), IMMUTABLE_SET));
            }
        }
        errors.extend(self.validate(secret));
        errors
    }

    fn fields(&self, secret: &Secret) -> Vec<(&'static str, String)> {
        vec![("type", text(&secret.type_).to_owned())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["type"]
    }
}

/// Keys and annotations that a type asks for.
fn of_type(secret: &Secret, path: &Path) -> ErrorList {
    let value = |key: &str| secret.data.as_ref().and_then(|data| data.get(key));
    let missing = |key: &str| FieldError::required(&path.key(key), "");
    let mut errors = ErrorList::new();
    match text(&secret.type_) {
        "kubernetes.io/service-account-token" => {
            let key = "kubernetes.io/service-account.name";
            if secret.metadata.annotations.as_ref().and_then(|annotations| annotations.get(key)).is_none_or(String::is_empty) {
                errors.push(FieldError::required(&Path::new("metadata").child("annotations").key(key), ""));
            }
        }
        "kubernetes.io/dockercfg" => errors.extend(json_object(value(".dockercfg"), &path.key(".dockercfg"))),
        "kubernetes.io/dockerconfigjson" => errors.extend(json_object(value(".dockerconfigjson"), &path.key(".dockerconfigjson"))),
        "kubernetes.io/basic-auth" if value("username").is_none() && value("password").is_none() => {
            errors.extend([missing("username"), missing("password")]);
        }
        "kubernetes.io/ssh-auth" if value("ssh-privatekey").is_none_or(|key| key.0.is_empty()) => errors.push(missing("ssh-privatekey")),
        "kubernetes.io/tls" => errors.extend(["tls.crt", "tls.key"].into_iter().filter(|key| value(key).is_none()).map(missing)),
        _ => {}
    }
    errors
}

fn json_object(value: Option<&ByteString>, path: &Path) -> Option<FieldError> {
    let Some(value) = value else { return Some(FieldError::required(path, "")) };
    let fault = match serde_json::from_slice::<serde_json::Value>(&value.0) {
        Ok(serde_json::Value::Object(_) | serde_json::Value::Null) => return None,
        Ok(_) => "json: cannot unmarshal into Go value of type map[string]interface {}".to_owned(),
        Err(_) if value.0.is_empty() => "unexpected end of JSON input".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(FieldError::invalid(path, "<secret contents redacted>", fault))
}
