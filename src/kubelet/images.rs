//! Image names as users write them, and the credentials for pulling them.

use base64::Engine as _;
use cri::v1::AuthConfig;
use k8s_openapi::api::core::v1::Secret;
use serde_json::Value;

/// A name that is no image reference, worded as the field's reference parser words it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    #[error("couldn't parse image name \"{0}\": invalid reference format")]
    Format(String),
    #[error("couldn't parse image name \"{image}\": invalid reference format: repository name ({repository}) must be lowercase")]
    Uppercase { image: String, repository: String },
}

/// The image with a tag: what has neither tag nor digest gets `latest`. The runtime completes the registry.
pub fn with_tag(image: &str) -> Result<String, Error> {
    let format = || Error::Format(image.to_owned());
    let (named, digest) = match image.split_once('@') {
        Some((named, digest)) => (named, Some(digest)),
        None => (image, None),
    };
    let slash = named.rfind('/').map_or(0, |place| place + 1);
    let (repository, tag) = match named[slash..].split_once(':') {
        Some((last, tag)) => (&named[..slash + last.len()], Some(tag)),
        None => (named, None),
    };
    let path = repository_path(repository);
    if path.chars().any(char::is_uppercase) {
        return Err(Error::Uppercase { image: image.to_owned(), repository: path });
    }
    let part = |part: &str| {
        let inner = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
        part.starts_with(inner) && part.ends_with(inner) && part.chars().all(|character| inner(character) || "._-".contains(character))
    };
    let tag_ok = |tag: &str| {
        let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|character| word(character) || ".-".contains(character))
    };
    let digest_ok = |digest: &str| {
        digest.split_once(':').is_some_and(|(algorithm, hash)| {
            !algorithm.is_empty() && hash.len() >= 32 && hash.chars().all(|character| character.is_ascii_hexdigit())
        })
    };
    if !path.split('/').all(part) || tag.is_some_and(|tag| !tag_ok(tag)) || digest.is_some_and(|digest| !digest_ok(digest)) {
        return Err(format());
    }
    Ok(if tag.is_none() && digest.is_none() { format!("{image}:latest") } else { image.to_owned() })
}

/// Whether the first part of a name is a registry.
fn is_registry(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.chars().any(char::is_uppercase)
}

/// The path at the registry: `library/` before short names.
fn repository_path(repository: &str) -> String {
    match repository.split_once('/') {
        Some((registry, path)) if is_registry(registry) => path.to_owned(),
        Some(_) => repository.to_owned(),
        None => format!("library/{repository}"),
    }
}

/// The registry's host: `docker.io` for short names.
pub fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((registry, _)) if is_registry(registry) => registry,
        _ => "docker.io",
    }
}

/// The credentials for an image in pull secrets of the types dockerconfigjson and dockercfg; the first that fits.
pub fn credentials(image: &str, secrets: &[&Secret]) -> Option<AuthConfig> {
    let registry = registry(image);
    secrets.iter().find_map(|secret| {
        let data = secret.data.as_ref()?;
        let auths: Value = if let Some(text) = data.get(".dockerconfigjson") {
            serde_json::from_slice::<Value>(&text.0).ok()?.get("auths")?.clone()
        } else {
            serde_json::from_slice(&data.get(".dockercfg")?.0).ok()?
        };
        auths.as_object()?.iter().find(|(host, _)| same_registry(host, registry, image)).and_then(|(host, auth)| auth_config(host, auth))
    })
}

/// `https://index.docker.io/v1/`, `docker.io` and short names are one registry; a path in the entry has to begin the image's.
fn same_registry(entry: &str, registry: &str, image: &str) -> bool {
    let entry = entry.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let (host, path) = entry.split_once('/').unwrap_or((entry, ""));
    let host = if matches!(host, "index.docker.io" | "registry-1.docker.io") { "docker.io" } else { host };
    let path = if matches!(path, "v1" | "v2") { "" } else { path };
    let fits = match host.strip_prefix("*.") {
        Some(suffix) => registry.split_once('.').is_some_and(|(_, rest)| rest == suffix),
        None => host == registry,
    };
    fits && (path.is_empty() || image.split_once('/').is_some_and(|(_, rest)| rest.starts_with(path)))
}

fn auth_config(host: &str, auth: &Value) -> Option<AuthConfig> {
    let text = |key: &str| auth.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (mut username, mut password) = (text("username"), text("password"));
    if username.is_empty() {
        let decoded = base64::engine::general_purpose::STANDARD.decode(text("auth")).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, pass) = decoded.split_once(':')?;
        (username, password) = (user.to_owned(), pass.trim_end_matches('\0').to_owned());
    }
    Some(AuthConfig {
        username,
        password,
        server_address: host.to_owned(),
        identity_token: text("identitytoken"),
        registry_token: text("registrytoken"),
        ..AuthConfig::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        let check = |image: &str, expected: Result<&str, &str>| {
            assert_eq!(with_tag(image).as_deref().map_err(ToString::to_string), expected.map_err(str::to_owned), "{image}");
        };
        check("busybox", Ok("busybox:latest"));
        check("busybox:1.35", Ok("busybox:1.35"));
        check("localhost:5000/a/b", Ok("localhost:5000/a/b:latest"));
        check("r.example/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", {
            Ok("r.example/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
        });
        check("Nginx", {
            Err("couldn't parse image name \"Nginx\": invalid reference format: repository name (library/Nginx) must be lowercase")
        });
        check("a:b:c", Err("couldn't parse image name \"a:b:c\": invalid reference format"));
        check("", Err("couldn't parse image name \"\": invalid reference format"));
    }

    #[test]
    fn credentials_by_registry() {
        let config = r#"{"auths":{"r.example:5000":{"auth":"dTpwOnE="},"https://index.docker.io/v1/":{"username":"d","password":"e"}}}"#;
        let secret =
            Secret { data: Some([(".dockerconfigjson".to_owned(), k8s_openapi::ByteString(config.into()))].into()), ..Default::default() };
        let found = |image: &str| credentials(image, &[&secret]).map(|auth| (auth.username, auth.password));
        assert_eq!(found("r.example:5000/a:1"), Some(("u".into(), "p:q".into())));
        assert_eq!(found("nginx"), Some(("d".into(), "e".into())));
        assert_eq!(found("other.example/nginx"), None);
    }
}
