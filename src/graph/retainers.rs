//! Edges in, their targets' retainers out.

/// By source: targets. In pieces, since how many there will be is not known: one list that grows
/// would be copied and leave its old places behind.
///
/// ```text
///   4 7 2 S9 | 4 S12 | ...      9 leads to 4, 7 and 2; 12 to 4
/// ```
#[derive(Default)]
pub(super) struct Targets {
    /// Targets, and behind them their source with its mark. Each but the last one as long as used.
    pieces: Vec<Vec<u32>>,
    used: usize,
}

/// Numbers in one piece.
const PIECE: usize = 1 << 16;
/// The mark of a source.
const SOURCE: u32 = 1 << 31;

impl Targets {
    /// Where so many targets can be written; [`Self::take`] takes them.
    #[inline(always)]
    pub(super) fn room(&mut self, many: usize) -> &mut [u32] {
        let with_source = many + 1;
        if self.pieces.last().is_none_or(|piece| piece.len() < self.used + with_source) {
            self.next_piece(with_source);
        }
        match self.pieces.last_mut() {
            Some(piece) => &mut piece[self.used..self.used + many],
            None => &mut [],
        }
    }

    #[cold]
    fn next_piece(&mut self, many: usize) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.truncate(self.used);
        }
        self.pieces.push(vec![0; PIECE.max(many)]);
        self.used = 0;
    }

    /// Takes the first of those that were written, for a source.
    #[inline(always)]
    pub(super) fn take(&mut self, many: usize, source: u32) {
        if let Some(piece) = self.pieces.last_mut() {
            piece[self.used + many] = source | SOURCE;
            self.used += many + usize::from(many != 0);
        }
    }
}

/// Retainers by target.
pub(super) struct Retainers {
    pub first: Vec<u32>,
    pub retainer: Vec<u32>,
}

impl Retainers {
    /// Groups; targets are below `count`.
    pub(super) fn new(targets: Targets, count: usize) -> Self {
        let Targets { mut pieces, used } = targets;
        if let Some(last) = pieces.last_mut() {
            last.truncate(used);
        }
        let mut first = vec![0; count + 1];
        for target in pieces.iter().flatten().filter(|at| **at & SOURCE == 0) {
            first[*target as usize] += 1;
        }
        let mut sum = 0;
        for first in &mut first {
            sum += *first;
            *first = sum;
        }
        // Filled from each list's end: what is left in `first` at last is its start. The pieces are
        // given back on the way.
        let mut retainer = vec![0; sum as usize];
        let mut source = 0;
        while let Some(piece) = pieces.pop() {
            for at in piece.into_iter().rev() {
                if at & SOURCE != 0 {
                    source = at & !SOURCE;
                    continue;
                }
                let slot = &mut first[at as usize];
                *slot -= 1;
                retainer[*slot as usize] = source;
            }
        }
        Self { first, retainer }
    }
}
