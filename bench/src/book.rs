//! Figures of many runs: entered by server, load, name and run, read as medians and ratios.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::report::{figure, median};

/// What a table shows where there is no figure.
const NONE: &str = "–";

/// All figures of one layout.
#[derive(Debug, Default)]
pub struct Book {
    entries: BTreeMap<(String, String, String), BTreeMap<usize, f64>>,
}

impl Book {
    /// Enters every number of one line of the load generator.
    pub fn enter(&mut self, run: usize, server: &str, line: &Value) {
        let load = line["load"].as_str().unwrap_or_default();
        for (name, value) in line.as_object().into_iter().flatten() {
            if let Some(value) = value.as_f64() {
                let key = (server.to_owned(), load.to_owned(), name.clone());
                self.entries.entry(key).or_default().insert(run, value);
            }
        }
    }

    fn runs(&self, server: &str, load: &str, name: &str) -> Vec<(usize, f64)> {
        let key = (server.to_owned(), load.to_owned(), name.to_owned());
        self.entries.get(&key).into_iter().flatten().map(|(run, value)| (*run, *value)).collect()
    }

    /// The median over all runs.
    pub fn median(&self, server: &str, load: &str, name: &str) -> Option<f64> {
        let values: Vec<f64> = self.runs(server, load, name).into_iter().map(|(_, value)| value).collect();
        (!values.is_empty()).then(|| median(&values))
    }

    /// The sum over all runs of several loads as a cell of a table.
    pub fn sum_cell(&self, server: &str, loads: &[&str], name: &str) -> String {
        let all: Vec<f64> =
            loads.iter().flat_map(|load| self.runs(server, load, name)).map(|(_, value)| value).collect();
        if all.is_empty() { NONE.to_owned() } else { format!("{:.0}", all.iter().sum::<f64>()) }
    }

    /// The highest median over several loads as a cell of a table.
    pub fn worst_cell(&self, server: &str, loads: &[&str], name: &str) -> String {
        let all = loads.iter().filter_map(|load| self.median(server, load, name));
        all.reduce(f64::max).map_or_else(|| NONE.to_owned(), |worst| format!("{worst:.2}"))
    }

    /// The median of the ratios to another server in the same run.
    pub fn ratio(&self, server: &str, load: &str, name: &str, other: &str) -> Option<f64> {
        let others: BTreeMap<usize, f64> = self.runs(other, load, name).into_iter().collect();
        let mine = self.runs(server, load, name);
        let ratios: Vec<f64> =
            mine.iter().filter_map(|(run, value)| Some(value / others.get(run)?)).collect();
        (!ratios.is_empty()).then(|| median(&ratios))
    }

    /// The median as a cell of a table.
    pub fn cell(&self, server: &str, load: &str, name: &str) -> String {
        self.median(server, load, name).map_or_else(|| NONE.to_owned(), figure)
    }

    /// The ratio as a cell of a table.
    pub fn ratio_cell(&self, server: &str, load: &str, name: &str, other: &str) -> String {
        self.ratio(server, load, name, other).map_or_else(|| NONE.to_owned(), |r| format!("{r:.2}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ratios_pair_the_figures_of_the_same_run() {
        let mut book = Book::default();
        for (run, server, us) in
            [(0, "floor", 4.0), (0, "x", 6.0), (1, "x", 100.0), (2, "floor", 2.0), (2, "x", 3.0)]
        {
            book.enter(run, server, &json!({ "load": "W1", "cpu_us": us }));
        }
        assert_eq!(book.ratio("x", "W1", "cpu_us", "floor"), Some(1.5));
        assert_eq!(book.median("x", "W1", "cpu_us"), Some(6.0));
        assert_eq!(book.cell("y", "W1", "cpu_us"), "–");
    }
}
