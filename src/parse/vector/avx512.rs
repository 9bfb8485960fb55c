//! Eight tokens at a time, by AVX-512: those that lie in 64 bytes come with one fetch, and the places
//! of commas come without a loop.

use super::{Seen, Tokens};
use std::arch::x86_64::*;

const LANES: usize = 8;
/// Digits that are read together. Twice as many can be read at all.
const DIGITS: u64 = 8;
/// Bytes that are fetched together.
const WINDOW: usize = 64;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
pub(super) fn find(tokens: &mut Tokens, bytes: &[u8], wanted: usize) {
    let places = bytes_of(std::array::from_fn(|at| at as u8));
    tokens.find_by(bytes, wanted, |block, first, room| {
        let commas = _mm512_cmpeq_epi8_mask(bytes_of(*block), _mm512_set1_epi8(b','.cast_signed()));
        let places = array(_mm512_maskz_compress_epi8(commas, places));
        let count = commas.count_ones() as usize;
        let (room, _) = room.as_chunks_mut();
        for (eight, room) in places.iter().zip(room).take(count.div_ceil(LANES)) {
            let eight = _mm512_cvtepu8_epi64(_mm_set_epi64x(0, eight.cast_signed()));
            let starts = array(_mm512_add_epi64(eight, same(first as u64)));
            *room = starts.map(|start| start as usize);
        }
        count
    });
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi1,bmi2,popcnt")]
pub(super) fn numbers<const LONG: bool>(
    bytes: &[u8],
    starts: &[usize],
    behind: &[[usize; LANES]],
    out: &mut [u64],
) -> Seen {
    let (out, _) = out.as_chunks_mut();
    let (firsts, _) = starts.as_chunks();
    let (nexts, _) = starts[1..].as_chunks();
    let mut found = Found { digits: 0, zeros: 0, lengths: same(0) };
    let mut turn = 0;
    for ((out, first), next) in out.iter_mut().zip(firsts).zip(nexts) {
        let behind_these = &behind[turn];
        turn = if turn + 1 == behind.len() { 0 } else { turn + 1 };
        let ends = Ends {
            first: next[0].wrapping_sub(behind_these[0]),
            last: next[LANES - 1].wrapping_sub(behind_these[LANES - 1]),
            all: _mm512_sub_epi64(places(next), places(behind_these)),
        };
        let length = _mm512_sub_epi64(ends.all, places(first));
        found.lengths = _mm512_or_si512(found.lengths, _mm512_sub_epi64(length, same(1)));
        let several = _mm512_cmpgt_epu64_mask(length, same(1));
        let numbers = if LONG {
            let low = _mm512_min_epu64(length, same(DIGITS));
            let high = _mm512_sub_epi64(length, low);
            let lower = found.eight(bytes, &ends, low);
            let upper = found.eight(bytes, &ends.before(8), high);
            let is_long = _mm512_cmpgt_epu64_mask(length, same(DIGITS));
            found.leading(_mm512_mask_mov_epi64(lower.first, is_long, upper.first), several);
            let upper = _mm512_mul_epu32(upper.value(), same(100_000_000));
            _mm512_add_epi64(upper, lower.value())
        } else {
            let eight = found.eight(bytes, &ends, length);
            found.leading(eight.first, several);
            eight.value()
        };
        *out = array(numbers);
    }
    found.seen::<LONG>()
}

/// Where tokens end.
struct Ends {
    first: usize,
    last: usize,
    all: __m512i,
}

impl Ends {
    /// So many bytes before.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn before(&self, bytes: usize) -> Self {
        Self {
            first: self.first.wrapping_sub(bytes),
            last: self.last.wrapping_sub(bytes),
            all: _mm512_sub_epi64(self.all, same(bytes as u64)),
        }
    }

    /// The eight bytes before each end; zeros where there are fewer.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn words(&self, bytes: &[u8]) -> __m512i {
        let start = self.first.wrapping_sub(8);
        let near = self.last.wrapping_sub(start) <= WINDOW;
        let window = bytes.get(start..).and_then(<[u8]>::first_chunk);
        let Some(window) = window.filter(|_| near) else { return self.scattered(bytes) };
        // In each lane the bytes from the end, less the first one, on.
        let distance = _mm512_sub_epi64(self.all, same(self.first as u64));
        let lowest = bytes_of(std::array::from_fn(|at| (at / 8 % 2 * 8) as u8));
        let along = bytes_of(std::array::from_fn(|at| (at % 8) as u8));
        let places = _mm512_add_epi8(_mm512_shuffle_epi8(distance, lowest), along);
        _mm512_permutexvar_epi8(places, bytes_of(*window))
    }

    /// The same one by one.
    #[cold]
    #[inline(never)]
    #[target_feature(enable = "avx512f")]
    fn scattered(&self, bytes: &[u8]) -> __m512i {
        let words = array(self.all).map(|end| {
            let eight = bytes.get((end as usize).wrapping_sub(8)..).and_then(<[u8]>::first_chunk);
            eight.map_or(0, |eight| u64::from_le_bytes(*eight))
        });
        lanes(words)
    }
}

/// What has been found in some lanes, all taken together.
struct Found {
    /// Not 0 if anything was no digit.
    digits: u64,
    /// Not 0 if a number of several digits began with 0.
    zeros: u8,
    /// All bits of the lengths less one.
    lengths: __m512i,
}

/// Up to eight digits in each lane.
struct Eight {
    /// The first digit is in the first byte.
    first: __m512i,
    /// The last digit is in the last byte.
    last: __m512i,
}

impl Found {
    /// Reads up to eight digits of each lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn eight(&mut self, bytes: &[u8], ends: &Ends, length: __m512i) -> Eight {
        let digits = _mm512_xor_si512(ends.words(bytes), same(0x3030_3030_3030_3030));
        let used = _mm512_slli_epi64::<3>(length);
        let before = _mm512_srlv_epi64(same(u64::MAX), used);
        let last = _mm512_andnot_si512(before, digits);
        let first = _mm512_srlv_epi64(digits, _mm512_sub_epi64(same(64), used));
        self.digits |= _mm512_cmpgt_epu8_mask(last, _mm512_set1_epi8(9));
        Eight { first, last }
    }

    /// Looks at the first digits of numbers, of which these have several.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn leading(&mut self, first: __m512i, several: u8) {
        self.zeros |= several & _mm512_testn_epi64_mask(first, same(0xff));
    }

    #[target_feature(enable = "avx512f")]
    fn seen<const LONG: bool>(&self) -> Seen {
        let lengths = array(self.lengths).into_iter().fold(0, |all, length| all | length);
        if !LONG && (DIGITS..2 * DIGITS).contains(&lengths) {
            return Seen::Long;
        }
        if lengths >= 2 * DIGITS || self.digits != 0 || self.zeros != 0 {
            return Seen::Odd;
        }
        Seen::Numbers
    }
}

impl Eight {
    /// Multiplies and adds neighbours: digits, pairs, fours.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn value(&self) -> __m512i {
        let pairs = _mm512_maddubs_epi16(self.last, _mm512_set1_epi16(0x010a));
        let fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_0064));
        let high = _mm512_mul_epu32(fours, same(10_000));
        _mm512_add_epi64(high, _mm512_srli_epi64::<32>(fours))
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn same(value: u64) -> __m512i {
    _mm512_set1_epi64(value.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn places(places: &[usize; LANES]) -> __m512i {
    lanes(places.map(|place| place as u64))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn bytes_of(bytes: [u8; WINDOW]) -> __m512i {
    let (words, _) = bytes.as_chunks();
    lanes(std::array::from_fn(|lane| u64::from_le_bytes(words[lane])))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn lanes(lanes: [u64; LANES]) -> __m512i {
    let [a, b, c, d, e, f, g, h] = lanes.map(u64::cast_signed);
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn array(lanes: __m512i) -> [u64; LANES] {
    let [low, high] =
        [_mm512_extracti64x4_epi64::<0>(lanes), _mm512_extracti64x4_epi64::<1>(lanes)];
    [
        _mm256_extract_epi64::<0>(low),
        _mm256_extract_epi64::<1>(low),
        _mm256_extract_epi64::<2>(low),
        _mm256_extract_epi64::<3>(low),
        _mm256_extract_epi64::<0>(high),
        _mm256_extract_epi64::<1>(high),
        _mm256_extract_epi64::<2>(high),
        _mm256_extract_epi64::<3>(high),
    ]
    .map(i64::cast_unsigned)
}
