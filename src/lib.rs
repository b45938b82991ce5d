pub mod dist;
pub mod lanes;
