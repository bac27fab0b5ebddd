import { type FitOptions, type FitResult, fit as fitted } from '../../src/api/fit.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

export function fitOf(text: string, given: Inputs, options: FitOptions = {}): FitResult {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const { value, diagnostics } = fitted(loaded, must(givenOf(given).value, 'given'), options)
  return must(value, JSON.stringify(diagnostics))
}

/** Rows of standard normal numbers. */
export function normals(rows: number, width: number, seed: number): readonly (readonly number[])[] {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: rows }, () => Array.from({ length: width }, () => stream.normal()))
}
