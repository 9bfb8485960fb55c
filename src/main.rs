//! The `heapdiff` program; everything it does is in the library.

/// The program's memory.
///
/// A run allocates large columns, drops them and allocates the next ones. On a pair of 500 MB jemalloc
/// needs as much time for that as the system's allocator and 6 % less memory, and it does so in a
/// static program too, whose own allocator is slow with several threads.
mod memory {
    use std::alloc::{GlobalAlloc, Layout};

    #[cfg(any(not(feature = "jemalloc"), target_env = "msvc"))]
    use std::alloc::System as Blocks;
    #[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
    use tikv_jemallocator::Jemalloc as Blocks;

    /// Read by jemalloc before `main`. One arena, since few blocks are large and all are shared. No huge
    /// pages: where the machine has memory to spare they save a tenth of the time, but in a virtual
    /// machine that has given its free memory back the first run takes twice as long with them.
    // SAFETY: jemalloc looks for this very symbol, a pointer to a text that ends with a zero byte.
    // A reference to an array is such a pointer; one to a slice would be two words in some order.
    #[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
    #[unsafe(export_name = "_rjem_malloc_conf")]
    pub static OPTIONS: &[u8; 48] = b"dirty_decay_ms:0,narenas:1,oversize_threshold:0\0";

    /// Makes jemalloc keep freed blocks for the next column, where it gives them back at once: the
    /// system zeroes every page that it hands out, which is a quarter of the whole time. Or makes it
    /// give all back again.
    pub fn keep_freed(keep: bool) {
        #[cfg(any(not(feature = "jemalloc"), target_env = "msvc"))]
        let _ = keep;
        #[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
        {
            let after: isize = if keep { -1 } else { 0 };
            // SAFETY: the name ends with a zero byte, and its value is of this type and size. Failure
            // only means that blocks are given back.
            let _ = unsafe {
                tikv_jemalloc_sys::mallctl(
                    c"arena.0.dirty_decay_ms".as_ptr(),
                    std::ptr::null_mut(),
                    std::ptr::null_mut(),
                    (&raw const after).cast_mut().cast(),
                    size_of::<isize>(),
                )
            };
        }
    }

    /// Spares the address space of an own heap of glibc's for each thread, which is 64 MiB or more:
    /// what little the C library allocates for a thread fits into one.
    pub fn keep_to_one_system_heap() {
        // SAFETY: sets a number, and no other thread runs yet.
        #[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu"))]
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }

    #[global_allocator]
    static ALLOCATOR: OrExit = OrExit;

    /// Ends the program with one line and its exit code where there is no memory left. Rust's own
    /// way is to abort, which looks like a defect.
    struct OrExit;

    // SAFETY: everything is passed on to an allocator that keeps the contract.
    unsafe impl GlobalAlloc for OrExit {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: as above.
            or_exit(unsafe { Blocks.alloc(layout) })
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            // SAFETY: as above.
            or_exit(unsafe { Blocks.alloc_zeroed(layout) })
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            // SAFETY: as above.
            or_exit(unsafe { Blocks.realloc(block, layout, size) })
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: as above.
            unsafe { Blocks.dealloc(block, layout) }
        }
    }

    #[inline(always)]
    fn or_exit(block: *mut u8) -> *mut u8 {
        if block.is_null() { exit() } else { block }
    }

    #[cold]
    fn exit() -> ! {
        const LINE: &[u8] = b"error: there is not enough memory for these snapshots\n\
            hint: compare them where there is more, or see --max-memory in heapdiff --help\n";
        const MEMORY: i32 = 4;
        // SAFETY: plain system calls, which allocate nothing and end the program.
        #[cfg(unix)]
        unsafe {
            libc::write(libc::STDERR_FILENO, LINE.as_ptr().cast(), LINE.len());
            libc::_exit(MEMORY)
        }
        #[cfg(not(unix))]
        {
            use std::io::Write;
            let _ = std::io::stderr().write_all(LINE);
            std::process::exit(MEMORY)
        }
    }
}

fn main() -> std::process::ExitCode {
    memory::keep_to_one_system_heap();
    heapdiff::cli::run(Some(memory::keep_freed))
}
