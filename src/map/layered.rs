//! A layered drawing: boxes in columns, lines between them through lanes of their own, nothing on top of anything.
//!
//! The method is that of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
//! structures", 1981) with columns given: a line over several columns gets a lane in each, lanes and boxes are put in an
//! order by barycentres, the order is improved by exchanging neighbours (Gansner and others, "A technique for drawing
//! directed graphs", 1993), crossings are counted with an accumulator tree (Barth, Jünger and Mutzel 2002), and places
//! are found by least squares in each column (`spread`). Only additions, multiplications and divisions of IEEE 754
//! numbers in a fixed order are used: the same graph gives the same drawing everywhere.

use std::collections::BTreeMap;

use super::spread::{Wish, settled, spread};

/// How often neighbours are exchanged at most.
const EXCHANGES_MAX: usize = 8;

/// A box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its column, from 0.
    pub column: usize,
    /// Its height, which is even.
    pub height: i32,
}

/// A line between two boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Lines of one group that have an end in common share lanes.
    pub group: usize,
    /// The box it begins at.
    pub from: usize,
    /// The box it ends at, which is another.
    pub to: usize,
}

/// Distances, all even, and how much care is taken.
#[derive(Debug, Clone, Copy)]
pub struct Spacing {
    /// Width of a box.
    pub width: i32,
    /// Between columns.
    pub gutter: i32,
    /// Between boxes of a column.
    pub gap: i32,
    /// Height of a lane.
    pub lane: i32,
    /// How often all columns are put in order, and all places sought.
    pub rounds: usize,
}

/// The finished drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Width and height.
    pub size: (i32, i32),
    /// Left and top of each box.
    pub places: Vec<(i32, i32)>,
    /// How each line runs.
    pub routes: Vec<Route>,
}

/// A line from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it leaves its first box.
    pub start: (i32, i32),
    /// What follows.
    pub pieces: Vec<Piece>,
}

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Level at both ends, from here to there.
    Curve((i32, i32)),
    /// Level across a column.
    Across(i32),
    /// Out of a column and back into it; the second number is how far its handles stand out.
    Arc((i32, i32), i32),
}

impl Route {
    /// As the data of an SVG path.
    pub fn write(&self, path: &mut String) {
        use std::fmt::Write;
        let (mut x, mut y) = self.start;
        // Writing to a string cannot fail.
        let _ = write!(path, "M{x} {y}");
        for piece in &self.pieces {
            match *piece {
                Piece::Curve((to_x, to_y)) => {
                    let middle = (x + to_x) / 2;
                    let _ = match to_y == y {
                        true => write!(path, "H{to_x}"),
                        false => write!(path, "C{middle} {y} {middle} {to_y} {to_x} {to_y}"),
                    };
                    (x, y) = (to_x, to_y);
                }
                Piece::Across(to_x) => {
                    let _ = write!(path, "H{to_x}");
                    x = to_x;
                }
                Piece::Arc((to_x, to_y), handle) => {
                    let _ = write!(path, "C{} {y} {} {to_y} {to_x} {to_y}", x + handle, to_x + handle);
                    (x, y) = (to_x, to_y);
                }
            }
        }
    }

    /// Points along it, `steps` for each piece.
    #[must_use]
    pub fn points(&self, steps: u32) -> Vec<(f64, f64)> {
        let (mut x, mut y) = (f64::from(self.start.0), f64::from(self.start.1));
        let mut points = vec![(x, y)];
        for piece in &self.pieces {
            let ((to_x, to_y), handles) = match *piece {
                Piece::Curve((to_x, to_y)) => {
                    let middle = (x + f64::from(to_x)) / 2.0;
                    ((f64::from(to_x), f64::from(to_y)), (middle, middle))
                }
                Piece::Across(to_x) => ((f64::from(to_x), y), (x, f64::from(to_x))),
                Piece::Arc((to_x, to_y), handle) => {
                    ((f64::from(to_x), f64::from(to_y)), (x + f64::from(handle), f64::from(to_x + handle)))
                }
            };
            for step in 1..=steps {
                let t = f64::from(step) / f64::from(steps);
                let bezier = |a: f64, b: f64, c: f64, d: f64| {
                    let u = 1.0 - t;
                    u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
                };
                points.push((bezier(x, handles.0, handles.1, to_x), bezier(y, y, to_y, to_y)));
            }
            (x, y) = (to_x, to_y);
        }
        points
    }
}

/// Lays out boxes and lines. The order in which boxes are given is the order a column begins with; the order of lines does not
/// matter, and `routes` are in the order in which `lines` were given.
///
/// # Panics
/// When a line names a box that there is not, or leads from a box to itself.
#[must_use]
pub fn lay_out(nodes: &[Node], lines: &[Line], spacing: Spacing) -> Layout {
    let graph = Graph::new(nodes, lines, spacing);
    let columns = graph.ordered(spacing.rounds);
    let middles = graph.placed(&columns, spacing);
    graph.finished(nodes, lines, &columns, &middles, spacing)
}

/// Boxes and lanes, and what joins them from column to column.
struct Graph {
    /// Column of each item; boxes come first, in their order.
    column: Vec<usize>,
    height: Vec<i32>,
    boxes: usize,
    columns: usize,
    /// Items of the column before, and of the column after, that each item is joined to.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// Boxes of the same column that each box is joined to.
    beside: Vec<Vec<usize>>,
    /// The items that each line passes, from left to right; both ends for a line within a column.
    chains: Vec<Vec<usize>>,
}

impl Graph {
    fn new(nodes: &[Node], lines: &[Line], spacing: Spacing) -> Self {
        let columns = nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
        let mut graph = Self {
            column: nodes.iter().map(|node| node.column).collect(),
            height: nodes.iter().map(|node| node.height).collect(),
            boxes: nodes.len(),
            columns,
            before: vec![Vec::new(); nodes.len()],
            after: vec![Vec::new(); nodes.len()],
            beside: vec![Vec::new(); nodes.len()],
            chains: vec![Vec::new(); lines.len()],
        };
        // Lanes are made in an order of their own, so that the order of lines does not matter.
        let mut sorted: Vec<usize> = (0..lines.len()).collect();
        sorted.sort_by_key(|line| lines[*line]);
        let ends = |line: &Line| match nodes[line.from].column <= nodes[line.to].column {
            true => (line.from, line.to),
            false => (line.to, line.from),
        };
        // A trunk is shared by the lines of a group that begin, or that end, at one box: whichever has more of them.
        let mut long = [BTreeMap::new(), BTreeMap::new()];
        for line in lines {
            let (left, right) = ends(line);
            if nodes[right].column > nodes[left].column + 1 {
                for (side, end) in [left, right].into_iter().enumerate() {
                    *long[side].entry((line.group, end)).or_insert(0usize) += 1;
                }
            }
        }
        let mut lanes: BTreeMap<(usize, usize, usize, usize), usize> = BTreeMap::new();
        for index in sorted {
            let line = &lines[index];
            let (left, right) = ends(line);
            assert_ne!(left, right, "a line leads to another box");
            let mut chain = vec![left];
            if nodes[left].column < nodes[right].column {
                let count = |side: usize, end: usize| long[side].get(&(line.group, end)).copied().unwrap_or(0);
                let (side, end) = if count(0, left) >= count(1, right) { (0, left) } else { (1, right) };
                for column in nodes[left].column + 1..nodes[right].column {
                    let lane = *lanes.entry((line.group, side, end, column)).or_insert_with(|| {
                        graph.column.push(column);
                        graph.height.push(spacing.lane);
                        for list in [&mut graph.before, &mut graph.after, &mut graph.beside] {
                            list.push(Vec::new());
                        }
                        graph.column.len() - 1
                    });
                    chain.push(lane);
                }
            }
            chain.push(right);
            for pair in chain.windows(2) {
                let (one, other) = (pair[0], pair[1]);
                if graph.column[one] == graph.column[other] {
                    join(&mut graph.beside, one, other);
                    join(&mut graph.beside, other, one);
                } else {
                    join(&mut graph.after, one, other);
                    join(&mut graph.before, other, one);
                }
            }
            graph.chains[index] = chain;
        }
        graph
    }

    /// Whether nothing leads to or from an item: it stands at the end of its column.
    fn is_alone(&self, item: usize) -> bool {
        self.before[item].is_empty() && self.after[item].is_empty() && self.beside[item].is_empty()
    }

    /// The items of each column from top to bottom, so that few lines cross; those that are alone are left out.
    fn ordered(&self, rounds: usize) -> Vec<Vec<usize>> {
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); self.columns];
        for item in (0..self.column.len()).filter(|item| !self.is_alone(*item)) {
            columns[self.column[item]].push(item);
        }
        let mut best = columns.clone();
        let mut least = self.cost(&columns);
        for round in 0..rounds {
            // Nothing is better than no crossing; most neighbourhoods begin with none.
            if least == 0 {
                break;
            }
            let forwards = round % 2 == 0;
            for step in 0..self.columns {
                let column = if forwards { step } else { self.columns - 1 - step };
                self.sort_column(&mut columns, column, forwards);
            }
            let cost = self.cost(&columns);
            if cost < least {
                least = cost;
                best.clone_from(&columns);
            }
        }
        self.exchange(&mut best);
        best
    }

    /// Sorts one column by the barycentres of what its items are joined to: the column before or after, and their own.
    fn sort_column(&self, columns: &mut [Vec<usize>], column: usize, forwards: bool) {
        let share = self.shares(columns);
        let joined = if forwards { &self.before } else { &self.after };
        let mut keyed: Vec<(f64, usize)> = columns[column]
            .iter()
            .map(|item| {
                let (mut sum, mut count) = (0.0, 0.0);
                for other in joined[*item].iter().chain(&self.beside[*item]) {
                    sum += share[*other];
                    count += 1.0;
                }
                (if count > 0.0 { sum / count } else { share[*item] }, *item)
            })
            .collect();
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        columns[column] = keyed.into_iter().map(|(_, item)| item).collect();
    }

    /// How far down its column each item stands, from 0 to 1.
    fn shares(&self, columns: &[Vec<usize>]) -> Vec<f64> {
        let mut shares = vec![0.5; self.column.len()];
        for column in columns {
            for (place, item) in column.iter().enumerate() {
                shares[*item] = (count(place) + 0.5) / count(column.len());
            }
        }
        shares
    }

    fn positions(&self, columns: &[Vec<usize>]) -> Vec<usize> {
        let mut positions = vec![0; self.column.len()];
        for column in columns {
            for (place, item) in column.iter().enumerate() {
                positions[*item] = place;
            }
        }
        positions
    }

    /// Crossings, each as bad as two boxes between the ends of a line within a column.
    fn cost(&self, columns: &[Vec<usize>]) -> usize {
        let position = self.positions(columns);
        let mut cost = 0;
        for column in columns {
            let mut ends = Vec::new();
            for item in column {
                let mut others: Vec<usize> = self.after[*item].iter().map(|other| position[*other]).collect();
                others.sort_unstable();
                ends.extend(others);
                let besides = self.beside[*item].iter().map(|other| position[*other]);
                cost += besides
                    .filter(|other| *other > position[*item])
                    .map(|other| other - position[*item])
                    .sum::<usize>();
            }
            cost += 2 * inversions(&ends);
        }
        cost
    }

    /// Exchanges neighbours as long as that makes the drawing better.
    fn exchange(&self, columns: &mut [Vec<usize>]) {
        let mut position = self.positions(columns);
        for _ in 0..EXCHANGES_MAX {
            let mut changed = false;
            for column in columns.iter_mut() {
                for place in 1..column.len() {
                    let (upper, lower) = (column[place - 1], column[place]);
                    if self.gain(upper, lower, &position) > 0 {
                        column.swap(place - 1, place);
                        position[upper] = place;
                        position[lower] = place - 1;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// How much less a column costs when two neighbours in it are exchanged.
    fn gain(&self, upper: usize, lower: usize, position: &[usize]) -> i64 {
        let mut gain = 0i64;
        for joined in [&self.before, &self.after] {
            for one in &joined[upper] {
                for other in &joined[lower] {
                    gain += 2 * match position[*one].cmp(&position[*other]) {
                        std::cmp::Ordering::Greater => 1,
                        std::cmp::Ordering::Less => -1,
                        std::cmp::Ordering::Equal => 0,
                    };
                }
            }
        }
        // The upper one comes nearer to all that stand below, and the other way round.
        let below = |item: usize, other: usize| {
            let towards = |one: &&usize| **one != other && position[**one] > position[item];
            let joined = &self.beside[item];
            let others = joined.iter().filter(|one| **one != other).count();
            let below = joined.iter().filter(towards).count();
            2 * signed(below) - signed(others)
        };
        gain + below(upper, lower) - below(lower, upper)
    }

    /// The middle of each item: near what it is joined to, in the order of its column.
    fn placed(&self, columns: &[Vec<usize>], spacing: Spacing) -> Vec<i32> {
        let mut middle = vec![0.0; self.column.len()];
        for column in columns {
            let wishes: Vec<Wish> = column.iter().map(|item| self.wish(*item, 0.0, 1.0, spacing)).collect();
            for (item, place) in column.iter().zip(spread(&wishes)) {
                middle[*item] = place;
            }
        }
        for round in 0..spacing.rounds {
            for step in 0..columns.len() {
                let column = &columns[if round % 2 == 0 { step } else { columns.len() - 1 - step }];
                let wishes: Vec<Wish> = column.iter().map(|item| self.wish_of(*item, &middle, spacing)).collect();
                for (item, place) in column.iter().zip(spread(&wishes)) {
                    middle[*item] = place;
                }
            }
        }
        let mut settled_middles = vec![0; self.column.len()];
        for column in columns {
            let wishes: Vec<Wish> = column.iter().map(|item| self.wish(*item, 0.0, 1.0, spacing)).collect();
            let middles: Vec<f64> = column.iter().map(|item| middle[*item]).collect();
            for (item, place) in column.iter().zip(settled(&wishes, &middles)) {
                settled_middles[*item] = place;
            }
        }
        // The drawing begins at 0.
        let tops = columns.iter().flatten().map(|item| settled_middles[*item] - self.height[*item] / 2);
        let top = tops.min().unwrap_or(0);
        for item in columns.iter().flatten() {
            settled_middles[*item] -= top;
        }
        let mut ends = vec![0; self.columns];
        for item in columns.iter().flatten() {
            let end = &mut ends[self.column[*item]];
            *end = (*end).max(settled_middles[*item] + self.height[*item] / 2 + spacing.gap);
        }
        for item in (0..self.boxes).filter(|item| self.is_alone(*item)) {
            let end = &mut ends[self.column[item]];
            settled_middles[item] = *end + self.height[item] / 2;
            *end += self.height[item] + spacing.gap;
        }
        settled_middles
    }

    fn wish(&self, item: usize, middle: f64, weight: f64, spacing: Spacing) -> Wish {
        let free = if item < self.boxes { spacing.gap } else { 0 };
        Wish { middle, weight, half: (self.height[item] + free) / 2 }
    }

    /// An item asks to stand in the middle of what it is joined to; lanes ask most, so that long lines run straight.
    fn wish_of(&self, item: usize, middle: &[f64], spacing: Spacing) -> Wish {
        let is_lane = |item: usize| item >= self.boxes;
        let (mut sum, mut weights) = (0.0, 0.0);
        for other in self.before[item].iter().chain(&self.after[item]) {
            let weight = match (is_lane(item), is_lane(*other)) {
                (true, true) => 8.0,
                (false, false) => 1.0,
                _ => 2.0,
            };
            sum += weight * middle[*other];
            weights += weight;
        }
        for other in &self.beside[item] {
            sum += 0.25 * middle[*other];
            weights += 0.25;
        }
        self.wish(item, sum / weights, weights, spacing)
    }

    fn finished(
        &self,
        nodes: &[Node],
        lines: &[Line],
        columns: &[Vec<usize>],
        middles: &[i32],
        spacing: Spacing,
    ) -> Layout {
        let left = |item: usize| {
            // Drawings have few columns.
            let column = i32::try_from(self.column[item]).unwrap_or(i32::MAX);
            column * (spacing.width + spacing.gutter)
        };
        let ports = self.ports(columns, middles);
        let port = |item: usize, other: usize, side: usize| {
            let key = (item, other, side);
            middles[item] + ports.get(&key).copied().unwrap_or(0)
        };
        let routes = lines.iter().zip(&self.chains).map(|(line, chain)| {
            let (first, last) = (chain[0], chain[chain.len() - 1]);
            if self.column[first] == self.column[last] {
                let (from, to) = (port(line.from, line.to, 1), port(line.to, line.from, 1));
                let x = left(first) + spacing.width;
                let handle = (spacing.gutter * 5 / 12 + (from - to).abs() / 12).min(spacing.gutter * 7 / 8);
                return Route { start: (x, from), pieces: vec![Piece::Arc((x, to), handle)] };
            }
            // From the line's own beginning, be that left or right.
            let ahead = first == line.from;
            let items: Vec<usize> = if ahead { chain.clone() } else { chain.iter().rev().copied().collect() };
            let (near, far) = if ahead { (0, spacing.width) } else { (spacing.width, 0) };
            let (out, in_) = if ahead { (1, 0) } else { (0, 1) };
            let start = (left(items[0]) + far, port(items[0], items[1], out));
            let mut pieces = Vec::new();
            for pair in items.windows(2) {
                let (one, other) = (pair[0], pair[1]);
                pieces.push(Piece::Curve((left(other) + near, port(other, one, in_))));
                if other >= self.boxes {
                    pieces.push(Piece::Across(left(other) + far));
                }
            }
            Route { start, pieces }
        });
        let places: Vec<(i32, i32)> =
            (0..self.boxes).map(|item| (left(item), middles[item] - self.height[item] / 2)).collect();
        let bottoms = (0..self.column.len()).map(|item| middles[item] + self.height[item] / 2);
        let height = bottoms.max().unwrap_or(0);
        let is_arched =
            |column: usize| (0..self.boxes).any(|item| self.column[item] == column && !self.beside[item].is_empty());
        let rights = nodes
            .iter()
            .enumerate()
            .map(|(item, node)| left(item) + spacing.width + if is_arched(node.column) { spacing.gutter } else { 0 });
        Layout { size: (rights.max().unwrap_or(0), height), routes: routes.collect(), places }
    }

    /// Where lines meet a box, above or below its middle: by box, what the line leads to, and side (0 left, 1 right). Lines
    /// leave in the order of what they lead to.
    fn ports(&self, columns: &[Vec<usize>], middles: &[i32]) -> BTreeMap<(usize, usize, usize), i32> {
        /// Between two lines at a box, and what is left free above and below.
        const STEP_MAX: i32 = 7;
        const MARGIN: i32 = 12;
        let mut ports = BTreeMap::new();
        for item in columns.iter().flatten().copied().filter(|item| *item < self.boxes) {
            for side in [0, 1] {
                let mut others = if side == 0 { self.before[item].clone() } else { self.after[item].clone() };
                if side == 1 {
                    others.extend(&self.beside[item]);
                }
                others.sort_by_key(|other| (middles[*other], *other));
                let gaps = i32::try_from(others.len()).unwrap_or(i32::MAX) - 1;
                let span = (gaps.saturating_mul(STEP_MAX)).min(self.height[item] - MARGIN);
                for (at, other) in (0i32..).zip(others) {
                    let offset = if gaps > 0 { (2 * at - gaps) * span / (2 * gaps) } else { 0 };
                    ports.insert((item, other, side), offset);
                }
            }
        }
        ports
    }
}

fn join(joined: &mut [Vec<usize>], item: usize, other: usize) {
    if !joined[item].contains(&other) {
        joined[item].push(other);
    }
}

/// How many pairs stand in the wrong order, by a tree of sums.
fn inversions(list: &[usize]) -> usize {
    let size = list.iter().max().map_or(0, |most| most + 1);
    let mut tree = vec![0usize; size + 1];
    let mut inversions = 0;
    for (seen, value) in list.iter().enumerate() {
        let mut not_above = 0;
        let mut at = value + 1;
        while at > 0 {
            not_above += tree[at];
            at &= at - 1;
        }
        inversions += seen - not_above;
        let mut at = value + 1;
        while at <= size {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    inversions
}

/// Counts of drawings are small: a float holds them exactly.
fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SPACING: Spacing = Spacing { width: 100, gutter: 60, gap: 10, lane: 6, rounds: 6 };

    fn graph(columns: &[usize], ends: &[(usize, usize, usize)]) -> (Vec<Node>, Vec<Line>) {
        let nodes: Vec<Node> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| Node { column: *column, height: [28, 44, 60][at % 3] })
            .collect();
        let mut lines: Vec<Line> = ends
            .iter()
            .map(|(group, from, to)| Line { group: *group, from: from % nodes.len(), to: to % nodes.len() })
            .filter(|line| line.from != line.to)
            .collect();
        lines.sort_unstable();
        lines.dedup();
        (nodes, lines)
    }

    /// What two things lie on each other, or a line on a box that is not its own.
    fn faults(nodes: &[Node], lines: &[Line], layout: &Layout) -> Vec<String> {
        let mut faults = Vec::new();
        let rectangle = |node: usize| {
            let (x, y) = layout.places[node];
            (f64::from(x), f64::from(y), f64::from(x + SPACING.width), f64::from(y + nodes[node].height))
        };
        for one in 0..nodes.len() {
            let (left, top, right, bottom) = rectangle(one);
            if left < 0.0 || top < 0.0 || right > f64::from(layout.size.0) || bottom > f64::from(layout.size.1) {
                faults.push(format!("box {one} leaves the drawing"));
            }
            for other in 0..one {
                let (other_left, other_top, other_right, other_bottom) = rectangle(other);
                if left < other_right && other_left < right && top < other_bottom && other_top < bottom {
                    faults.push(format!("boxes {other} and {one} overlap"));
                }
            }
        }
        for (line, route) in lines.iter().zip(&layout.routes) {
            let points = route.points(12);
            for node in 0..nodes.len() {
                let (left, top, right, bottom) = rectangle(node);
                let inside = |(x, y): &(f64, f64)| *x > left + 1e-9 && *x < right - 1e-9 && *y > top && *y < bottom;
                if points.iter().any(inside) {
                    faults.push(format!("line {line:?} runs over box {node}"));
                }
            }
            let touches = |(x, y): (f64, f64), node: usize| {
                let (left, top, right, bottom) = rectangle(node);
                (x == left || x == right) && y > top && y < bottom
            };
            if !touches(points[0], line.from) || !touches(points[points.len() - 1], line.to) {
                faults.push(format!("line {line:?} does not join its boxes"));
            }
            if points
                .iter()
                .any(|(x, y)| *x < 0.0 || *y < 0.0 || *x > f64::from(layout.size.0) || *y > f64::from(layout.size.1))
            {
                faults.push(format!("line {line:?} leaves the drawing"));
            }
        }
        faults
    }

    #[test]
    fn crossings_are_counted() {
        assert_eq!(inversions(&[0, 1, 2]), 0);
        assert_eq!(inversions(&[2, 1, 0]), 3);
        assert_eq!(inversions(&[1, 1, 0, 5, 3]), 3);
        assert_eq!(inversions(&[]), 0);
    }

    #[test]
    fn lines_that_need_not_cross_do_not() {
        let (nodes, lines) = graph(&[0, 0, 0, 1, 1, 1], &[(0, 0, 5), (0, 1, 4), (0, 2, 3)]);
        let layout = lay_out(&nodes, &lines, SPACING);
        let down = |left: usize, right: usize| layout.places[left].1 < layout.places[right].1;
        assert_eq!(down(0, 1), down(5, 4));
        assert_eq!(down(1, 2), down(4, 3));
    }

    #[test]
    fn nothing_is_a_drawing_too() {
        assert_eq!(lay_out(&[], &[], SPACING).size, (0, 0));
        let alone = lay_out(&[Node { column: 0, height: 28 }], &[], SPACING);
        assert_eq!((alone.size, alone.places), ((100, 28), vec![(0, 0)]));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        #[test]
        fn nothing_lies_on_anything_and_every_line_joins_its_boxes(
            columns in prop::collection::vec(0usize..7, 1..60),
            ends in prop::collection::vec((0usize..3, 0usize..60, 0usize..60), 0..120),
        ) {
            let (nodes, lines) = graph(&columns, &ends);
            let layout = lay_out(&nodes, &lines, SPACING);
            prop_assert_eq!(faults(&nodes, &lines, &layout), Vec::<String>::new());
        }

        #[test]
        fn the_order_of_lines_does_not_matter(
            columns in prop::collection::vec(0usize..5, 2..30),
            ends in prop::collection::vec((0usize..2, 0usize..30, 0usize..30), 0..60),
            turn in 0usize..60,
        ) {
            let (nodes, lines) = graph(&columns, &ends);
            let mut turned = lines.clone();
            turned.reverse();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            let (one, other) = (lay_out(&nodes, &lines, SPACING), lay_out(&nodes, &turned, SPACING));
            prop_assert_eq!(&one.places, &other.places);
            for (line, route) in turned.iter().zip(&other.routes) {
                let at = lines.iter().position(|known| known == line).expect("it is one of them");
                prop_assert_eq!(route, &one.routes[at]);
            }
        }
    }
}
