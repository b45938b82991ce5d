//! A progress bar for runs of more than a second, where stderr is a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on the first Ctrl-C asks the run to stop, and a second one ends the program at once.
pub(super) fn watch_for_interrupts() -> &'static AtomicBool {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "the user asked twice")]
            std::process::exit(130);
        }
    };
    // Without a handler Ctrl-C ends the program as usual; the next run removes what it leaves.
    ctrlc::set_handler(handler).ok();
    &INTERRUPTED
}

/// Runs `work`, which counts its paths, and shows how far it is if it takes long.
pub(super) fn shown<T>(name: &str, quiet: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if quiet || super::session::is_heard() || !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    std::thread::scope(|scope| {
        let (finished, waiting) = channel::<()>();
        let progress = &progress;
        scope.spawn(move || {
            if waiting.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let template = "{msg} {wide_bar} {human_pos} of {human_len} paths, {eta} left";
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(name.to_owned());
            while waiting.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                bar.set_length(progress.total.load(Ordering::Relaxed));
                bar.set_position(progress.done.load(Ordering::Relaxed));
            }
            bar.finish_and_clear();
        });
        let result = work(progress);
        drop(finished);
        result
    })
}
