//! Secrets are sealed on their way into the store and opened on their way out, so that neither the database nor a copy of it tells them. Everything above the store works
//! on what is open.
//!
//! A sealed value is `[2][key id, 8 bytes][nonce, 12 bytes][AES-256-GCM of the value, with its tag]`; the key in the store is authenticated with it, so that no value
//! can be put in the place of another. A value that begins with 1 is open: written before there was a key, or of a resource that is no secret.

use bytes::Bytes;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
const SEALED: u8 = 2;
const ID_BYTES: usize = 8;
const HEADER: usize = 1 + ID_BYTES + NONCE_LEN;
/// Resources whose values are sealed, by the beginning of their keys.
const SECRET: &[&str] = &["/core/secrets/"];

/// Why a stored value stays closed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionError {
    #[error("a key for encryption at rest must have {KEY_BYTES} bytes")]
    Key,
    #[error("the value of {0} is sealed with a key that is not among those given")]
    Unknown(String),
    #[error("the value of {0} does not open: it, or its key, has been damaged")]
    Damaged(String),
    #[error("no random numbers, so nothing can be sealed")]
    Random,
}

struct Key {
    id: [u8; ID_BYTES],
    key: LessSafeKey,
}

/// The keys: the first seals, all of them open. Without any, everything is written as it is.
#[derive(Default)]
pub struct Encryption {
    keys: Vec<Key>,
}

/// A value that has been opened.
pub struct Opened {
    /// The very bytes where they were not sealed.
    pub value: Bytes,
    /// It would be sealed otherwise now.
    pub stale: bool,
}

impl Encryption {
    pub fn new(keys: &[Vec<u8>]) -> Result<Self, EncryptionError> {
        let key = |bytes: &Vec<u8>| {
            let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| EncryptionError::Key)?;
            let mut id = [0; ID_BYTES];
            id.copy_from_slice(&digest(&SHA256, bytes).as_ref()[..ID_BYTES]);
            Ok(Key { id, key: LessSafeKey::new(key) })
        };
        Ok(Self { keys: keys.iter().map(key).collect::<Result<_, _>>()? })
    }
    fn sealing(&self, key: &str) -> Option<&Key> {
        self.keys.first().filter(|_| SECRET.iter().any(|prefix| key.starts_with(prefix)))
    }
    /// The value as it is stored.
    pub fn seal(&self, key: &str, value: Bytes) -> Result<Bytes, EncryptionError> {
        let Some(sealing) = self.sealing(key) else { return Ok(value) };
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| EncryptionError::Random)?;
        let mut sealed = Vec::with_capacity(HEADER + value.len() + AES_256_GCM.tag_len());
        sealed.push(SEALED);
        sealed.extend_from_slice(&sealing.id);
        sealed.extend_from_slice(&nonce);
        let mut body = value.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        sealing.key.seal_in_place_append_tag(nonce, Aad::from(key.as_bytes()), &mut body).map_err(|_| EncryptionError::Random)?;
        sealed.extend_from_slice(&body);
        Ok(sealed.into())
    }
    /// The value as it was before it was stored.
    pub fn open(&self, key: &str, stored: &Bytes) -> Result<Opened, EncryptionError> {
        if stored.first() != Some(&SEALED) {
            return Ok(Opened { value: stored.clone(), stale: self.sealing(key).is_some() });
        }
        let damaged = || EncryptionError::Damaged(key.to_owned());
        let (header, body) = stored.split_at_checked(HEADER).ok_or_else(damaged)?;
        let (id, nonce) = header[1..].split_at(ID_BYTES);
        let at = self.keys.iter().position(|key| key.id == id).ok_or_else(|| EncryptionError::Unknown(key.to_owned()))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut body = body.to_vec();
        let length = self.keys[at].key.open_in_place(nonce, Aad::from(key.as_bytes()), &mut body).map_err(|_| damaged())?.len();
        body.truncate(length);
        Ok(Opened { value: body.into(), stale: at != 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "/core/secrets/default/s";

    fn check(encryption: &Encryption, key: &str, stored: &[u8], expected: Result<(&[u8], bool), EncryptionError>) {
        let opened = encryption.open(key, &Bytes::copy_from_slice(stored)).map(|opened| (opened.value.to_vec(), opened.stale));
        assert_eq!(opened, expected.map(|(value, stale)| (value.to_vec(), stale)));
    }

    #[test]
    fn sealed_values_open_with_their_key_in_their_place() {
        let (old, new) = (vec![1; KEY_BYTES], vec![2; KEY_BYTES]);
        let before = Encryption::new(std::slice::from_ref(&old)).unwrap();
        let rotated = Encryption::new(&[new.clone(), old]).unwrap();
        let after = Encryption::new(&[new]).unwrap();
        let plain = b"\x01the value".as_slice();
        let sealed = before.seal(KEY, Bytes::from_static(b"\x01the value")).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"value"));
        check(&before, KEY, &sealed, Ok((plain, false)));
        check(&rotated, KEY, &sealed, Ok((plain, true)));
        check(&after, KEY, &sealed, Err(EncryptionError::Unknown(KEY.to_owned())));
        check(&before, "/core/secrets/default/other", &sealed, Err(EncryptionError::Damaged("/core/secrets/default/other".to_owned())));
        check(&before, KEY, &sealed[..HEADER - 1], Err(EncryptionError::Damaged(KEY.to_owned())));
        let mut turned = sealed.to_vec();
        *turned.last_mut().unwrap() ^= 1;
        check(&before, KEY, &turned, Err(EncryptionError::Damaged(KEY.to_owned())));
        assert_ne!(before.seal(KEY, Bytes::from_static(b"\x01the value")).unwrap(), sealed, "every sealing has a nonce of its own");
    }

    #[test]
    fn open_values_stay_readable() {
        let encryption = Encryption::new(&[vec![1; KEY_BYTES]]).unwrap();
        check(&encryption, KEY, b"\x01old", Ok((b"\x01old", true)));
        check(&encryption, "/core/configmaps/default/c", b"\x01old", Ok((b"\x01old", false)));
        assert_eq!(encryption.seal("/core/configmaps/default/c", Bytes::from_static(b"\x01x")).unwrap(), b"\x01x".as_slice());
        check(&Encryption::default(), KEY, b"\x01old", Ok((b"\x01old", false)));
        assert!(Encryption::new(&[vec![1; 5]]).is_err());
    }
}
