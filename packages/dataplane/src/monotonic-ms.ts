/**
 * Milliseconds of a clock that never goes back and stands still while the machine sleeps, as the kernel's timeouts of set
 * elements do: CLOCK_MONOTONIC (clock_gettime(2)), which all processes share for as long as the kernel lives.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
