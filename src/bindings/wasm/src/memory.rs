//! How the page reaches the engine: buffers that it fills, and one function.
//!
//! This is the only place with unsafe code: the page gives addresses, and has to give back what it was given.

use std::cell::RefCell;

use crate::Engine;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Room for a request of so many bytes.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Answers the request in a buffer of [`allocate`], which is taken back. The answer begins with its length, 4 bytes, least first; it is
/// given back by [`release`].
///
/// # Safety
/// `request` is what [`allocate`] gave for `length`, and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn ask(request: *mut u8, length: usize) -> *mut u8 {
    // SAFETY: by contract it is a buffer of that length that nobody else has.
    let request = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(request, length)) };
    let answer = ENGINE.with_borrow_mut(|engine| engine.ask(&request));
    let mut out = u32::try_from(answer.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
    out.extend(answer);
    Box::into_raw(out.into_boxed_slice()).cast()
}

/// Gives an answer of `length` bytes back, with the 4 bytes of its length besides.
///
/// # Safety
/// `answer` is what [`ask`] gave, and is not used again.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn release(answer: *mut u8, length: usize) {
    // SAFETY: by contract it is a buffer of that length and 4 bytes that nobody else has.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(answer, length + 4)) });
}
