import { expect } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import type { GivenByRole } from '../../src/bind/bound.ts'
import { givenOf, type Inputs, type Value } from '../../src/run/inputs.ts'
import type { ModelCase } from '../../src/verify/generators/model-case.ts'

export function loadedFrom(text: string): Loaded {
  const { value, diagnostics } = load({ name: 'm.amp', text })
  return must(value, JSON.stringify(diagnostics))
}

export const given = (inputs: Inputs): GivenByRole => must(givenOf(inputs).value, 'inputs')

/** A case as a user would give it: all but the states, and the states. Elements are numbered from 1. */
export function asGiven(
  { energy }: Loaded,
  { sizes, values }: ModelCase,
): { readonly fixed: Inputs; readonly point: Record<string, Value> } {
  const inputs: Record<'data' | 'memory' | 'param', Record<string, Value>> = { data: {}, memory: {}, param: {} }
  const point: Record<string, Value> = {}
  for (const { name, role, axes, type } of energy.variables) {
    const numbers = must(values[name], name)
    const data = type.kind === 'element' ? numbers.map((v) => v + 1) : numbers
    const value = { shape: axes.map((a) => must(sizes[a], a)), data }
    if (role === 'state') point[name] = value
    else inputs[role === 'input' ? 'data' : role][name] = value
  }
  return { fixed: inputs, point }
}

/** Two numbers that were reckoned in two ways, each by sums of numbers as large as `scale`. */
export function close(got: number, wanted: number, scale = 1, tolerance = 1e-10): void {
  if (Object.is(got, wanted)) return
  expect(Math.abs(got - wanted), `${got}, wanted ${wanted}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted), Math.abs(scale)))
}
