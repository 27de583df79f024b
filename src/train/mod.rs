//! Training and measuring, on a desk and never in the browser. Feature `train`.
//!
//! | file | question |
//! | --- | --- |
//! | [`corpus`] | what is a clip, and what can be known of it? |
//! | [`ravdess`], [`emotify`], [`table`] | which clips are there, and what do names and tables say of them? |
//! | [`clips`] | how does a clip become frames with a label? |
//! | [`folds`] | who is kept apart from whom? |
//! | [`augment`], [`tract`], [`disturb`] | how are clips varied to learn from, and to be judged? |
//! | [`fit`], `goals`, [`functional_head`], [`voice_head`], [`jobs`] | how is one network taught, what is asked of it, what do heads of their own add, and how are many taught? |
//! | [`checkpoint`] | how does an interrupted run go on? |
//! | [`conditions`] | is a clip judged as it is, after its voice was learnt, or disturbed? |
//! | [`predict`], [`predictors`], [`held_out`], [`metrics`], [`calibrate`] | how good is it, and how sure may it be? |
//! | [`report`] | tables and model cards |
//! | [`command`], [`evaluate`] | the commands `train` and `evaluate` |
//! | [`study`] | the command `reproduce`: the original study, repeated |

#![expect(
    clippy::indexing_slicing,
    reason = "clips, folds and confusion matrices are indexed by numbers that the same run made; a wrong one is a bug \
              that must stop a training, not a figure to be guessed"
)]

pub mod augment;
pub mod calibrate;
pub mod checkpoint;
pub mod clips;
pub mod command;
pub mod conditions;
pub mod corpus;
pub mod disturb;
pub mod emotify;
mod error;
pub mod evaluate;
pub mod figures;
pub mod fit;
pub mod folds;
pub mod functional_head;
mod goals;
pub mod held_out;
pub mod jobs;
pub mod metrics;
pub mod predict;
pub mod predictors;
pub mod ravdess;
pub mod report;
pub mod study;
pub mod table;
pub mod tract;
pub mod voice_head;

pub use error::Error;
