//! Features frame by frame, while the samples come in.

use super::Error;
use super::lanes::LANES;
use super::mfcc::Mfcc;
use super::options::{MfccOptions, Padding};

/// What turns samples into frames of features.
pub(super) trait FramePlan {
    /// How long frames are, how far apart, and what lies before the first.
    fn options(&self) -> &MfccOptions;
    /// Appends the features of up to four frames that lie in `samples` as they are, the first at its
    /// beginning; only the first `count` are appended. Frames come in their order.
    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>);
    /// Forgets the frames before: another signal begins.
    fn reset(&mut self) {}
}

/// Cuts a signal that arrives in pieces into frames.
pub(super) struct FrameStream<P> {
    plan: P,
    /// The samples from the next frame's first one on.
    pending: Vec<f32>,
    /// Samples still to drop before the next frame begins (where frames lie further apart than they are long).
    skip: usize,
}

impl<P: FramePlan> FrameStream<P> {
    pub fn new(plan: P) -> FrameStream<P> {
        let MfccOptions { n_fft, hop_length, .. } = *plan.options();
        let room = n_fft + (LANES - 1) * hop_length;
        let mut stream = FrameStream { plan, pending: Vec::with_capacity(room), skip: 0 };
        stream.reset();
        stream
    }

    /// Takes any number of samples and appends the frames that they complete.
    ///
    /// Allocates nothing but what `frames` may need to grow.
    pub fn push(&mut self, samples: &[f32], frames: &mut Vec<f32>) {
        let mut rest = samples;
        loop {
            let skipped = self.skip.min(rest.len());
            self.skip -= skipped;
            let room = self.pending.capacity() - self.pending.len();
            let (_, wanted) = rest.split_at(skipped);
            let (taken, left) = wanted.split_at(room.min(wanted.len()));
            self.pending.extend_from_slice(taken);
            rest = left;
            let complete = self.append_complete(frames);
            if rest.is_empty() && !complete {
                return;
            }
        }
    }

    /// Ends the signal: appends the frames that reach over its end, and is ready for another signal.
    pub fn finish(&mut self, frames: &mut Vec<f32>) {
        const ZEROS: [f32; 256] = [0.0; 256];
        let mut left = self.plan.options().lead();
        while left > 0 {
            let count = left.min(ZEROS.len());
            self.push(ZEROS.split_at(count).0, frames);
            left -= count;
        }
        self.reset();
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        let lead = self.plan.options().lead();
        self.pending.clear();
        self.pending.resize(lead, 0.0);
        self.skip = 0;
        self.plan.reset();
    }

    /// Appends up to four complete frames and drops what lies before the next; whether there was one.
    fn append_complete(&mut self, frames: &mut Vec<f32>) -> bool {
        let MfccOptions { n_fft, hop_length: hop, .. } = *self.plan.options();
        let Some(room) = self.pending.len().checked_sub(n_fft) else { return false };
        let count = (1 + room / hop).min(LANES);
        self.plan.append_frames(&self.pending, count, frames);
        let done = count * hop;
        let dropped = done.min(self.pending.len());
        self.skip = done - dropped;
        self.pending.copy_within(dropped.., 0);
        self.pending.truncate(self.pending.len() - dropped);
        true
    }
}

/// Refuses settings under which a frame depends on samples that have not come yet.
pub(super) fn check_streamable(options: &MfccOptions) -> Result<(), Error> {
    if let Some(top_db) = options.top_db {
        let value = top_db.to_string();
        return Err(Error::NotStreamable { option: "top_db", value, expected: "none" });
    }
    if options.padding != Padding::Zeros {
        let value = format!("{:?}", options.padding).to_lowercase();
        return Err(Error::NotStreamable { option: "padding", value, expected: "zeros" });
    }
    Ok(())
}

/// MFCC of a signal that arrives in pieces: bit for bit what [`Mfcc::mfcc`] gives for the whole.
///
/// A frame is complete once the `n_fft / 2` samples after its centre are there. What a frame may depend on is
/// known by then only without `top_db`, and with zeros before the beginning; other settings are refused.
pub struct MfccStream {
    frames: FrameStream<Mfcc>,
}

impl MfccStream {
    /// A stream for `options`.
    ///
    /// # Errors
    /// Where [`MfccOptions::validate`] finds something wrong, where `top_db` is set, or where the padding is not zeros.
    pub fn new(options: &MfccOptions) -> Result<MfccStream, Error> {
        check_streamable(options)?;
        Ok(MfccStream { frames: FrameStream::new(Mfcc::new(options)?) })
    }

    /// The settings of this stream.
    pub fn options(&self) -> &MfccOptions {
        self.frames.plan.options()
    }

    /// Takes any number of samples and appends the frames that they complete, `n_mfcc` values each.
    ///
    /// Allocates nothing but what `frames` may need to grow.
    pub fn push(&mut self, samples: &[f32], frames: &mut Vec<f32>) {
        self.frames.push(samples, frames);
    }

    /// Ends the signal: appends the frames that reach over its end, and is ready for another signal.
    pub fn finish(&mut self, frames: &mut Vec<f32>) {
        self.frames.finish(frames);
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.frames.reset();
    }
}
