//! Moods for people to read: a table with a line for each file, or all there is to say of a file.

use std::fmt::Write as _;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use super::entry::Entry;
use super::formats::Format;
use crate::Analysis;
use crate::cli::output::shown;
use crate::mood::Mood;

/// Writes a table with a line for each file; under it, each file's windows when they are asked for.
pub struct Table<W> {
    out: W,
    windows: bool,
    begun: bool,
}

impl<W: Write> Table<W> {
    pub fn new(out: W, windows: bool) -> Table<W> {
        Table { out, windows, begun: false }
    }
}

impl<W: Write> Format for Table<W> {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let Some(analysis) = &entry.analysis else { return Ok(()) };
        let mut text = String::new();
        if !self.begun {
            text.push_str("mood        prob.  sure  valence  arousal   length  file\n");
        }
        self.begun = true;
        let verdict = analysis.verdict;
        let style = colour(verdict.mood);
        let sure = if verdict.unsure { "no" } else { "yes" };
        writeln!(
            text,
            "{style}{:9}{style:#}  {:>4.0} %  {sure:<4}  {:>+7.2}  {:>+7.2}  {:>7}  {}",
            verdict.mood,
            100.0 * verdict.probability,
            analysis.valence,
            analysis.arousal,
            length(analysis.duration_s),
            shown(&entry.path)
        )?;
        more(&mut text, entry, analysis, self.windows)?;
        Ok(self.out.write_all(text.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Writes every mood that every network heard.
pub struct Details<W> {
    out: W,
    windows: bool,
}

impl<W: Write> Details<W> {
    pub fn new(out: W, windows: bool) -> Details<W> {
        Details { out, windows }
    }
}

impl<W: Write> Format for Details<W> {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let Some(analysis) = &entry.analysis else { return Ok(()) };
        let verdict = analysis.verdict;
        let style = colour(verdict.mood);
        let sure = if verdict.unsure { ", not sure" } else { "" };
        let mut text = String::new();
        let probability = 100.0 * verdict.probability;
        writeln!(text, "{}: {style}{}{style:#} ({probability:.0} %{sure})", shown(&entry.path), verdict.mood)?;
        let names: String = analysis.models.iter().map(|model| format!("{:>16}", model.name)).collect();
        writeln!(text, "  {:10}{:>8}{names}", "", "both")?;
        for (mood, both) in analysis.moods.iter() {
            let each: String =
                analysis.models.iter().map(|model| format!("{:>14.0} %", 100.0 * model.moods.get(mood))).collect();
            writeln!(text, "  {mood:10}{:>6.0} %{each}", 100.0 * both)?;
        }
        let Analysis { valence, arousal, duration_s, .. } = analysis;
        writeln!(text, "  valence {valence:+.2}, arousal {arousal:+.2}, {duration_s:.1} s")?;
        more(&mut text, entry, analysis, self.windows)?;
        Ok(self.out.write_all(text.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// What became of the tag, and the windows.
fn more(text: &mut String, entry: &Entry, analysis: &Analysis, windows: bool) -> std::fmt::Result {
    if let Some(tag) = &entry.tag {
        writeln!(text, "  {tag}")?;
    }
    for window in analysis.windows.iter().filter(|_| windows) {
        let (mood, probability) = window.moods.top();
        let heard = if window.silent { "silence".to_owned() } else { format!("{mood} ({:.0} %)", 100.0 * probability) };
        writeln!(text, "  {:7.2} – {:7.2} s  {heard}", window.start_s, window.end_s)?;
    }
    Ok(())
}

/// Minutes and seconds, from an hour on also hours.
fn length(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// On a terminal; `anstream` leaves it out elsewhere and where `NO_COLOR` is set.
fn colour(mood: Mood) -> Style {
    let colour = match mood {
        Mood::Neutral => return Style::new(),
        Mood::Calm => AnsiColor::Cyan,
        Mood::Happy => AnsiColor::Yellow,
        Mood::Sad => AnsiColor::Blue,
        Mood::Angry => AnsiColor::Red,
        Mood::Fearful => AnsiColor::Magenta,
        Mood::Disgust => AnsiColor::Green,
        Mood::Surprised => AnsiColor::BrightYellow,
    };
    Style::new().fg_color(Some(colour.into()))
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_minutes_and_seconds() {
        assert_eq!([0.4, 59.6, 221.0, 3600.0 + 62.0].map(length), ["0:00", "1:00", "3:41", "1:01:02"]);
    }
}
