//! Tokens of a number array in, numbers out, several at a time: by AVX-512 or AVX2, where the
//! processor has it.
//!
//! ```text
//!   3,17,4096,271828 \n ,          tokens, of which `tokens.rs` knows where they start
//!   .......3 ......17 ....4096 ..271828     the eight bytes before each end, without what
//!                                           stands before the token
//!   pairs, fours, eights           each multiplied and added to its neighbour
//! ```
//!
//! There is no branch per token: what is odd is only remembered, and then all are read again in
//! another way (`digits.rs`), which knows what is wrong and where.
//!
//! With `HEAPDIFF_VECTOR=off` in the environment a processor is taken to have nothing, and with
//! `HEAPDIFF_VECTOR=avx2` no more than that: for tests and measurements.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

use super::tokens::Tokens;
use std::sync::OnceLock;

/// Of so many tokens it is told how they end; no way reads more of them together.
pub(super) const LANES: usize = 8;

/// Says that the processor has what it is called after, and what comes with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Vector {
    #[cfg(target_arch = "x86_64")]
    Avx2(Sure),
    #[cfg(target_arch = "x86_64")]
    Avx512(Sure),
}

/// Can be made here alone, where the processor has been asked.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Sure(());

/// What has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
pub(super) enum Seen {
    Numbers,
    /// There are numbers of more than eight digits, which was not expected.
    Long,
    /// There is something that is no plain number of up to 16 digits.
    Odd,
}

impl Vector {
    /// Looks, once, what there is and is wanted.
    pub(super) fn wanted() -> Option<Self> {
        static WANTED: OnceLock<Option<Vector>> = OnceLock::new();
        *WANTED.get_or_init(|| {
            let most = std::env::var("HEAPDIFF_VECTOR").unwrap_or_default();
            Self::found(&most)
        })
    }

    /// What there is, and no more than this: `off`, `avx2`, or anything.
    pub(super) fn found(most: &str) -> Option<Self> {
        if most == "off" {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        {
            let bits = is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2");
            if bits && avx512 && most != "avx2" {
                return Some(Self::Avx512(Sure(())));
            }
            if bits && is_x86_feature_detected!("avx2") {
                return Some(Self::Avx2(Sure(())));
            }
        }
        None
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
impl Vector {
    /// [`Tokens::find`].
    pub(super) fn find(self, tokens: &mut Tokens, bytes: &[u8], wanted: usize) {
        // SAFETY: there is a `Sure` of the name, so the processor has what this is compiled for.
        unsafe {
            match self {
                Self::Avx2(_) => avx2::find(tokens, bytes, wanted),
                Self::Avx512(_) => avx512::find(tokens, bytes, wanted),
            }
        }
    }

    /// Reads tokens as long as there are enough to be read together; those at the end are left.
    /// Each begins at its start and ends so many bytes before the next one's as `behind` says,
    /// over and over.
    pub(super) fn numbers<const LONG: bool>(
        self,
        bytes: &[u8],
        starts: &[usize],
        behind: &[[usize; LANES]],
        out: &mut [u64],
    ) -> Seen {
        // SAFETY: as above.
        unsafe {
            match self {
                Self::Avx2(_) => avx2::numbers::<LONG>(bytes, starts, behind, out),
                Self::Avx512(_) => avx512::numbers::<LONG>(bytes, starts, behind, out),
            }
        }
    }
}

/// Has the processor fetch a number that will be asked for soon, if there is one.
#[inline(always)]
#[cfg_attr(target_arch = "x86_64", allow(unsafe_code))]
pub(super) fn prefetch(numbers: &[u32], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(number) = numbers.get(at) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has it, and it changes nothing but the cache.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(number).cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (numbers, at);
}

#[cfg(not(target_arch = "x86_64"))]
impl Vector {
    pub(super) fn find(self, _: &mut Tokens, _: &[u8], _: usize) {
        match self {}
    }

    pub(super) fn numbers<const LONG: bool>(
        self,
        _: &[u8],
        _: &[usize],
        _: &[[usize; LANES]],
        _: &mut [u64],
    ) -> Seen {
        match self {}
    }
}
