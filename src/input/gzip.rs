//! Gzip data of any number of members in, their content out, one behind the other.

use crate::error::{Error, ErrorKind};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// The bytes that some gzip data says it unpacks to: its last member, as a rule its only one, and
/// counted modulo 4 GiB.
pub(super) fn length(packed: &[u8]) -> u64 {
    packed.last_chunk().map_or(0, |length| u32::from_le_bytes(*length).into())
}

/// Unpacks member after member. Zeros behind the last one are padding, as the `gzip` command has
/// it (tapes have whole blocks); anything else that is no member is refused.
pub(super) struct Members<R> {
    /// None at the end.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(from: R) -> Self {
        Self { member: Some(GzDecoder::new(from)) }
    }

    /// Goes from the end of one member to the next, if there is one.
    fn advance(&mut self) -> io::Result<()> {
        let Some(mut from) = self.member.take().map(GzDecoder::into_inner) else { return Ok(()) };
        loop {
            let bytes = from.fill_buf()?;
            match bytes.iter().position(|b| *b != 0) {
                None if bytes.is_empty() => return Ok(()),
                None => {
                    let zeros = bytes.len();
                    from.consume(zeros);
                }
                Some(0) if bytes[0] == 0x1f => {
                    self.member = Some(GzDecoder::new(from));
                    return Ok(());
                }
                Some(_) => {
                    let what = "something follows the end of the gzip data";
                    let error = Error::new(ErrorKind::Damaged, what);
                    return Err(io::Error::other(error.with_hint("were two files joined?")));
                }
            }
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buffer)? {
                0 if !buffer.is_empty() => self.advance()?,
                n => return Ok(n),
            }
        }
        Ok(0)
    }
}
