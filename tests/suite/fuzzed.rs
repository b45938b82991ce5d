//! The targets of `tests/fuzz` on a mutated corpus, in process, by a plain loop: nothing panics, and nothing takes long.
//!
//! `BREAKEVEN_FUZZ=600 cargo test --release --test suite -- --nocapture every_target` gives each target so many seconds.

#[path = "../fuzz/src/lib.rs"]
#[allow(clippy::pedantic, unreachable_pub, dead_code, reason = "a crate of its own, shared with libFuzzer")]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// No input may take longer.
const LONGEST: Duration = Duration::from_secs(20);
/// Texts that mean something somewhere.
const TOKENS: [&[u8]; 24] = [
    b"0",
    b"-1",
    b"1e308",
    b"1e-308",
    b"nan",
    b"inf",
    b"-inf",
    b"4000000000",
    b"18446744073709551615",
    b"\"",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b",",
    b"\n",
    b":",
    b"%",
    b"\xff",
    b"\xe2\x80\xae",
    b"null",
    b"x1e9",
    b"\0",
];

/// Numbers that follow from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Some changes to some bytes; the first of them stays in most cases, since it may choose among several things.
fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut out = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(out.len() + 1);
        match random.below(8) {
            0 if at < out.len() => out[at] ^= 1 << random.below(8),
            1 => drop(out.splice(at..at, TOKENS[random.below(TOKENS.len())].iter().copied())),
            2 => {
                let end = (at + 1 + random.below(12)).min(out.len());
                drop(out.splice(at..end, TOKENS[random.below(TOKENS.len())].iter().copied()));
            }
            3 => drop(out.drain(at..(at + random.below(16)).min(out.len()))),
            4 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                let piece = other[from..(from + random.below(64)).min(other.len())].to_vec();
                drop(out.splice(at..at, piece));
            }
            5 if random.below(6) == 0 => out.truncate(at),
            6 if at < out.len() => out[at] = [0, 1, 0x7f, 0x80, 0xff, b'9'][random.below(6)],
            _ => {
                let end = (at + random.below(40)).min(out.len());
                let piece = out[at..end].to_vec();
                drop(out.splice(end..end, piece));
            }
        }
    }
    out
}

#[test]
#[allow(clippy::print_stdout, reason = "how much was tried, for whoever asks with --nocapture")]
fn every_target_comes_back_from_a_mutated_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seconds: Option<u64> = std::env::var("BREAKEVEN_FUZZ").ok().and_then(|text| text.parse().ok());
    let corpora = targets::corpus(root);
    for (name, target) in targets::TARGETS {
        let (_, corpus) = corpora.iter().find(|(known, _)| *known == name).unwrap();
        assert!(!corpus.is_empty(), "{name} has no corpus");
        let mut random = Random(name.len() as u64 * 2026);
        let begun = Instant::now();
        let mut slowest = Duration::ZERO;
        let mut count = 0;
        // The corpus itself first.
        let goes_on = |count: usize| match seconds {
            Some(seconds) => begun.elapsed() < Duration::from_secs(seconds),
            None => count < 250,
        };
        while count < corpus.len() || goes_on(count) {
            let input = corpus.get(count).cloned().unwrap_or_else(|| mutated(corpus, &mut random));
            let started = Instant::now();
            let result = catch_unwind(AssertUnwindSafe(|| target(&input)));
            let took = started.elapsed();
            assert!(result.is_ok(), "{name} panics on input {count}: {:?}", String::from_utf8_lossy(&input));
            assert!(took < LONGEST, "{name} takes {took:?} on {:?}", String::from_utf8_lossy(&input));
            slowest = slowest.max(took);
            count += 1;
        }
        println!("{name}: {count} inputs in {:.1?}, the slowest took {slowest:.1?}", begun.elapsed());
    }
}
