import { pow } from '../../base/special/pow.ts'

/** What float32 can resolve, in one place. Its unit of rounding is 2^-24 = 6e-8, relative. */

/**
 * The finest relative change of a coordinate that says anything: a fixed-point step is a weighted mean of up to some ten
 * thousand patterns, good to about 32 units of rounding; below 2^-16 (256 units) steps are noise.
 */
export const tfjsTolerance = pow(2, -16)

/**
 * What one operation may be off by, relative, and what an output may be off by besides, relative to its largest number.
 * Most operations are good to a unit; sums of a few terms and what is written in terms of others (log1p, logcosh) to
 * about 8, and 16 leaves room. Approximations of sin, tanh and erf are good to 3e-7 of 1, not of themselves, and what
 * comes after may magnify that some ten times.
 */
export const float32Tolerance = { unit: pow(2, -20), floor: 1e-5 } as const
