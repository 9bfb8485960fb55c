//! Four tokens at a time, by AVX2.

use super::{Seen, Tokens};
use std::arch::x86_64::*;

const LANES: usize = 4;

/// Digits that are read together. Twice as many can be read at all.
const DIGITS: u64 = 8;

#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(super) fn find(tokens: &mut Tokens, bytes: &[u8], wanted: usize) {
    tokens.find(bytes, wanted);
}

#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
pub(super) fn numbers<const LONG: bool>(
    bytes: &[u8],
    starts: &[usize],
    behind: &[[usize; super::LANES]],
    out: &mut [u64],
) -> Seen {
    let (out, _) = out.as_chunks_mut();
    let (behind, _) = behind.as_flattened().as_chunks();
    let (firsts, _) = starts.as_chunks();
    let (nexts, _) = starts[1..].as_chunks();
    let mut found = Found { digits: same(0), zeros: same(0), lengths: same(0) };
    let mut turn = 0;
    for ((out, first), next) in out.iter_mut().zip(firsts).zip(nexts) {
        let behind_these = &behind[turn];
        turn = if turn + 1 == behind.len() { 0 } else { turn + 1 };
        let ends: [_; LANES] =
            std::array::from_fn(|lane| next[lane].wrapping_sub(behind_these[lane]));
        let [next, first, behind_these] =
            [next, first, behind_these].map(|places| lanes(places.map(|place| place as u64)));
        let length = _mm256_sub_epi64(_mm256_sub_epi64(next, behind_these), first);
        found.lengths = _mm256_or_si256(found.lengths, _mm256_sub_epi64(length, same(1)));
        let numbers = if LONG {
            let low = _mm256_min_epu32(length, same(DIGITS));
            let high = _mm256_sub_epi64(length, low);
            let lower = found.eight(bytes, ends, low);
            let upper = found.eight(bytes, ends.map(|end| end.wrapping_sub(8)), high);
            let is_long = _mm256_cmpgt_epi64(length, same(DIGITS));
            found.leading(_mm256_blendv_epi8(lower.first, upper.first, is_long), length);
            let upper = _mm256_mul_epu32(upper.value(), same(100_000_000));
            _mm256_add_epi64(upper, lower.value())
        } else {
            let eight = found.eight(bytes, ends, length);
            found.leading(eight.first, length);
            eight.value()
        };
        *out = array(numbers);
    }
    found.seen::<LONG>()
}

/// What has been found in some lanes, all taken together.
struct Found {
    /// The greatest value of a digit, byte by byte.
    digits: __m256i,
    /// Not 0 in a lane's first byte if a number of several digits began with 0.
    zeros: __m256i,
    /// All bits of the lengths less one.
    lengths: __m256i,
}

/// Up to eight digits in each lane.
struct Eight {
    /// The first digit is in the first byte.
    first: __m256i,
    /// The last digit is in the last byte.
    last: __m256i,
}

impl Found {
    /// Reads up to eight digits of each lane.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn eight(&mut self, bytes: &[u8], ends: [usize; LANES], length: __m256i) -> Eight {
        let words = ends.map(|end| {
            let eight = bytes.get(end.wrapping_sub(8)..).and_then(<[u8]>::first_chunk);
            eight.map_or(0, |eight| u64::from_le_bytes(*eight))
        });
        let digits = _mm256_xor_si256(lanes(words), same(0x3030_3030_3030_3030));
        let used = _mm256_slli_epi64::<3>(length);
        let before = _mm256_srlv_epi64(same(u64::MAX), used);
        let last = _mm256_andnot_si256(before, digits);
        let first = _mm256_srlv_epi64(digits, _mm256_sub_epi64(same(64), used));
        self.digits = _mm256_max_epu8(self.digits, last);
        Eight { first, last }
    }

    /// Looks at the first digits of numbers.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn leading(&mut self, first: __m256i, length: __m256i) {
        let zero = _mm256_cmpeq_epi8(first, same(0));
        let several = _mm256_cmpgt_epi64(length, same(1));
        self.zeros = _mm256_or_si256(self.zeros, _mm256_and_si256(zero, several));
    }

    #[target_feature(enable = "avx2")]
    fn seen<const LONG: bool>(&self) -> Seen {
        let lengths = array(self.lengths).into_iter().fold(0, |all, length| all | length);
        if !LONG && (DIGITS..2 * DIGITS).contains(&lengths) {
            return Seen::Long;
        }
        let mut digits = array(self.digits).into_iter().flat_map(u64::to_le_bytes);
        let zero = array(self.zeros).into_iter().any(|lane| lane & 0xff != 0);
        if lengths >= 2 * DIGITS || digits.any(|digit| digit > 9) || zero {
            return Seen::Odd;
        }
        Seen::Numbers
    }
}

impl Eight {
    /// Multiplies and adds neighbours: digits, pairs, fours.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn value(&self) -> __m256i {
        let pairs = _mm256_maddubs_epi16(self.last, _mm256_set1_epi16(0x010a));
        let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_0064));
        let high = _mm256_mul_epu32(fours, same(10_000));
        _mm256_add_epi64(high, _mm256_srli_epi64::<32>(fours))
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn same(value: u64) -> __m256i {
    _mm256_set1_epi64x(value.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn lanes(lanes: [u64; LANES]) -> __m256i {
    let [a, b, c, d] = lanes.map(u64::cast_signed);
    _mm256_set_epi64x(d, c, b, a)
}

#[inline]
#[target_feature(enable = "avx2")]
fn array(lanes: __m256i) -> [u64; LANES] {
    [
        _mm256_extract_epi64::<0>(lanes),
        _mm256_extract_epi64::<1>(lanes),
        _mm256_extract_epi64::<2>(lanes),
        _mm256_extract_epi64::<3>(lanes),
    ]
    .map(i64::cast_unsigned)
}
