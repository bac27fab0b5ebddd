import { LogSum } from './log-mean.ts'

/** Numbers that each take one of a few levels. */
export interface EnumeratedField {
  readonly values: Float64Array
  readonly levels: Float64Array
  /** 1 for those that stay. */
  readonly held?: Uint8Array
}

/** How many configurations there are. */
export function configurations(fields: readonly EnumeratedField[]): number {
  return fields.reduce((product, f) => product * freeSites(f).reduce((p) => p * f.levels.length, 1), 1)
}

/** log of the sum of exp(log()) over all configurations of the fields, each written into their values in turn. */
export function logSumOver(fields: readonly EnumeratedField[], log: () => number): number {
  const sites = fields.flatMap((field) => freeSites(field).map((place) => ({ field, place, at: 0 })))
  for (const { field, place } of sites) field.values[place] = field.levels[0] as number
  const sum = new LogSum()
  for (;;) {
    const term = log()
    if (Number.isNaN(term) || term === Number.POSITIVE_INFINITY) return term
    sum.add(term)
    let k = 0
    for (; k < sites.length; k += 1) {
      const site = sites[k] as (typeof sites)[number]
      site.at = site.at + 1 === site.field.levels.length ? 0 : site.at + 1
      site.field.values[site.place] = site.field.levels[site.at] as number
      if (site.at > 0) break
    }
    if (k === sites.length) return sum.log()
  }
}

function freeSites({ values, held }: EnumeratedField): readonly number[] {
  return [...values.keys()].filter((i) => held?.[i] !== 1)
}
