//! Training and measuring, on a desk and never in the browser. Feature `train`.
//!
//! | file | question |
//! | --- | --- |
//! | [`ravdess`] | which clips are there, and what do their names say? |
//! | [`clips`] | how does a clip become frames with a label? |
//! | [`folds`] | who is kept apart from whom? |
//! | [`augment`] | how are clips varied? |
//! | [`fit`] | how is one network taught? |
//! | [`checkpoint`] | how does an interrupted run go on? |
//! | [`predict`], [`metrics`], [`calibrate`] | how good is it, and how sure may it be? |
//! | [`report`] | tables and model cards |
//! | [`command`], [`evaluate`] | the commands `train` and `evaluate` |
//! | [`study`] | the command `reproduce`: the original study, repeated |

pub mod augment;
pub mod calibrate;
pub mod checkpoint;
pub mod clips;
pub mod command;
mod error;
pub mod evaluate;
pub mod figures;
pub mod fit;
pub mod folds;
pub mod metrics;
pub mod predict;
pub mod ravdess;
pub mod report;
pub mod study;

pub use error::Error;
