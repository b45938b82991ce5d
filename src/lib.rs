pub mod aggregate;
pub mod dist;
pub mod engine;
pub mod lanes;
mod model;
pub mod plan;
mod sampler;
pub mod scenario;
