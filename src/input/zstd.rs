//! Zstandard data of any number of frames in, its content out, checked.

use super::unpack::Budget;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

/// Bytes of memory that a frame may ask for, as in the `zstd` command.
pub(super) const WIDEST: u64 = 128 << 20;

/// Unpacks frame after frame.
pub(super) struct Frames<'b, R> {
    from: R,
    decoder: FrameDecoder,
    inside: bool,
    budget: &'b Budget,
}

impl<'b, R: BufRead> Frames<'b, R> {
    pub(super) fn new(from: R, budget: &'b Budget) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(budget.most().min(WIDEST));
        Self { from, decoder, inside: false, budget }
    }

    /// Goes to the next frame; false at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.from.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.from) {
                Ok(()) => {
                    self.inside = true;
                    self.budget.length.set(self.decoder.content_size());
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.from.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(e) => return Err(io::Error::other(e)),
            }
        }
        Ok(false)
    }

    /// The decoder computes the checksum and leaves it to us to look at it.
    fn end(&mut self) -> io::Result<()> {
        self.inside = false;
        let (written, computed) =
            (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if written.is_some() && written != computed {
            return Err(io::Error::other("the checksum is wrong"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.inside || self.begin()? {
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder
                    .decode_blocks(&mut self.from, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
            }
            let n = self.decoder.read(buffer)?;
            if n > 0 {
                return Ok(n);
            }
            self.end()?;
        }
        Ok(0)
    }
}

/// Whether an error says that the data was packed with a dictionary.
pub(super) fn needs_dictionary(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(FrameDecoderError::DictNotProvided { .. }))
}

/// The window that a frame asks for, in bytes, if an error says that it is too large.
pub(super) fn window(error: &(dyn std::error::Error + 'static)) -> Option<u64> {
    match error.downcast_ref()? {
        FrameDecoderError::WindowSizeTooBig { requested, .. } => Some(*requested),
        _ => None,
    }
}
