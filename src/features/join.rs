//! Rows of two streams, side by side.

/// Joins what two streams give of each frame, where the second looks at every so many frames only. Rows of either that wait for the other are kept.
pub(super) struct Join {
    first: Part,
    second: Part,
    /// Rows of the first stream that share a row of the second.
    every: usize,
    /// Rows that were given since a row of the second was dropped.
    given: usize,
}

/// Rows that wait, `len` values each.
struct Part {
    rows: Vec<f32>,
    len: usize,
}

impl Join {
    /// For rows of so many values of the first stream and of the second, which has one for `every` of the first.
    pub fn new(first_len: usize, second_len: usize, every: usize) -> Join {
        let part = |len| Part { rows: Vec::new(), len };
        Join { first: part(first_len), second: part(second_len), every, given: 0 }
    }

    /// Where rows of the first stream are appended.
    pub fn first(&mut self) -> &mut Vec<f32> {
        &mut self.first.rows
    }

    /// Where rows of the second stream are appended.
    pub fn second(&mut self) -> &mut Vec<f32> {
        &mut self.second.rows
    }

    /// Appends the rows of which both parts are there.
    pub fn append(&mut self, rows: &mut Vec<f32>) {
        let (first, second) = (&mut self.first, &mut self.second);
        let mut used = 0;
        for row in first.rows.chunks_exact(first.len) {
            let Some(beside) = second.rows.chunks_exact(second.len).nth(self.given / self.every) else { break };
            rows.extend_from_slice(row);
            rows.extend_from_slice(beside);
            self.given += 1;
            used += first.len;
        }
        first.rows.drain(..used);
        let done = self.given / self.every;
        second.rows.drain(..(done * second.len).min(second.rows.len()));
        self.given -= done * self.every;
    }

    /// Forgets what waits.
    pub fn reset(&mut self) {
        self.first.rows.clear();
        self.second.rows.clear();
        self.given = 0;
    }
}
