//! The terminal of standard input in, whether Enter was pressed out.

/// Whether somebody can press a key.
pub(super) fn is_there() -> bool {
    use std::io::IsTerminal;
    cfg!(unix) && std::io::stdin().is_terminal()
}

/// Whether Enter was pressed since the last time. Nothing is read in the background: the system would stop a
/// program that tries.
#[cfg(unix)]
pub(super) fn was_enter_pressed() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = std::io::stdin();
    let is_in_front = || {
        rustix::termios::tcgetpgrp(&stdin).is_ok_and(|group| group == rustix::process::getpgrp())
    };
    let has_more = || {
        let mut wait = [PollFd::new(&stdin, PollFlags::IN)];
        poll(&mut wait, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
    };
    let mut pressed = false;
    let mut typed = [0; 256];
    while is_in_front() && has_more() {
        match rustix::io::read(&stdin, &mut typed) {
            Ok(bytes @ 1..) => pressed |= typed[..bytes].contains(&b'\n'),
            // The end of the input, which a terminal can have again and again.
            _ => break,
        }
    }
    pressed
}

#[cfg(not(unix))]
pub(super) const fn was_enter_pressed() -> bool {
    false
}
