//! Names of images: what users write, and the whole name behind it.

/// `busybox` is `docker.io/library/busybox:latest`, `me/app:1` is `docker.io/me/app:1`, `host:5000/a@sha256:..` stays. The error says what is wrong.
pub fn normalized(written: &str) -> Result<String, NameError> {
    let bad = |why: &'static str| NameError { name: written.to_owned(), why };
    if written.is_empty() {
        return Err(bad("it is empty"));
    }
    let (first, rest) = written.split_once('/').unwrap_or(("", written));
    let is_host = first.contains(['.', ':']) || first == "localhost";
    let (host, path) = match (is_host, first.is_empty()) {
        (true, _) => (first, rest.to_owned()),
        (false, true) => ("docker.io", format!("library/{rest}")),
        (false, false) => ("docker.io", written.to_owned()),
    };
    let host = if host == "index.docker.io" { "docker.io" } else { host };
    let bare = path.split('@').next().unwrap_or(&path);
    let (repository, tag) = match bare.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (bare, None),
    };
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| letter(byte) || b"._-".contains(&byte)) && letter(part.as_bytes()[0]);
    if !repository.split('/').all(part) {
        return Err(bad("repositories have lower-case letters, digits and . _ - between slashes"));
    }
    if tag.is_some_and(|tag| {
        tag.is_empty() || tag.len() > 128 || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    }) {
        return Err(bad("tags have at most 128 letters, digits and . _ -"));
    }
    let ending = if tag.is_none() && !path.contains('@') { ":latest" } else { "" };
    Ok(format!("{host}/{path}{ending}"))
}

/// A name that no image can have.
#[derive(Debug, thiserror::Error)]
#[error("{name:?} is no image name: {why}")]
pub struct NameError {
    name: String,
    why: &'static str,
}

/// The name as a user would write it.
pub fn short(name: &str) -> &str {
    name.strip_prefix("docker.io/library/").or_else(|| name.strip_prefix("docker.io/")).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |written: &str, expected: Option<&str>| assert_eq!(normalized(written).ok().as_deref(), expected, "{written}");
        check("busybox", Some("docker.io/library/busybox:latest"));
        check("busybox:1.28", Some("docker.io/library/busybox:1.28"));
        check("luksa/fortune:env", Some("docker.io/luksa/fortune:env"));
        check("k8s.gcr.io/busybox", Some("k8s.gcr.io/busybox:latest"));
        check("localhost:5000/a/b:1", Some("localhost:5000/a/b:1"));
        check("a@sha256:12", Some("docker.io/library/a@sha256:12"));
        check("", None);
        check("Busybox", None);
        check("a:b c", None);
        check("a//b", None);
    }
}
