//! Why training or measuring stopped.

use std::path::PathBuf;

/// Training or measuring could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody pressed Ctrl-C.
    #[error("stopped; what was done lies in {}, and the same command with --resume goes on from there", checkpoints.display())]
    Interrupted { checkpoints: PathBuf },
    /// The checkpoints were written by a run with other settings or other clips.
    #[error("the checkpoint {} belongs to a run with other settings or other clips; give the same options as then, or start again without --resume", path.display())]
    OtherRun { path: PathBuf },
    /// A checkpoint is there but cannot be read.
    #[error("the checkpoint {} cannot be read ({reason}); delete it, and --resume trains that part again", path.display())]
    Checkpoint { path: PathBuf, reason: String },
    /// The loss is not a number any more.
    #[error("training of {job} diverged in epoch {epoch}: the loss is not a number; use a lower --learning-rate")]
    Diverged { job: String, epoch: usize },
    /// Too few clips or actors.
    #[error("{got} clips of {groups} actors cannot be split into {folds} folds; give more clips, or fewer --folds")]
    TooFew { got: usize, groups: usize, folds: usize },
    /// A regression has no solution: its inputs are not numbers.
    #[error(
        "the regression on functionals has no solution; the features of the clips are not numbers: look at their sound"
    )]
    Regression,
    /// Weights could not be made into a model.
    #[error(transparent)]
    Nets(#[from] crate::nets::Error),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
}
