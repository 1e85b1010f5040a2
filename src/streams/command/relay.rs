//! Joins the two ends of one command: what a kubelet does between its client and the container runtime.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy};

use super::{ClientCommand, Outcome, ResizeSender, Resizes, ServerCommand};

/// Carries everything between the two until the command has ended and its client knows. When the client goes away the runtime's side is let go.
pub async fn relay(server: ServerCommand, client: ClientCommand) {
    let ServerCommand { stdin, stdout, stderr, resizes, status } = server;
    let ClientCommand { stdin: to_stdin, stdout: from_stdout, stderr: from_stderr, resize, outcome } = client;
    let output = async {
        let (_, _, outcome) = tokio::join!(carry(from_stdout, stdout), carry(from_stderr, stderr), outcome.wait());
        outcome.unwrap_or_else(|error| Outcome::internal_error(&error.to_string()))
    };
    // these end when they like: a command may end without reading its input
    let input = async {
        tokio::join!(carry(stdin, to_stdin), forward_sizes(resizes, resize));
        std::future::pending::<()>().await;
    };
    let outcome = tokio::select! {
        outcome = output => outcome,
        () = input => return,
        () = status.disconnected() => return,
    };
    if let Err(error) = status.send(&outcome).await {
        tracing::debug!(%error, "the client of a command did not wait for its end");
    }
}

/// Copies until either end is through; the writer is shut down after the last byte.
async fn carry(from: Option<impl AsyncRead + Unpin>, to: Option<impl AsyncWrite + Unpin>) {
    let (Some(mut from), Some(mut to)) = (from, to) else { return };
    let copied = copy(&mut from, &mut to).await;
    if let Err(error) = copied.and(to.shutdown().await) {
        tracing::debug!(%error, "a stream of a command ended early");
    }
}

async fn forward_sizes(resizes: Option<Resizes>, resize: Option<ResizeSender>) {
    let (Some(mut resizes), Some(mut resize)) = (resizes, resize) else { return };
    while let Some(size) = resizes.next().await {
        if resize.send(size).await.is_err() {
            return;
        }
    }
}
