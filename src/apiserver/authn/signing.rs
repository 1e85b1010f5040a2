//! Keys that sign service-account tokens: ES256 or RS256, by the kind of key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

/// Why a key can not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("reading the private key: {0}")]
    Pem(rustls_pki_types::pem::Error),
    #[error("the private key is neither of the curve P-256 nor an RSA key")]
    Unsupported,
    #[error("signing failed")]
    Signing,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A key pair, and the name by which tokens refer to it.
pub struct SigningKey {
    pair: Pair,
    id: String,
    random: SystemRandom,
}

impl SigningKey {
    /// Reads a private key: PKCS #8 in PEM.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(KeyError::Pem)?;
        let random = SystemRandom::new();
        let bytes = der.secret_pkcs8_der();
        let pair = match EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, bytes, &random) {
            Ok(pair) => Pair::Ec(pair),
            Err(_) => Pair::Rsa(RsaKeyPair::from_pkcs8(bytes).map_err(|_| KeyError::Unsupported)?),
        };
        let mut key = Self { pair, id: String::new(), random };
        key.id = URL_SAFE_NO_PAD.encode(Sha256::digest(key.public()));
        Ok(key)
    }
    fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Ec(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair) => pair.public_key().as_ref(),
        }
    }
    /// `kid` of tokens and of the key set.
    pub fn id(&self) -> &str {
        &self.id
    }
    /// `ES256` or `RS256`.
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Ec(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }
    /// A token of these claims.
    pub fn sign(&self, claims: &serde_json::Value) -> Result<String, KeyError> {
        let header = serde_json::json!({"alg": self.algorithm(), "kid": self.id});
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&self.random, text.as_bytes()).map_err(|_| KeyError::Signing)?.as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &self.random, text.as_bytes(), &mut signature).map_err(|_| KeyError::Signing)?;
                signature
            }
        };
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
    /// Whether a signature over a text is this key's, by the algorithm that the token names.
    pub fn verifies(&self, algorithm: &str, text: &str, signature: &[u8]) -> bool {
        if algorithm != self.algorithm() {
            return false;
        }
        let parameters: &dyn signature::VerificationAlgorithm = match self.pair {
            Pair::Ec(_) => &signature::ECDSA_P256_SHA256_FIXED,
            Pair::Rsa(_) => &signature::RSA_PKCS1_2048_8192_SHA256,
        };
        signature::UnparsedPublicKey::new(parameters, self.public()).verify(text.as_bytes(), signature).is_ok()
    }
    /// The public half, as an entry of a JSON Web Key Set.
    pub fn web_key(&self) -> serde_json::Value {
        match &self.pair {
            Pair::Ec(pair) => {
                // uncompressed: 4, then both coordinates
                let point = pair.public_key().as_ref();
                let half = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
                serde_json::json!({"use": "sig", "kty": "EC", "kid": self.id, "crv": "P-256", "alg": "ES256", "x": half(1), "y": half(33)})
            }
            Pair::Rsa(pair) => {
                let public: signature::RsaPublicKeyComponents<Vec<u8>> = signature::RsaPublicKeyComponents::from(pair.public());
                let (n, e) = (URL_SAFE_NO_PAD.encode(&public.n), URL_SAFE_NO_PAD.encode(&public.e));
                serde_json::json!({"use": "sig", "kty": "RSA", "kid": self.id, "alg": "RS256", "n": n, "e": e})
            }
        }
    }
}
