//! The table: what came out, beside what the study reports.

use std::fmt::Write as _;

use super::experiments::{Division, FOLDS, Network, Results};
use super::fit::{Fitted, Stage};

/// Mean, lowest and highest of some numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub mean: f64,
    pub lowest: f64,
    pub highest: f64,
}

impl Spread {
    /// `None` for no numbers.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let values: Vec<f64> = values.into_iter().collect();
        let count = values.len();
        (count > 0).then(|| Spread {
            mean: values.iter().sum::<f64>() / count as f64,
            lowest: values.iter().copied().fold(f64::INFINITY, f64::min),
            highest: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }

    fn percent(&self) -> String {
        let [mean, lowest, highest] = [self.mean, self.lowest, self.highest].map(|share| 100.0 * share);
        format!("{mean:.2} % ({lowest:.2} – {highest:.2})")
    }

    fn plain(&self) -> String {
        format!("{:.3} ({:.3} – {:.3})", self.mean, self.lowest, self.highest)
    }
}

/// The whole table with what should be known when reading it.
///
/// `clips` are those that were used; `complete` is whether all runs and epochs were done.
pub fn table(results: &Results, clips: usize, complete: bool) -> String {
    let mut text = String::from("Mean (lowest – highest). Losses are mean cross-entropies in nats.\n");
    for ((network, division), runs) in results {
        // Writing into a String cannot fail.
        let _ = section(&mut text, *network, *division, runs, clips);
    }
    text.push('\n');
    for line in remarks(results, clips, complete) {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn section(text: &mut String, network: Network, division: Division, runs: &[Fitted], clips: usize) -> std::fmt::Result {
    let tested = Spread::of(runs.iter().map(|run| run.last.test.clips as f64)).map_or(0.0, |spread| spread.mean);
    let split = match (division, network) {
        (Division::AsStudied, Network::Cnn) => format!("random 80/20, {} seeds", runs.len()),
        (Division::AsStudied, _) => format!("stratified 75/25, then 75/25, {} seeds", runs.len()),
        (Division::ActorsApart, _) => format!("actors kept apart, {} of {FOLDS} folds", runs.len()),
    };
    writeln!(text, "\n{}\n  {split}; {tested:.0} of {clips} clips tested in a run", network.title())?;
    writeln!(text, "  {:<22}{:<27}{:<25}{:<27}train loss", "", "test accuracy", "test loss", "train accuracy")?;
    if let (Some(reported), Division::AsStudied) = (network.reported(), division) {
        let accuracy = format!("{:.2} %", 100.0 * reported.accuracy);
        writeln!(text, "  {:<22}{accuracy:<27}{}", "the study", reported.loss)?;
    }
    type StageOf = fn(&Fitted) -> &Stage;
    let stages: [(&str, StageOf); 2] = [("here, last epoch", |run| &run.last), ("here, best epoch", |run| &run.best)];
    for (name, stage) in stages {
        let spread = |of: fn(&Stage) -> f64| Spread::of(runs.iter().map(|run| of(stage(run))));
        let cells = [
            spread(|stage| stage.test.accuracy).map(|spread| spread.percent()),
            spread(|stage| stage.test.loss).map(|spread| spread.plain()),
            spread(|stage| stage.train.accuracy).map(|spread| spread.percent()),
            spread(|stage| stage.train.loss).map(|spread| spread.plain()),
        ]
        .map(Option::unwrap_or_default);
        writeln!(text, "  {name:<22}{:<27}{:<25}{:<27}{}", cells[0], cells[1], cells[2], cells[3])?;
    }
    let epochs: Vec<String> = runs.iter().map(|run| run.last.epoch.to_string()).collect();
    let best: Vec<String> = runs.iter().map(|run| run.best.epoch.to_string()).collect();
    writeln!(text, "  last epochs {}; best epochs {}", epochs.join(", "), best.join(", "))
}

fn remarks(results: &Results, clips: usize, complete: bool) -> Vec<String> {
    let mut lines = vec![
        "Best epoch: of the CNN, where the test part scored highest (the study had nothing else to choose by, so this \
         looks at the answers); of the LSTMs, where the validation loss was lowest."
            .to_owned(),
    ];
    lines.push(
        "Each column of the LSTMs' inputs has mean 0 and spread 1 over the training part, by scikit-learn's \
         StandardScaler: fed raw, as the study prints them, the network stays far from the study's figures. The study \
         does not mention a scale; this one was picked afterwards, because its figures come closest."
            .to_owned(),
    );
    for network in Network::ALL {
        let Some(reported) = network.reported() else { continue };
        let last = |division| {
            let runs = results.get(&(network, division))?;
            Spread::of(runs.iter().map(|run| run.last.test.accuracy))
        };
        let name = network.slug().to_uppercase();
        if let Some(spread) = last(Division::AsStudied) {
            let place = if reported.accuracy > spread.highest {
                "lies above all of these runs"
            } else if reported.accuracy > spread.mean {
                "lies in the upper part of the spread of these runs"
            } else {
                "is reached or passed by the mean of these runs"
            };
            lines.push(format!(
                "{name}: the study's {:.2} % is one training on one split; it {place} (last epoch, mean {:.2} %).",
                100.0 * reported.accuracy,
                100.0 * spread.mean
            ));
            if complete && spread.mean < reported.expected_at_least {
                lines.push(format!(
                    "{name}: a mean under {:.0} % means that something is not as the study had it.",
                    100.0 * reported.expected_at_least
                ));
            }
            if let Some(apart) = last(Division::ActorsApart) {
                let gap = 100.0 * (spread.mean - apart.mean);
                lines.push(format!(
                    "{name}: its split puts every actor on both sides. On actors that it has never heard, the same \
                     network scores {:.2} %, {:.1} points {}.",
                    100.0 * apart.mean,
                    gap.abs(),
                    if gap < 0.0 { "more" } else { "less" }
                ));
            }
        }
    }
    if clips != STUDY_CLIPS {
        lines.push(format!("The study had all {STUDY_CLIPS} song clips; here are {clips}."));
    }
    if !complete {
        lines.push("A shortened run: these numbers say nothing about the study.".to_owned());
    }
    lines
}

/// Song clips in the published corpus.
const STUDY_CLIPS: usize = 1012;
