//! Learning curves, confusion matrices and reliability diagrams as SVG.
//!
//! Text is left to whoever shows the file (`sans-serif`); no font is read here.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::metrics::Bin;
use crate::mood::MOOD_COUNT;

const TRAIN: RGBColor = RGBColor(0x1f, 0x77, 0xb4);
const HELD_OUT: RGBColor = RGBColor(0xd9, 0x5f, 0x02);

/// A figure could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the figure “{title}” cannot be drawn: {reason}")]
pub struct Error {
    /// The figure's title.
    pub title: String,
    /// What the drawing library says.
    pub reason: String,
}

/// Loss and accuracy (0 … 1) after each epoch of one training.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// On what was trained on.
    pub train: Vec<(f64, f64)>,
    /// On what was held out.
    pub held_out: Vec<(f64, f64)>,
}

/// Loss and accuracy over the epochs, side by side, a line for each training.
///
/// # Errors
/// When the drawing library refuses.
pub fn curves(title: &str, curves: &[Curve]) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (1000, 420)).into_drawing_area();
        draw_curves(&root, title, curves)
            .map_err(|reason| Error { title: title.to_owned(), reason: reason.to_string() })?;
    }
    Ok(svg)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw_curves(root: &Area, title: &str, curves: &[Curve]) -> Drawn {
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 17))?;
    let epochs = curves.iter().map(|curve| curve.train.len().max(curve.held_out.len())).max().unwrap_or(0).max(1);
    let (left, right) = root.split_horizontally(500);
    // Losses of the first epochs can be many times those that matter.
    let mut losses: Vec<f64> =
        curves.iter().flat_map(|curve| curve.train.iter().chain(&curve.held_out)).map(|score| score.0).collect();
    losses.retain(|loss| loss.is_finite());
    losses.sort_by(f64::total_cmp);
    let highest = losses.get(losses.len().saturating_sub(1) * 98 / 100).copied().unwrap_or(1.0).max(0.1) * 1.1;
    panel(&left, "loss", epochs, highest, curves, |score| score.0)?;
    panel(&right, "accuracy", epochs, 1.0, curves, |score| score.1)?;
    root.present()?;
    Ok(())
}

fn panel(area: &Area, name: &str, epochs: usize, highest: f64, curves: &[Curve], of: fn(&(f64, f64)) -> f64) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(48)
        .build_cartesian_2d(1.0..(epochs.max(2) as f64), 0.0..highest)?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc(name)
        .x_label_formatter(&|epoch| format!("{epoch:.0}"))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (label, colour, side) in [
        ("training part", TRAIN, (|curve: &Curve| curve.train.clone()) as fn(&Curve) -> Vec<(f64, f64)>),
        ("held out", HELD_OUT, |curve: &Curve| curve.held_out.clone()),
    ] {
        for (index, curve) in curves.iter().enumerate() {
            let scores = side(curve);
            let points = scores.iter().map(|score| of(score).min(highest)).enumerate();
            let line = LineSeries::new(points.map(|(epoch, y)| ((epoch + 1) as f64, y)), colour.mix(0.75));
            let drawn = chart.draw_series(line)?;
            if index == 0 {
                drawn.label(label).legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
            }
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(())
}

/// How often predictions of a confidence are right, beside how often they claim to be.
///
/// # Errors
/// When the drawing library refuses.
pub fn reliability(title: &str, bins: &[Bin]) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (560, 480)).into_drawing_area();
        draw_reliability(&root, title, bins)
            .map_err(|reason| Error { title: title.to_owned(), reason: reason.to_string() })?;
    }
    Ok(svg)
}

fn draw_reliability(root: &Area, title: &str, bins: &[Bin]) -> Drawn {
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 15))?;
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(48)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
    chart
        .configure_mesh()
        .x_desc("confidence")
        .y_desc("share of right answers")
        .light_line_style(TRANSPARENT)
        .draw()?;
    let width = 1.0 / bins.len().max(1) as f64;
    chart.draw_series(bins.iter().enumerate().filter(|(_, bin)| bin.clips > 0).map(|(index, bin)| {
        let left = index as f64 * width;
        Rectangle::new([(left, 0.0), (left + width * 0.94, bin.accuracy)], TRAIN.mix(0.55).filled())
    }))?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], BLACK.mix(0.6)))?;
    let counted = bins.iter().filter(|bin| bin.clips > 0);
    chart.draw_series(
        counted.map(|bin| Text::new(bin.clips.to_string(), (bin.confidence, bin.accuracy), ("sans-serif", 12))),
    )?;
    root.present()?;
    Ok(())
}

/// `counts[true][predicted]` as a grid: the darker, the larger the share of the row. Moods that neither
/// occur nor are predicted are left out.
///
/// # Errors
/// When the drawing library refuses.
pub fn confusion(
    title: &str,
    labels: &[&str; MOOD_COUNT],
    counts: &[[usize; MOOD_COUNT]; MOOD_COUNT],
) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (760, 640)).into_drawing_area();
        draw_confusion(&root, title, labels, counts)
            .map_err(|reason| Error { title: title.to_owned(), reason: reason.to_string() })?;
    }
    Ok(svg)
}

fn draw_confusion(
    root: &Area,
    title: &str,
    labels: &[&str; MOOD_COUNT],
    counts: &[[usize; MOOD_COUNT]; MOOD_COUNT],
) -> Drawn {
    use plotters::style::text_anchor::{HPos, Pos, VPos};
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 13))?;
    let shown: Vec<usize> = (0..MOOD_COUNT)
        .filter(|&k| counts[k].iter().sum::<usize>() + counts.iter().map(|row| row[k]).sum::<usize>() > 0)
        .collect();
    let (left, top) = (110, 60);
    let cell = (500 / shown.len().max(1) as i32).min(90);
    let text = |size: i32, colour: RGBColor, h, v| TextStyle {
        color: colour.to_backend_color(),
        ..TextStyle::from(("sans-serif", size)).pos(Pos::new(h, v))
    };
    root.draw(&Text::new("predicted", (left, 12), text(14, BLACK, HPos::Left, VPos::Top)))?;
    root.draw(&Text::new("true", (12, top + 4), text(14, BLACK, HPos::Left, VPos::Top)))?;
    for (row, &truth) in shown.iter().enumerate() {
        let y = top + row as i32 * cell;
        let centre = y + cell / 2;
        root.draw(&Text::new(labels[truth], (left - 8, centre), text(13, BLACK, HPos::Right, VPos::Center)))?;
        let column_label = (left + row as i32 * cell + cell / 2, top - 6);
        root.draw(&Text::new(labels[truth], column_label, text(13, BLACK, HPos::Center, VPos::Bottom)))?;
        let total = counts[truth].iter().sum::<usize>().max(1);
        for (column, &predicted) in shown.iter().enumerate() {
            let x = left + column as i32 * cell;
            let count = counts[truth][predicted];
            let share = count as f64 / total as f64;
            let fade = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))) as u8;
            let fill = RGBColor(fade(0xf7, 0x08), fade(0xfb, 0x30), fade(0xff, 0x6b));
            let corners = [(x, y), (x + cell - 2, y + cell - 2)];
            root.draw(&Rectangle::new(corners, fill.filled()))?;
            let ink = if share > 0.5 { WHITE } else { BLACK };
            let middle = (x + cell / 2, centre);
            root.draw(&Text::new(
                format!("{count}"),
                (middle.0, middle.1 - 8),
                text(15, ink, HPos::Center, VPos::Center),
            ))?;
            let percent = format!("{:.0} %", 100.0 * share);
            root.draw(&Text::new(percent, (middle.0, middle.1 + 10), text(11, ink, HPos::Center, VPos::Center)))?;
        }
    }
    root.present()?;
    Ok(())
}
