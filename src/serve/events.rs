//! The stream of server-sent events that tells a browser of every build.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use tokio::sync::watch;
use tokio::time::timeout;

use super::shown::Shown;

/// A silent stream is given a sign of life so often, which also finds out whether the browser is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Opens a stream that begins with the present state and goes on with every later one.
pub(super) fn stream(shown: watch::Receiver<Arc<Shown>>) -> Channel<Bytes> {
    let (sender, body) = Channel::new(4);
    tokio::spawn(tell(sender, shown));
    body
}

/// Ends when the browser or the server goes.
async fn tell(mut sender: Sender<Bytes>, mut shown: watch::Receiver<Arc<Shown>>) {
    // Browsers come back after half a second when the connection breaks.
    let mut news = "retry: 500\n".to_owned();
    loop {
        news.push_str(&shown.borrow_and_update().event());
        loop {
            if sender.send_data(Bytes::from(std::mem::take(&mut news))).await.is_err() {
                return;
            }
            match timeout(KEEP_ALIVE, shown.changed()).await {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return,
                Err(_) => news.push_str(":\n\n"),
            }
        }
    }
}
