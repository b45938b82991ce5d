//! How large a scenario may be: far beyond any that people write, far below what would take hours to check or fill the memory.
//!
//! The format's documentation states them; whoever meets one is told what it is.

/// Characters of a name: of a segment, an event, a source.
pub(super) const NAME: usize = 100;
/// Characters of a title, a publisher and the like.
pub(super) const LINE: usize = 200;
/// Characters of a question, a note, an address.
pub(super) const PROSE: usize = 2_000;
/// Characters of a description.
pub(super) const DESCRIPTION: usize = 20_000;
/// Files from a scenario to the last that it extends.
pub(super) const FILES: usize = 16;
/// Segments times months of the horizon: so many monthly series are kept.
pub(super) const SEGMENT_MONTHS: usize = 1_800;
/// Things that may happen on a path.
pub(super) const EVENTS: usize = 50;
/// Pairs of correlated inputs.
pub(super) const CORRELATIONS: usize = 1_000;
/// Inputs that are correlated with each other, directly or through others.
pub(super) const CORRELATED: usize = 60;
/// Values of a discrete or empirical distribution.
pub(super) const VALUES: usize = 10_000;
