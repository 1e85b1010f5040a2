//! Handing commands to `nft`, which applies them all or none.
use std::io;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Why the packet filter was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("failed to run nft, is nftables installed?")]
    Start(#[source] io::Error),
    #[error("nft refused the rules: {0}")]
    Refused(String),
    #[error("{field}: {value:?} is not an IPv4 range")]
    Range { field: &'static str, value: String },
}

/// Most of nft's complaint that is kept: it repeats every line it does not like.
const LONGEST_COMPLAINT: usize = 2000;

/// Applies the commands as one transaction.
pub(crate) async fn apply(commands: &str) -> Result<(), Error> {
    let mut command = Command::new("nft");
    command.args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(Error::Start)?;
    let stdin = child.stdin.take();
    let write = async move {
        if let Some(mut stdin) = stdin {
            // an early end of nft shows in its answer, which says more
            let _ = stdin.write_all(commands.as_bytes()).await;
        }
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), write);
    let output = output.map_err(Error::Start)?;
    if output.status.success() {
        return Ok(());
    }
    let mut complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if let Some((end, _)) = complaint.char_indices().nth(LONGEST_COMPLAINT) {
        complaint.truncate(end);
    }
    Err(Error::Refused(complaint))
}
