/**
 * Runs work that keeps this thread busy: as it is, or (the command line) so that Ctrl-C breaks it off. What can be had
 * `instead` is then returned; where nothing can, it throws.
 */
export type Busy = <T>(work: () => T, instead?: () => T) => T

export const plainly: Busy = (work) => work()
