import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compile/lower.ts'
import { modelOf } from './models.ts'

/** What each rule is, in words: those that are supplied in brackets. */
function rulesOf(text: string): readonly string[] {
  const energy = lower(modelOf(text)).value
  return (energy?.rules ?? []).map(({ kind, target, places, axes, supplied }) => {
    const at = places.map((p) => `${p.axis} = ${p.index === undefined ? 'new' : `over [${p.index.axes.join(', ')}]`}`).join(', ')
    const rule = `${kind} ${target}[${at}] over [${axes.join(', ')}]`
    return supplied ? `(${rule})` : rule
  })
}

describe('rules', () => {
  it('keep the declared order of the axes that they leave', () => {
    const text = `memory R[z, level, a] : nonnegative
state v[z] : level
state x[a]
energy sum[a](x^2) - sum[z, a](log(R)[level = v])
write R[level = v] = R[level = v] + x^2`
    expect(rulesOf(text)).toEqual(['write R[level = over [z]] over [z, a]'])
  })

  it('are supplied for a memory that just one state is a row of', () => {
    expect(rulesOf('memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))')).toEqual([
      '(write xi[pattern = new] over [pixel])',
    ])
  })

  it.each([
    // Either axis may be the one that grows.
    'memory W[a, b]\nstate x[a]\nstate y[b]\nenergy sum[a](x^2) + sum[b](y^2) - sum[a, b](x * W * y)',
    // Data along the axis have no value for a new element.
    'memory xi[p, a]\ndata w[p]\nstate x[a]\nenergy sum[a](x^2) - logsumexp[p](w * sum[a](xi * x))',
    // The size is fixed.
    'axis p = 3\nmemory xi[p, a]\nstate x[a]\nenergy sum[a](x^2) - logsumexp[p](sum[a](xi * x))',
    // The state is of another type.
    'memory xi[p, a] : spin\nstate x[a]\nenergy sum[a](x^2) - logsumexp[p](sum[a](xi * x))',
    // What is remembered has a prior: writing conditions on it.
    'memory xi[p, a] ~ normal(0, 1)\nstate x[a]\nenergy sum[a](x^2) - logsumexp[p](sum[a](xi * x))',
  ])('are not supplied where none is plain: %s', (text) => {
    expect(rulesOf(text)).toEqual([])
  })
})
