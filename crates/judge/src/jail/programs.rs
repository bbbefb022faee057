//! What a locked-in process becomes. The text of every line that it writes is untrusted from here on.

use super::canary;
use super::lock_in::Ends;
use super::order::{Order, Program};
use std::fs::File;
use std::io::Read;

mod javascript;
mod python;

/// Becomes the program of an order and never comes back, unless an interpreter can not be executed. Closes `setup` when
/// the last step that may fail is done.
pub(super) fn become_program(order: &Order, ends: Ends, setup: &mut Option<File>) -> String {
    match &order.program {
        Program::JavaScript(source) => {
            *setup = None;
            javascript::serve(source, order, ends)
        }
        // The setup pipe closes itself when the interpreter begins.
        Program::Python(_, python) => python::execute(python, &ends),
        Program::Canary(canary, _) => {
            *setup = None;
            canary::serve(*canary, ends)
        }
    }
}

/// Reads one test; `None` when there are no more.
pub(super) fn next_test(from: &mut impl Read) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).ok()?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    from.read_exact(&mut body).ok()?;
    Some(body)
}
