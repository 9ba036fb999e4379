//! An attack on a published table: everything that a reader can compute about its hidden numbers.
//!
//! It knows only what is published: which numbers are hidden, the others, that totals are sums and
//! that nothing is negative. It shares no code with what it attacks.

/// A published table: the sizes of its axes, and each number; `None` is hidden. The last place of
/// each axis is the total over it.
#[derive(Clone, Debug)]
pub struct Published {
    pub sizes: [usize; 3],
    pub numbers: Vec<Option<f64>>,
}

/// What is found out about a hidden number.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub index: usize,
    pub least: f64,
    pub most: f64,
    /// Whether subtracting rows from each other gives it exactly.
    pub exact: bool,
}

const TINY: f64 = 1e-6;

impl Published {
    pub fn empty(sizes: [usize; 3]) -> Self {
        let count = sizes.iter().map(|size| size + 1).product();
        Self { sizes, numbers: vec![Some(0.0); count] }
    }

    pub fn index(&self, place: [usize; 3]) -> usize {
        let [_, b, c] = self.sizes;
        (place[0] * (b + 1) + place[1]) * (c + 1) + place[2]
    }

    /// The equations between the hidden numbers: their coefficients, and what these sum to.
    fn equations(&self, unknown: &[usize]) -> Vec<(Vec<f64>, f64)> {
        let [a, b, c] = self.sizes;
        let mut equations = Vec::new();
        for (axis, size) in self.sizes.into_iter().enumerate() {
            for first in 0..=[b, a, a][axis] {
                for second in 0..=[c, c, b][axis] {
                    let place = |at: usize| match axis {
                        0 => [at, first, second],
                        1 => [first, at, second],
                        _ => [first, second, at],
                    };
                    let (mut row, mut sum) = (vec![0.0; unknown.len()], 0.0);
                    for at in 0..=size {
                        let sign = if at == size { -1.0 } else { 1.0 };
                        let index = self.index(place(at));
                        match self.numbers[index] {
                            Some(number) => sum -= sign * number,
                            None => row[unknown.binary_search(&index).unwrap()] += sign,
                        }
                    }
                    if row.iter().any(|factor| *factor != 0.0) {
                        equations.push((row, sum));
                    } else {
                        assert!(sum.abs() < TINY, "the published totals are not sums");
                    }
                }
            }
        }
        equations
    }

    fn hidden(&self) -> Vec<usize> {
        let hidden = self.numbers.iter().enumerate().filter(|(_, number)| number.is_none());
        hidden.map(|(index, _)| index).collect()
    }

    /// The hidden numbers that subtracting rows from each other gives exactly.
    pub fn given_away(&self) -> Vec<usize> {
        let unknown = self.hidden();
        let rows = reduced(self.equations(&unknown));
        let alone = |column: usize| rows.iter().any(|row| is_alone(row, column));
        unknown.iter().enumerate().filter(|(at, _)| alone(*at)).map(|(_, index)| *index).collect()
    }

    /// What can be found out about each hidden number.
    pub fn attack(&self) -> Vec<Bounds> {
        let unknown = self.hidden();
        let rows = reduced(self.equations(&unknown));
        let mut simplex = Simplex::of(&rows, unknown.len());
        let bounds = unknown.iter().enumerate().map(|(column, index)| {
            let exact = rows.iter().any(|row| is_alone(row, column));
            let least = simplex.least(column, 1.0);
            let most = -simplex.least(column, -1.0);
            Bounds { index: *index, least, most, exact }
        });
        bounds.collect()
    }
}

/// Whether an equation says what one number is, and nothing of others.
fn is_alone(row: &(Vec<f64>, f64), column: usize) -> bool {
    row.0.iter().enumerate().all(|(at, factor)| (at == column) == (factor.abs() > TINY))
}

/// Gaussian elimination to the reduced echelon form: all that adding and subtracting rows gives.
fn reduced(mut rows: Vec<(Vec<f64>, f64)>) -> Vec<(Vec<f64>, f64)> {
    let width = rows.first().map_or(0, |row| row.0.len());
    let mut done = 0;
    for column in 0..width {
        let candidates = done..rows.len();
        let Some(best) = candidates
            .max_by(|a, b| rows[*a].0[column].abs().total_cmp(&rows[*b].0[column].abs()))
            .filter(|row| rows[*row].0[column].abs() > TINY)
        else {
            continue;
        };
        rows.swap(done, best);
        let factor = rows[done].0[column];
        rows[done].0.iter_mut().for_each(|value| *value /= factor);
        rows[done].1 /= factor;
        let pivot = rows[done].clone();
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = row.0[column];
            if at != done && factor != 0.0 {
                row.0.iter_mut().zip(&pivot.0).for_each(|(value, by)| *value -= factor * by);
                row.1 -= factor * pivot.1;
            }
        }
        done += 1;
    }
    assert!(rows[done..].iter().all(|row| row.1.abs() < TINY), "the table contradicts itself");
    rows.truncate(done);
    rows
}

/// The least and most of each number over all tables that fit: linear programming, with every
/// number zero or more. Bland's rule, so that it ends.
struct Simplex {
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    width: usize,
}

impl Simplex {
    fn of(equations: &[(Vec<f64>, f64)], width: usize) -> Self {
        let count = equations.len();
        let rows = equations.iter().enumerate().map(|(at, (factors, sum))| {
            let sign = if *sum < 0.0 { -1.0 } else { 1.0 };
            let mut row: Vec<f64> = factors.iter().map(|factor| sign * factor).collect();
            row.extend((0..count).map(|helper| f64::from(u8::from(helper == at))));
            row.push(sign * sum);
            row
        });
        let mut simplex = Self {
            rows: rows.collect(),
            basis: (width..width + count).collect(),
            width: width + count,
        };
        let mut goal = vec![0.0; width + count];
        goal[width..].fill(1.0);
        let rest = simplex.minimise(&goal);
        assert!(rest.abs() < 1e-4, "no table fits what is published: {rest}");
        simplex.drop_helpers(width);
        simplex
    }

    fn drop_helpers(&mut self, width: usize) {
        for at in 0..self.rows.len() {
            if self.basis[at] >= width {
                let found = (0..width).find(|column| self.rows[at][*column].abs() > TINY);
                self.pivot(at, found.expect("the equations are independent"));
            }
        }
        for row in &mut self.rows {
            let sum = *row.last().unwrap();
            row.truncate(width);
            row.push(sum);
        }
        self.width = width;
    }

    fn least(&mut self, column: usize, factor: f64) -> f64 {
        let mut goal = vec![0.0; self.width];
        goal[column] = factor;
        self.minimise(&goal)
    }

    fn minimise(&mut self, goal: &[f64]) -> f64 {
        loop {
            let price = |column: usize| {
                let used = self.rows.iter().zip(&self.basis);
                goal[column] - used.map(|(row, base)| goal[*base] * row[column]).sum::<f64>()
            };
            let Some(enters) = (0..self.width).find(|column| price(*column) < -TINY) else {
                let used = self.rows.iter().zip(&self.basis);
                return used.map(|(row, base)| goal[*base] * row[self.width]).sum();
            };
            let ratios = self.rows.iter().enumerate().filter(|(_, row)| row[enters] > TINY);
            let leaves =
                ratios.map(|(at, row)| (row[self.width] / row[enters], self.basis[at], at));
            let leaves = leaves.min_by(|a, b| {
                if (a.0 - b.0).abs() < 1e-9 { a.1.cmp(&b.1) } else { a.0.total_cmp(&b.0) }
            });
            let Some((_, _, leaves)) = leaves else { return f64::NEG_INFINITY };
            self.pivot(leaves, enters);
        }
    }

    fn pivot(&mut self, at: usize, column: usize) {
        let factor = self.rows[at][column];
        self.rows[at].iter_mut().for_each(|value| *value /= factor);
        let pivot = self.rows[at].clone();
        for (other, row) in self.rows.iter_mut().enumerate() {
            let factor = row[column];
            if other != at && factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(value, by)| *value -= factor * by);
            }
        }
        self.basis[at] = column;
    }
}
