/** Remembers the last few settings of some discrete values. */
export interface Recent {
  /** How many steps ago the present values were there before, if within memory; remembers them. */
  seenBefore(): number | undefined
}

/** Energies of pairs have cycles of 2 only (Goles-Chacc, Fogelman-Soulie & Pellegrin 1985); others may have longer ones. */
const KEPT = 16

export function recent(values: readonly Float64Array[]): Recent {
  const past: (readonly Float64Array[])[] = [values.map((v) => v.slice())]
  return {
    seenBefore() {
      const found = past.findLastIndex((old) => old.every((v, k) => same(v, values[k] as Float64Array)))
      const ago = found < 0 ? undefined : past.length - found
      past.push(values.map((v) => v.slice()))
      if (past.length > KEPT) past.shift()
      return ago
    },
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i])
}
