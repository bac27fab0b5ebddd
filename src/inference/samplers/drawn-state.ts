/** A variable that is drawn, and its coordinates, in which all others know it. */
export interface DrawnState {
  readonly name: string
  /** Where its coordinates are among all. */
  readonly places: Int32Array
  /** 1 for those that stay. */
  readonly held: Uint8Array
  /** Its own coordinates, from its values after `invert`. */
  readonly coordinates: Float64Array
  invert(): void
}

/** Coordinates of a value that is rounded to an end of its support: the least positive number, and the last one below 1. */
const [LEAST, MOST] = [-744, 36]

/** Puts the coordinates of what was drawn among all. A share of nothing has no number: any does. */
export function settle({ places, held, coordinates, invert }: DrawnState, all: Float64Array): void {
  invert()
  for (let i = 0; i < places.length; i += 1) {
    const y = coordinates[i] as number
    if (held[i] !== 1)
      all[places[i] as number] = Number.isNaN(y) ? 0 : Math.min(Math.max(y, y === -Infinity ? LEAST : y), y === Infinity ? MOST : y)
  }
}
