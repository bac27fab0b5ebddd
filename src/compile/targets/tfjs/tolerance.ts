/**
 * What float32 can resolve, in one place. Its unit of rounding is 2^-24 = 6e-8, relative.
 */

/**
 * How far two energies may differ by rounding alone, relative to the sum of the magnitudes of their terms: sums of up to
 * 512 terms in blocks, a product of matrices before them and a logsumexp around them each leave some ten to a hundred
 * units; 2^-18 is 64 of them.
 */
export const tfjsResolution = 2 ** -18

/**
 * The finest relative change of a coordinate that says anything: a fixed-point step is a weighted mean of up to some ten
 * thousand patterns, good to about 32 units of rounding; below 2^-16 (256 units) steps are noise.
 */
export const tfjsTolerance = 2 ** -16
