//! Bytes of a number array in, the starts of its tokens out.

use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const BLOCK: usize = 64;
/// Starts are written eight at a time, wanted or not.
const STRIDE: usize = 8;

/// Where tokens start. A token ends before the comma before the next one.
pub(super) struct Tokens {
    starts: Vec<usize>,
    /// Tokens whose end is known; the last start belongs to one that is still open.
    known: usize,
    /// How far commas have been looked for.
    at: usize,
}

impl Tokens {
    /// The first one starts here; there is room for so many at a time.
    pub(super) fn new(first: usize, most: usize) -> Self {
        let mut starts = vec![0; most + 1 + 2 * BLOCK];
        starts[0] = first;
        Self { starts, known: 0, at: first }
    }

    pub(super) const fn known(&self) -> usize {
        self.known
    }

    pub(super) const fn looked_at(&self) -> usize {
        self.at
    }

    /// The starts of so many tokens, and behind them that of the next one.
    #[inline(always)]
    pub(super) fn starts(&self, tokens: usize) -> &[usize] {
        &self.starts[..=tokens]
    }

    /// Says that the first tokens are no longer wanted.
    pub(super) fn pass(&mut self, tokens: usize) {
        self.starts.copy_within(tokens..=self.known, 0);
        self.known -= tokens;
    }

    /// Says that the open token ends here, without a comma.
    pub(super) fn close(&mut self, end: usize) {
        self.known += 1;
        self.starts[self.known] = end + 1;
    }

    /// Looks for commas until so many tokens are known, or the bytes end. It is compiled once more
    /// for what newer processors have: `vector.rs`.
    #[inline(always)]
    pub(super) fn find(&mut self, bytes: &[u8], wanted: usize) {
        self.find_by(bytes, wanted, |block, first, room| put(comma_mask(block), first, room));
    }

    /// The same where `put` knows how to find the commas of a block: it gets where a token starts
    /// if the block's first byte is a comma, puts the starts down, and says how many there are.
    #[inline(always)]
    pub(super) fn find_by(
        &mut self,
        bytes: &[u8],
        wanted: usize,
        put_all: impl Fn(&[u8; BLOCK], usize, &mut [usize]) -> usize,
    ) {
        let (mut known, mut at) = (self.known, self.at);
        while known < wanted && at < bytes.len() {
            let room = &mut self.starts[known + 1..][..BLOCK];
            known += if let Some(block) = bytes[at..].first_chunk() {
                put_all(block, at + 1, room)
            } else {
                let rest = bytes[at..].iter().rev();
                put(rest.fold(0, |mask, b| (mask << 1) | u64::from(*b == b',')), at + 1, room)
            };
            at = bytes.len().min(at + BLOCK);
        }
        (self.known, self.at) = (known, at);
    }
}

/// Puts down the starts of the tokens behind the commas of a mask, lowest bit first, and says how
/// many there are.
#[inline(always)]
fn put(mut commas: u64, first: usize, room: &mut [usize]) -> usize {
    let count = commas.count_ones() as usize;
    let (strides, _) = room.as_chunks_mut::<STRIDE>();
    for stride in strides.iter_mut().take(count.div_ceil(STRIDE)) {
        for slot in stride {
            *slot = first + commas.trailing_zeros() as usize;
            commas &= commas.wrapping_sub(1);
        }
    }
    count
}

/// Which of 64 bytes are commas.
#[inline(always)]
fn comma_mask(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    parts.iter().rev().fold(0, |mask, part| {
        let equal = u8x16::new(*part).cmp_eq(u8x16::splat(b','));
        (mask << 16) | u64::from(equal.move_mask().cast_unsigned())
    })
}
