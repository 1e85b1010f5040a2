//! Puts blobs and image records straight into containerd, over its own API: how an image that comes with us gets in without a registry.

use std::collections::HashMap;
use std::time::Duration;

use http::uri::PathAndQuery;
use sha2::{Digest, Sha256};
use tonic::client::Grpc;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::events::NAMESPACE;
use crate::wire::{
    Descriptor, GetImageRequest, Image, ImageRequest, ReadContentRequest, ReadContentResponse, WriteContentRequest, WriteContentResponse,
};

/// How long the CRI part of containerd may take to notice a new image record.
const NOTICE: Duration = Duration::from_secs(30);
/// It notices by an event, and lays one aside that it could not work on: after this long it is given another.
const NOTICE_AGAIN: Duration = Duration::from_secs(2);

/// One blob of an image, with the labels that keep it and what it points at from containerd's garbage collection.
#[derive(Clone, Debug)]
pub struct Blob {
    pub data: Vec<u8>,
    pub media_type: &'static str,
    pub labels: HashMap<String, String>,
}

impl Blob {
    pub fn digest(&self) -> String {
        digest_of(&self.data)
    }
}

/// `sha256:...` of some bytes.
pub fn digest_of(data: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(data)))
}

/// Writes the blobs (the last one is the manifest), names the image, and returns when CRI knows it.
pub async fn add_image(client: &Client, name: &str, blobs: &[Blob]) -> Result<()> {
    let Some(manifest) = blobs.last() else { return Ok(()) };
    let mut grpc = Grpc::new(client.channel());
    for blob in blobs {
        write(client, &mut grpc, blob).await?;
    }
    let target = Descriptor { media_type: manifest.media_type.to_owned(), digest: manifest.digest(), size: byte_count(&manifest.data) };
    let image = Image { name: name.to_owned(), labels: HashMap::new(), target: Some(target) };
    record(client, &mut grpc, image.clone()).await?;
    let deadline = tokio::time::Instant::now() + NOTICE;
    let mut again = tokio::time::Instant::now() + NOTICE_AGAIN;
    let mut wait = Duration::from_millis(1);
    while client.image_status(name).await?.is_none() {
        if tokio::time::Instant::now() > deadline {
            return Err(Error::Timeout { act: "add image", after: NOTICE });
        }
        if tokio::time::Instant::now() > again {
            record(client, &mut grpc, image.clone()).await?;
            again = tokio::time::Instant::now() + NOTICE_AGAIN;
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_millis(50));
    }
    Ok(())
}

/// The digest of what an image name points at: a manifest, or an index of manifests. `None` for an unknown name.
pub async fn target(client: &Client, name: &str) -> Result<Option<String>> {
    let mut grpc = Grpc::new(client.channel());
    ready(client, &mut grpc).await?;
    // The answer has the image in the same field as the request to create one.
    let codec = ProstCodec::<GetImageRequest, ImageRequest>::default();
    let path = PathAndQuery::from_static("/containerd.services.images.v1.Images/Get");
    match grpc.unary(in_namespace(GetImageRequest { name: name.to_owned() }), path, codec).await {
        Ok(answer) => Ok(answer.into_inner().image.and_then(|image| image.target).map(|target| target.digest)),
        Err(status) if status.code() == tonic::Code::NotFound => Ok(None),
        Err(status) => Err(Error::status("look up image", &status)),
    }
}

/// All bytes of a blob.
pub async fn read(client: &Client, digest: &str) -> Result<Vec<u8>> {
    let failed = |status: &tonic::Status| Error::status("read content", status);
    let mut grpc = Grpc::new(client.channel());
    ready(client, &mut grpc).await?;
    let codec = ProstCodec::<ReadContentRequest, ReadContentResponse>::default();
    let path = PathAndQuery::from_static("/containerd.services.content.v1.Content/Read");
    let request = in_namespace(ReadContentRequest { digest: digest.to_owned(), offset: 0, size: 0 });
    let mut stream = grpc.server_streaming(request, path, codec).await.map_err(|status| failed(&status))?.into_inner();
    let mut data = Vec::new();
    while let Some(part) = stream.message().await.map_err(|status| failed(&status))? {
        data.extend_from_slice(&part.data);
    }
    Ok(data)
}

fn byte_count(data: &[u8]) -> i64 {
    i64::try_from(data.len()).unwrap_or(i64::MAX)
}

async fn ready(client: &Client, grpc: &mut Grpc<Channel>) -> Result<()> {
    grpc.ready().await.map_err(|error| Error::Connect { socket: client.socket().to_owned(), message: error.to_string() })
}

fn in_namespace<T>(message: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("containerd-namespace", MetadataValue::from_static(NAMESPACE));
    request
}

/// Bytes of a blob in one message: well below what containerd takes (16 MiB).
const CHUNK: usize = 1 << 20;

/// A blob as the messages that write it: pieces, and the commit with the labels.
fn messages(blob: &Blob) -> Vec<WriteContentRequest> {
    const WRITE: i32 = 1;
    const COMMIT: i32 = 2;
    let digest = blob.digest();
    let message = |action, offset: usize, data: &[u8]| WriteContentRequest {
        action,
        reference: format!("k-{digest}"),
        total: byte_count(&blob.data),
        expected: digest.clone(),
        offset: i64::try_from(offset).unwrap_or(i64::MAX),
        data: data.to_vec(),
        labels: blob.labels.clone(),
    };
    let mut messages: Vec<WriteContentRequest> =
        blob.data.chunks(CHUNK).enumerate().map(|(index, chunk)| message(WRITE, index * CHUNK, chunk)).collect();
    messages.push(message(COMMIT, blob.data.len(), &[]));
    messages
}

async fn write(client: &Client, grpc: &mut Grpc<Channel>, blob: &Blob) -> Result<()> {
    let act = "write content";
    ready(client, grpc).await?;
    let path = PathAndQuery::from_static("/containerd.services.content.v1.Content/Write");
    let codec = ProstCodec::<WriteContentRequest, WriteContentResponse>::default();
    let answer = async {
        let mut stream = grpc.streaming(in_namespace(futures::stream::iter(messages(blob))), path, codec).await?.into_inner();
        while stream.message().await?.is_some() {}
        Ok::<_, tonic::Status>(())
    };
    match answer.await {
        Err(status) if status.code() != tonic::Code::AlreadyExists => Err(Error::status(act, &status)),
        _ => Ok(()),
    }
}

/// Creates the image record, or points an existing one at the new target.
async fn record(client: &Client, grpc: &mut Grpc<Channel>, image: Image) -> Result<()> {
    let act = "record image";
    for path in ["/containerd.services.images.v1.Images/Create", "/containerd.services.images.v1.Images/Update"] {
        ready(client, grpc).await?;
        let codec = ProstCodec::<ImageRequest, ImageRequest>::default();
        let message = in_namespace(ImageRequest { image: Some(image.clone()) });
        match grpc.unary(message, PathAndQuery::from_static(path), codec).await {
            Err(status) if status.code() == tonic::Code::AlreadyExists => {}
            Err(status) => return Err(Error::status(act, &status)),
            Ok(_) => return Ok(()),
        }
    }
    Ok(())
}
