//! Which instruction set the hot loop runs on: found at run time, or forced.

#[cfg(target_arch = "x86_64")]
use pulp::NullaryFnOnce;

/// An instruction-set level of the processor. Results do not depend on it, only speed does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Whatever the target guarantees: SSE2 on `x86-64`.
    Baseline,
    /// `x86-64-v3`: AVX2.
    Avx2,
    /// `x86-64-v4`: AVX-512.
    Avx512,
}

impl Default for Level {
    fn default() -> Self {
        Self::detect()
    }
}

impl Level {
    /// The best level that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        *Self::available().last().unwrap_or(&Self::Baseline)
    }

    /// All levels that this processor has, slowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        [Self::Baseline, Self::Avx2, Self::Avx512].into_iter().filter(|level| level.is_available()).collect()
    }

    /// The name that the environment variable `BREAKEVEN_SIMD` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The level of that name, if there is one and this processor has it.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::available().into_iter().find(|level| level.name() == name)
    }

    #[cfg(target_arch = "x86_64")]
    fn is_available(self) -> bool {
        match self {
            Self::Baseline => true,
            Self::Avx2 => pulp::x86::V3::try_new().is_some(),
            Self::Avx512 => pulp::x86::V4::try_new().is_some(),
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn is_available(self) -> bool {
        self == Self::Baseline
    }

    /// Runs `work` compiled for this level. A level that the processor lacks falls back to the baseline.
    #[cfg_attr(not(target_arch = "x86_64"), expect(clippy::unused_self, reason = "there is one level only"))]
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Avx512 => {
                if let Some(simd) = pulp::x86::V4::try_new() {
                    return simd.vectorize(Here(work));
                }
            }
            Self::Avx2 => {
                if let Some(simd) = pulp::x86::V3::try_new() {
                    return simd.vectorize(Here(work));
                }
            }
            Self::Baseline => {}
        }
        work.run()
    }
}

/// Something to compile once for each level. `run`, and all that it calls over lanes, must be `#[inline(always)]`: what is
/// not inlined is compiled for the baseline. (A closure does not do: its body is a function of its own.)
pub(crate) trait Work {
    type Output;
    fn run(self) -> Self::Output;
}

/// Carries the work into the function that is compiled for the level.
#[cfg(target_arch = "x86_64")]
struct Here<W>(W);

#[cfg(target_arch = "x86_64")]
impl<W: Work> NullaryFnOnce for Here<W> {
    type Output = W::Output;
    #[inline(always)]
    fn call(self) -> W::Output {
        self.0.run()
    }
}
