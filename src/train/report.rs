//! What cross-validation found, as a table and as a model card, in Markdown.

use std::fmt::Write;

use super::calibrate::Sure;
use super::fit::FitSettings;
use super::held_out::{HeldOut, Row};
use super::metrics::{Metrics, mean_and_spread};
use crate::mood::Mood;
use crate::nets::card::Calibration;
use crate::nets::{Domain, ModelCard};

/// The table that `train` prints.
pub fn table(held_out: &HeldOut) -> String {
    let HeldOut { domain, seeds, folds, groups, .. } = held_out;
    let whom = match domain {
        Domain::Voice => ("actors", "actor"),
        Domain::Music => ("artists", "artist"),
    };
    let by = match held_out.apart {
        true => format!("that never heard its {}", whom.1),
        false => format!("that did not learn it, though others of its {}", whom.1),
    };
    let mut text = format!(
        "{seeds} × {folds} folds over {groups} {}; each clip judged by networks {by}, once for each of {seeds} seeds\n\n\
         | clips | network | judged | UAR | mean over folds ± spread | accuracy | loss | ECE | valence r | arousal r |\n\
         |{}\n",
        whom.0,
        " --- |".repeat(10)
    );
    for Row { what, who, metrics, uar_by_fold, correlations } in &held_out.rows {
        let (mean, spread) = mean_and_spread(uar_by_fold);
        let Metrics { clips, accuracy, uar, loss, ece, .. } = metrics;
        let r = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
        let (valence, arousal) = (r(correlations.map(|r| r.0)), r(correlations.map(|r| r.1)));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {what} | {who} | {clips} | {uar:.3} | {mean:.3} ± {spread:.3} | {accuracy:.3} | {loss:.3} | {ece:.3} | {valence} | {arousal} |"
        );
    }
    if !held_out.robustness.is_empty() {
        text.push_str(
            "\n| both networks on disturbed clips, first seed | judged | UAR | accuracy |\n| --- | --- | --- | --- |\n",
        );
    }
    for Row { what, metrics: Metrics { clips, accuracy, uar, .. }, .. } in &held_out.robustness {
        let _ = writeln!(text, "| {what} | {clips} | {uar:.3} | {accuracy:.3} |");
    }
    let Sure { above, .. } = held_out.sure;
    let of = |Sure { coverage, accuracy, .. }: Sure| match coverage > 0.0 {
        true => {
            format!("{:.1} % of the verdicts of both, of which {:.1} % are right", 100.0 * coverage, 100.0 * accuracy)
        }
        false => "none of the verdicts of both".to_owned(),
    };
    let _ = write!(text, "\nsure from a probability of {above:.3}: {}", of(held_out.sure));
    let _ = match held_out.sure_when_learnt {
        Some(sure) => writeln!(text, "; where the voice was learnt, {}", of(sure)),
        None => writeln!(text),
    };
    text
}

/// A confusion matrix in Markdown: rows are what was played or said, columns what was heard in it.
pub fn confusion_table(metrics: &Metrics) -> String {
    let header: Vec<&str> = Mood::ALL.iter().map(|mood| mood.name()).collect();
    let mut text = format!("| true \\ heard | {} |\n|{}\n", header.join(" | "), " --- |".repeat(header.len() + 1));
    for (mood, row) in Mood::ALL.iter().zip(metrics.confusion) {
        if row.iter().sum::<usize>() > 0 {
            let cells: Vec<String> = row.iter().map(usize::to_string).collect();
            let _ = writeln!(text, "| {mood} | {} |", cells.join(" | "));
        }
    }
    text
}

/// The model card of one network.
pub fn card_text(
    card: &ModelCard,
    parameters: usize,
    bytes: usize,
    held_out: &HeldOut,
    settings: &FitSettings,
) -> String {
    let (domain, kind) = (card.domain(), card.kind.name());
    let mut text = format!(
        "# {domain}-{kind}\n\n\
         {parameters} parameters, {bytes} bytes, [safetensors](https://github.com/huggingface/safetensors) with metadata.\n\
         Written by `songmood train`; every number below was printed by the same run.\n\n\
         ## What it is\n\n{}\n\n\
         ## Data and licence\n\n\
         Trained on {}.\n{}\n\n\
         ## What it cannot do\n\n{}\n\n\
         ## How good it is\n\n\
         `cargo run --release --features train -- train --only {domain} --epochs {} --seed {} --seeds {} --learning-rate {}{}` printed:\n\n\
         {}\n",
        what_it_is(card),
        card.trained_on,
        licence(domain),
        limits(domain),
        settings.epochs,
        settings.seed,
        held_out.seeds,
        settings.learning_rate,
        if held_out.robustness.is_empty() { "" } else { " --robustness" },
        table(held_out),
        domain = domain.name(),
    );
    for row in held_out.rows.iter().filter(|row| row.who == kind || row.who == "both") {
        let who = if row.who == "both" { "both networks".to_owned() } else { row.who.to_uppercase() };
        let _ = write!(text, "### {who}, {}\n\n{}\n", row.what, confusion_table(&row.metrics));
    }
    let Calibration { temperature, learnt_temperature, sure_above } = card.calibration;
    let learnt =
        learnt_temperature.map_or(String::new(), |learnt| format!(" (by {learnt:.3} where the voice is known)"));
    let _ = writeln!(
        text,
        "## Calibration\n\nLogits are divided by {temperature:.3}{learnt} before the softmax. A verdict of both networks is called sure from\n\
         {sure_above:.3} on. All were chosen on the held-out clips of the table, so on other {} expect a little less.\n\
         How often a confidence is right: [{domain}-reliability.svg]({domain}-reliability.svg).",
        match domain {
            Domain::Voice => "voices",
            Domain::Music => "music",
        },
        domain = domain.name(),
    );
    text
}

fn what_it_is(card: &ModelCard) -> String {
    let kind = card.kind.name().to_uppercase();
    let (seconds, n_mfcc) = (card.input.window_s(), card.input.mfcc.n_mfcc);
    let floor = match card.input.dynamic_range_db {
        Some(db) => format!("down to\n{db} dB below the loudest frequency lately"),
        None => "absolute dB\nfloor".into(),
    };
    match card.domain() {
        Domain::Voice => format!(
            "The {kind} of songmood for a voice: {seconds:.2} s of {n_mfcc} MFCCs, the shape of the spectrum, pitch and roughness (22 050 Hz, {floor}, \
             loudness taken away) in, eight moods out. The output layer tells kinds of voice apart\n\
             ({}); their probabilities are added up.\n\
             A linear head on functionals, how the sound moves over the window, has a say besides.\n\
             Once a voice was learnt, frames and functionals are taken relative to it, and a head on their statistics joins in.",
            card.voices.join(", ")
        ),
        Domain::Music => format!(
            "The {kind} of songmood for music: {seconds:.2} s of {} MFCCs, onset strength, spectral shape and percussion (22 050 Hz, {floor}, \
             loudness taken away), with a summary of key, pulse, chords and beats, in; moods, valence and arousal out.\n\
             A linear head on functionals, how the sound moves over the window, of the same and of {n_mfcc} MFCCs, has a say besides.",
            card.input.seen_mfcc.unwrap_or(n_mfcc)
        ),
    }
}

fn licence(domain: Domain) -> &'static str {
    match domain {
        Domain::Voice => {
            "RAVDESS is CC BY-NC-SA 4.0 (Zenodo record 1188976), and so are these weights: **not for commercial use**."
        }
        Domain::Music => {
            "The excerpts are from the Magnatune catalogue (CC BY-NC-SA), and these weights stand under the same terms: **not for commercial use**."
        }
    }
}

fn limits(domain: Domain) -> &'static str {
    match domain {
        Domain::Voice => {
            "- It has heard actors who play moods, one or two sentences each, in English. A mood that is not played sounds different.\n\
             - It has heard no music with instruments; the networks for music have.\n\
             - RAVDESS seems to use one melody for each group of sung moods ({neutral}, {calm, happy}, {sad, angry, fearful}), so part of the\n  \
               score on sung clips may be recognition of a melody. The rows “within a melody” choose inside a group only.\n\
             - Sung disgust and surprise are not in the data: a sung clip is never given them with confidence.\n\
             - It was taught with noise, a telephone's band, a room, low sample rates and other speeds besides clean clips, by the same means that\n  \
               disturb clips in the table: other noises and rooms are new to it. A song in another key is often taken for another melody.\n\
             - Valence and arousal are the moods' places on Russell's circumplex, weighted by probability. They were not learnt from ratings."
        }
        Domain::Music => {
            "- It has learnt from a few hundred minutes of classical, rock, electronic and pop music, rated by about fourteen listeners each:\n  \
               what people feel in music differs, and so few cannot stand for all.\n\
             - The listeners were not asked about neutral, disgust and surprise: music is never given them with confidence. “Tension” was\n  \
               counted as angry where the excerpt is rousing and as fearful where it is not. The network gives one probability for it, which\n  \
               the arousal that it hears makes that of angry or fearful; the table counts the two as one.\n\
             - Sad music is rare in the data and often taken for calm.\n\
             - It was taught with one disturbed recording of each excerpt besides the clean one (noise, a telephone's band, a room, a low sample\n  \
               rate), all made by this project's own means: other noises and rooms are new to it.\n\
             - Valence and arousal were learnt from weights that this project put on the nine feelings, not from ratings of their own."
        }
    }
}
