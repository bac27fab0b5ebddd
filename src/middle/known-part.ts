/**
 * What is known of a discrete state that is summed out although a part of it is observed: an input over its axes
 * (`ports.knownPart`) with the value of each known element (elements of an axis counted from 0) and this where none is known.
 * No type has it among its values.
 */
export const UNKNOWN = -2
