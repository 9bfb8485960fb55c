//! The spans of the phases in, what the server works on now out, for the one client that waits for it.

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RoleServer};
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Where the name of each phase goes that begins: one question is worked on at a time.
static HEARD: Mutex<Option<UnboundedSender<&'static str>>> = Mutex::new(None);

struct Listener;

/// Hears of the phases of this process from now on.
pub(super) fn listen() {
    // Who has set another listener hears of them in our place.
    let _ = tracing::subscriber::set_global_default(Listener);
}

/// Tells a client of the phases until it is dropped or ended.
pub(super) struct Teller(JoinHandle<()>);

impl Teller {
    pub(super) fn start(peer: Peer<RoleServer>, token: ProgressToken) -> Self {
        let (sender, mut heard) = unbounded_channel();
        set(Some(sender));
        Self(tokio::spawn(async move {
            let mut steps = 0.0;
            while let Some(name) = heard.recv().await {
                steps += 1.0;
                let step = ProgressNotificationParam::new(token.clone(), steps).with_message(name);
                // A client that is gone needs no progress.
                let _ = peer.notify_progress(step).await;
            }
        }))
    }

    /// Has told everything: nothing may follow on the answer.
    pub(super) async fn end(self) {
        set(None);
        // It ends with its channel.
        let _ = self.0.await;
    }
}

fn set(sender: Option<UnboundedSender<&'static str>>) {
    *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = sender;
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("heapdiff")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        if let Some(heard) = &*HEARD.lock().unwrap_or_else(PoisonError::into_inner) {
            // If nobody hears it, nobody misses it.
            let _ = heard.send(span.metadata().name());
        }
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
