//! The text of a size in, or else what the machine has, a limit of memory out.

use super::help::MACHINE;

/// The option, for every command that reads snapshots.
#[derive(Debug, clap::Args)]
pub(super) struct Memory {
    /// Memory to use at most, such as 2GB or 512MiB; 0 for any amount [default: 80 % of what the
    /// container or the machine has]
    #[arg(long, hide_short_help = true, help_heading = MACHINE, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,
}

impl Memory {
    /// In bytes; `None` for any amount.
    pub(super) fn limit(&self) -> Option<u64> {
        self.max_memory.or_else(usable).filter(|bytes| *bytes > 0)
    }
}

/// `2GB`.
pub(super) fn size(text: &str) -> Result<u64, String> {
    parse_size::parse_size(text)
        .map_err(|_| "a size belongs here, such as 2GB or 512MiB".to_owned())
}

/// Four fifths of the memory that the machine has, or of the limit of the container; in bytes.
fn usable() -> Option<u64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    // In a folder of its own (`chroot`) without /proc the system does not say, and sysinfo asserts
    // that it has.
    let machine = Some(system.total_memory()).filter(|bytes| *bytes > 0)?;
    let container = system.cgroup_limits().map(|limits| limits.total_memory);
    let bytes = container.unwrap_or(u64::MAX).min(machine);
    (bytes > 0).then_some(bytes / 5 * 4)
}
