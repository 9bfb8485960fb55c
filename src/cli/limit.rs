//! The text of a size in, or else what the machine has, a limit of memory out.

pub(super) fn parse(text: &str) -> Result<u64, String> {
    parse_size::parse_size(text)
        .map_err(|_| "a size belongs here, such as 2GB or 512MiB".to_owned())
}

/// Four fifths of the memory that the machine has, or of the limit of the container; in bytes.
pub(super) fn usable() -> Option<u64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let container = system.cgroup_limits().map(|limits| limits.total_memory);
    let bytes = container.unwrap_or(u64::MAX).min(system.total_memory());
    (bytes > 0).then_some(bytes / 5 * 4)
}
