//! The order of columns in which relations between them are short.

/// With more columns than this the order that was given stays: all sets of columns are looked at.
const COLUMNS_MAX: usize = 14;

/// An order of `count` columns in which the lines between them are as short as they can be, counted in columns: a
/// minimum linear arrangement, found exactly by going through all sets of columns (Held and Karp 1962, on the cuts of
/// the arrangement). Of orders that are equally good the one that keeps the given order longest is taken, and of an order and its
/// reverse the one in which more lines run forwards.
///
/// `lines` are pairs of columns, from what comes first to what follows; their order does not matter.
#[must_use]
pub fn arrange(count: usize, lines: &[(usize, usize)]) -> Vec<usize> {
    if count > COLUMNS_MAX {
        return (0..count).collect();
    }
    let mut weights = vec![vec![0u32; count]; count];
    for (from, to) in lines.iter().filter(|(from, to)| from != to) {
        weights[*from][*to] += 1;
        weights[*to][*from] += 1;
    }
    // `best[set]`: the least length of all lines' parts that lie among the columns of `set`, these standing first. The
    // lines that leave the set cross the border behind it, wherever they lead.
    let sets = 1usize << count;
    let mut best = vec![u64::MAX; sets];
    let mut last = vec![0usize; sets];
    best[0] = 0;
    for set in 1..sets {
        let cut: u64 = (0..count)
            .filter(|one| set & (1 << one) != 0)
            .flat_map(|one| (0..count).filter(move |other| set & (1 << other) == 0).map(move |other| (one, other)))
            .map(|(one, other)| u64::from(weights[one][other]))
            .sum();
        // From the last to the first: of equals the column that was given later stands later.
        for column in (0..count).rev().filter(|column| set & (1 << column) != 0) {
            let length = best[set & !(1 << column)].saturating_add(cut);
            if length < best[set] {
                best[set] = length;
                last[set] = column;
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut set = sets - 1;
    while set != 0 {
        order.push(last[set]);
        set &= !(1 << last[set]);
    }
    order.reverse();
    let mut place = vec![0; count];
    for (at, column) in order.iter().enumerate() {
        place[*column] = at;
    }
    let forwards = lines.iter().filter(|(from, to)| place[*from] < place[*to]).count();
    let backwards = lines.iter().filter(|(from, to)| place[*from] > place[*to]).count();
    if backwards > forwards {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(order: &[usize], lines: &[(usize, usize)]) -> usize {
        let place = |column: usize| order.iter().position(|known| *known == column).expect("every column has a place");
        lines.iter().map(|(from, to)| place(*from).abs_diff(place(*to))).sum()
    }

    #[test]
    fn no_other_order_is_shorter() {
        let lines = [(0, 3), (0, 3), (3, 1), (1, 4), (2, 4), (2, 0), (1, 1)];
        let found = arrange(5, &lines);
        let mut order = vec![0, 1, 2, 3, 4];
        let mut shortest = usize::MAX;
        permute(&mut order, 0, &mut |order| shortest = shortest.min(length(order, &lines)));
        assert_eq!(length(&found, &lines), shortest, "{found:?}");
    }

    fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            return visit(order);
        }
        for at in from..order.len() {
            order.swap(from, at);
            permute(order, from + 1, visit);
            order.swap(from, at);
        }
    }

    #[test]
    fn lines_run_forwards_and_what_has_none_stays() {
        assert_eq!(arrange(3, &[(2, 1), (1, 0)]), [2, 1, 0]);
        assert_eq!(arrange(3, &[]), [0, 1, 2]);
        assert_eq!(arrange(20, &[(19, 0)]), (0..20).collect::<Vec<_>>());
        assert!(arrange(0, &[]).is_empty());
    }
}
