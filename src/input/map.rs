//! A regular file in, its bytes as a read-only memory map out; and what happens if the file is cut
//! short under the map.

use memmap2::Mmap;
use std::fs::File;
use std::path::Path;

/// A mapped file.
#[derive(Debug)]
pub(super) struct Mapped {
    map: Mmap,
    #[cfg(unix)]
    registration: guard::Registration,
}

impl Mapped {
    /// Maps the whole file; `path` is what a message calls it.
    #[allow(unsafe_code)]
    pub(super) fn new(file: &File, path: &Path) -> std::io::Result<Self> {
        // SAFETY: the map is private to this process and read-only. Another process could still
        // write to or truncate the file meanwhile; nothing behind the parser reads the map for
        // anything but string text, every text read is bounds-checked against this fixed length,
        // and no value read twice is assumed to be the same. Truncation raises SIGBUS, which
        // ends the process without corrupting anything.
        let map = unsafe { Mmap::map(file) }?;
        #[cfg(unix)]
        return Ok(Self { registration: guard::Registration::new(&map, path), map });
        #[cfg(not(unix))]
        {
            let _ = path;
            Ok(Self { map })
        }
    }

    /// Gives the pages of a part back to the system; reading them again fetches them again.
    #[cfg(unix)]
    #[allow(unsafe_code)]
    pub(super) fn release(&self, part: std::ops::Range<usize>) {
        // SAFETY: `MADV_DONTNEED` may change what is read later only where pages hold changes of
        // their own. This map is read-only and of a file, so the same bytes come back. Failure
        // only means that the memory stays in use.
        let _ = unsafe {
            self.map.unchecked_advise_range(
                memmap2::UncheckedAdvice::DontNeed,
                part.start,
                part.len(),
            )
        };
    }

    #[cfg(not(unix))]
    pub(super) fn release(&self, _: std::ops::Range<usize>) {}

    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }
}

#[cfg(unix)]
impl Drop for Mapped {
    fn drop(&mut self) {
        self.registration.end();
    }
}

/// Makes a file that is cut short under its map end the process with one line and code 3, where
/// the system would only say "Bus error", and a file that grows beyond a limit of the system's an
/// error like a full disk. For programs; a library leaves signals to its host.
pub fn exit_when_a_file_is_cut_short() {
    #[cfg(unix)]
    guard::install();
}

#[cfg(unix)]
mod guard {
    //! Maps in, a line for each out if reading one of them fails.

    use crate::text::{visible, without_commands};
    use std::path::Path;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

    /// What the handler knows of a map. It is never freed, since the handler may look at it at
    /// any time; there are as many as files.
    #[derive(Debug)]
    struct Region {
        start: usize,
        /// 0 once the file is unmapped.
        length: AtomicUsize,
        message: Vec<u8>,
        next: *const Region,
    }

    static REGIONS: AtomicPtr<Region> = AtomicPtr::new(std::ptr::null_mut());
    static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

    /// Keeps a map known to the handler.
    #[derive(Debug)]
    pub(super) struct Registration(&'static Region);

    // SAFETY: `next` is written before the list is published and never changed; what it points
    // to is never freed and shared only to be read.
    #[allow(unsafe_code)]
    unsafe impl Sync for Region {}

    impl Registration {
        pub(super) fn new(map: &[u8], path: &Path) -> Self {
            let message = without_commands(format!(
                "error: {}: the file was cut short while it was read\nhint: {}\n",
                visible(&path.to_string_lossy()),
                crate::input::change::ADVICE
            ));
            let region: &'static mut Region = Box::leak(Box::new(Region {
                start: map.as_ptr() as usize,
                length: AtomicUsize::new(map.len()),
                message: message.into_bytes(),
                next: REGIONS.load(Ordering::Acquire),
            }));
            loop {
                let next = region.next.cast_mut();
                let new = std::ptr::from_mut(region);
                match REGIONS.compare_exchange(next, new, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => return Self(region),
                    Err(now) => region.next = now,
                }
            }
        }

        pub(super) fn end(&self) {
            self.0.length.store(0, Ordering::Release);
        }
    }

    /// Sets the handler, once.
    #[allow(unsafe_code)]
    pub(super) fn install() {
        BEFORE.get_or_init(|| {
            // SAFETY: both structures are plain data for which zeros are a value, and `handle`
            // has the signature that SA_SIGINFO asks for. It runs on the alternate stack where
            // the thread has one.
            unsafe {
                let mut before: libc::sigaction = std::mem::zeroed();
                let mut ours: libc::sigaction = std::mem::zeroed();
                libc::sigaction(libc::SIGBUS, std::ptr::null(), &raw mut before);
                let handler: extern "C" fn(_, _, _) = handle;
                ours.sa_sigaction = handler as *const () as usize;
                ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigemptyset(&raw mut ours.sa_mask);
                libc::sigaction(libc::SIGBUS, &raw const ours, std::ptr::null_mut());
                // A file that grows beyond the limit is an error like a full disk.
                libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
                before
            }
        });
    }

    /// Only loads, `write`, `_exit`, `sigaction` and `raise`: all may be used in a handler.
    #[allow(unsafe_code)]
    extern "C" fn handle(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        // SAFETY: the system gives a valid `info`; the list is published whole and never freed;
        // `BEFORE` was filled by the call that set this handler or is not yet there.
        unsafe {
            let address = (*info).si_addr() as usize;
            let mut at: *const Region = REGIONS.load(Ordering::Acquire);
            while let Some(region) = at.as_ref() {
                let inside = address.wrapping_sub(region.start);
                if inside < region.length.load(Ordering::Acquire) {
                    libc::write(2, region.message.as_ptr().cast(), region.message.len());
                    libc::_exit(3);
                }
                at = region.next;
            }
            // Another fault. It comes again when this returns, and meets who was there before. What
            // another process has sent does not come again by itself.
            let again = (*info).si_code <= 0;
            match BEFORE.get() {
                Some(before) => libc::sigaction(signal, before, std::ptr::null_mut()),
                None => libc::signal(signal, libc::SIG_DFL) as libc::c_int,
            };
            if again {
                libc::raise(signal);
            }
        }
    }
}
