//! Files, or their windows, as rows of a table: the columns of CSV and Parquet.

use super::entry::Entry;
use crate::classifier::Window;
use crate::mood::{Mood, Scores};
use crate::nets::Domain;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Bool,
    Int,
    Float,
    Double,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Text(String),
    Bool(bool),
    Int(i32),
    Float(f32),
    Double(f64),
}

impl Value {
    /// As it stands in CSV; nothing for [`Value::Null`].
    pub fn text(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Double(value) => value.to_string(),
        }
    }

    /// The value of a kind that stands in CSV as `text`, if it can be one.
    pub fn parse(kind: Kind, text: &str) -> Option<Value> {
        if text.is_empty() {
            return Some(Value::Null);
        }
        match kind {
            Kind::Text => Some(Value::Text(text.to_owned())),
            Kind::Bool => text.parse().ok().map(Value::Bool),
            Kind::Int => text.parse().ok().map(Value::Int),
            Kind::Float => text.parse().ok().map(Value::Float),
            Kind::Double => text.parse().ok().map(Value::Double),
        }
    }
}

/// A file, or one of its windows.
struct Row<'a> {
    entry: &'a Entry,
    window: Option<(usize, &'a Window)>,
}

type Cell = Box<dyn Fn(&Row<'_>) -> Value + Send>;

/// A column: its name, what it holds, and how it comes from a file.
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    cell: Cell,
}

/// The columns of a table.
pub struct Columns {
    columns: Vec<Column>,
    windows: bool,
}

impl Columns {
    /// A row for each file, or with `windows` for each of its windows; with `tags` also what became of the tag.
    ///
    /// The first three are `path`, `domain` and `error`. A file that could not be judged has one row, empty beyond
    /// these. With windows, `window` counts from 0 and `windows` says how many the file has.
    pub fn new(domain: Domain, windows: bool, tags: bool) -> Columns {
        use Kind::*;
        let mut columns = Vec::new();
        let mut add = |name, kind, cell: Cell| columns.push(Column { name, kind, cell });
        add("path", Text, Box::new(|row| Value::Text(row.entry.name().into_owned())));
        add("domain", Text, Box::new(move |_| Value::Text(domain.name().to_owned())));
        add("error", Text, Box::new(|row| row.entry.error.clone().map_or(Value::Null, Value::Text)));
        if tags {
            add("tag", Text, Box::new(|row| text(row.entry.tag.as_ref().map(|tag| tag.state.name()))));
        }
        let judged = |value: fn(&crate::Analysis) -> Value| -> Cell {
            Box::new(move |row| row.entry.analysis.as_ref().map_or(Value::Null, value))
        };
        let n_windows = || judged(|file| Value::Int(i32::try_from(file.windows.len()).unwrap_or(i32::MAX)));
        if windows {
            let at = |value: fn(&Window) -> Value| -> Cell {
                Box::new(move |row| row.window.map_or(Value::Null, |(_, window)| value(window)))
            };
            let index = |row: &Row<'_>| row.window.and_then(|(index, _)| i32::try_from(index).ok());
            add("window", Int, Box::new(move |row| index(row).map_or(Value::Null, Value::Int)));
            add("windows", Int, n_windows());
            add("start_s", Double, at(|window| Value::Double(window.start_s)));
            add("end_s", Double, at(|window| Value::Double(window.end_s)));
            add("silent", Bool, at(|window| Value::Bool(window.silent)));
            // Silence has no mood.
            add("mood", Text, at(|window| text((!window.silent).then(|| window.moods.top().0.name()))));
            add(
                "probability",
                Float,
                at(|window| if window.silent { Value::Null } else { Value::Float(window.moods.top().1) }),
            );
        } else {
            add("duration_s", Double, judged(|file| Value::Double(file.duration_s)));
            add("sample_rate", Int, judged(|file| i32::try_from(file.sample_rate).map_or(Value::Null, Value::Int)));
            add("windows", Int, n_windows());
            add("mood", Text, judged(|file| text(Some(file.verdict.mood.name()))));
            add("probability", Float, judged(|file| Value::Float(file.verdict.probability)));
            add("unsure", Bool, judged(|file| Value::Bool(file.verdict.unsure)));
        }
        add("valence", Float, Box::new(|row| row.heard().map_or(Value::Null, |(_, valence, _)| Value::Float(valence))));
        add("arousal", Float, Box::new(|row| row.heard().map_or(Value::Null, |(_, _, arousal)| Value::Float(arousal))));
        for mood in Mood::ALL {
            let cell =
                move |row: &Row<'_>| row.heard().map_or(Value::Null, |(moods, ..)| Value::Float(moods.get(mood)));
            add(mood.name(), Float, Box::new(cell));
        }
        Columns { columns, windows }
    }

    /// Names and kinds, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Column> {
        self.columns.iter()
    }

    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether there is a row for each window.
    pub fn windows(&self) -> bool {
        self.windows
    }

    /// The rows of a file; at least one.
    pub fn rows(&self, entry: &Entry) -> Vec<Vec<Value>> {
        let row = |window| -> Vec<Value> {
            let row = Row { entry, window };
            self.columns.iter().map(|column| (column.cell)(&row)).collect()
        };
        match &entry.analysis {
            Some(analysis) if self.windows && !analysis.windows.is_empty() => {
                analysis.windows.iter().enumerate().map(|window| row(Some(window))).collect()
            }
            _ => vec![row(None)],
        }
    }
}

impl<'a> Row<'a> {
    /// Moods, valence and arousal of the window, or of the file in a table of files.
    fn heard(&self) -> Option<(&'a Scores, f32, f32)> {
        match (self.window, &self.entry.analysis) {
            (Some((_, window)), _) => Some((&window.moods, window.valence, window.arousal)),
            (None, Some(file)) => Some((&file.moods, file.valence, file.arousal)),
            (None, None) => None,
        }
    }
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.to_owned()))
}
