import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { retrieve } from '../../src/api/retrieve.ts'
import { openStore } from '../../src/api/store/open.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedOf, numbersOf } from './setting.ts'

const storeOf = (text: string, begun: Inputs = {}) => must(openStore(loadedOf(text), given(begun)).value, 'store')
const codesOf = ({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }): readonly string[] =>
  diagnostics.map((d) => d.code)

describe('rules', () => {
  it('add up random features, to what they add up to by hand, and take them out again', async () => {
    const text = readFileSync('test/language/random_feature_memory.amp', 'utf8')
    const S = [[1, -0.5], [0.3, 2], [-1.2, 0.7]] // biome-ignore format: rows
    const store = storeOf(text, { data: { omega: S }, param: { beta: 0.25 } })
    const patterns = [[0.1, 0.2], [-0.4, 0.5], [0.7, -0.3]] // biome-ignore format: rows
    expect(codesOf(await store.write(given({ observed: { x: patterns } })))).toEqual([])
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
    const phi = (x: readonly number[]): readonly number[] => S.map((s) => Math.exp(0.5 * dot(s, x) - 0.25 * dot(x, x)) / Math.sqrt(3))
    const sumOf = (all: readonly (readonly number[])[]): readonly number[] =>
      all.map(phi).reduce((a, b) => a.map((v, i) => v + (b[i] as number)))
    const near = (found: readonly number[] | undefined, wanted: readonly number[]): void => {
      expect(found?.length).toBe(wanted.length)
      for (const [i, v] of wanted.entries()) expect(found?.[i]).toBeCloseTo(v, 12)
    }
    near(numbersOf(store, 'T'), sumOf(patterns))
    expect(codesOf(store.forget(given({ observed: { x: patterns[1] as readonly number[] } })))).toEqual([])
    near(numbersOf(store, 'T'), sumOf(patterns.filter((_, i) => i !== 1)))
    // Other features than those that were added up are no memory of the same.
    expect(
      codesOf(await store.write(given({ data: { omega: S.map((row) => row.map((v) => v + 1)) }, observed: { x: patterns } }))),
    ).toEqual(['AMP808'])
  })

  it('count in a register, a level each feature', async () => {
    const store = storeOf(`axis level = 3
memory R[feature, level] : nonnegative = 0
state v[feature] : level
energy -sum[feature](log(R + 1)[level = v])
write R[level = v] = R[level = v] + 1`)
    await store.write(given({ observed: { v: [[1, 3], [1, 2], [2, 3]] } })) // biome-ignore format: rows
    expect(numbersOf(store, 'R')).toEqual([2, 1, 0, 0, 1, 2])
  })

  it('run all at once on the memories as they were', async () => {
    const store = storeOf('memory a = 1\nmemory b = 2\nstate x\nenergy x^2 * (a^2 + b^2)\nwrite a = b + x\nwrite b = a')
    await store.write(given({ observed: { x: [10, 100] } }))
    // (1, 2) -> (12, 1) -> (101, 12): one after the other b would follow a.
    expect([numbersOf(store, 'a'), numbersOf(store, 'b')]).toEqual([[101], [12]])
  })

  it('append elements of axes, numbered from 1, and in the middle of the axes of a memory', async () => {
    const store = storeOf(`axis class = 4
memory label[pattern] : class
memory key[row, pattern, col]
state c : class
state x[col, row]
energy sum[row, col](x^2) - logsumexp[pattern](sum[row, col](key * x)) - sum[pattern](c == label)
write label[pattern = new] = c
write key[pattern = new] = x`)
    const x = [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]] // biome-ignore format: two of three columns and two rows
    expect(codesOf(await store.write(given({ observed: { c: [4, 2], x } })))).toEqual([])
    expect(numbersOf(store, 'label')).toEqual([4, 2])
    expect(numbersOf(store, 'key')).toEqual([1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12])
    const found = await retrieve(loadedOf('state x\nenergy x^2'), given({}))
    expect(found.ok).toBe(true)
  })

  it('may read a memory that grows: each pattern sees those before it', async () => {
    const store = storeOf(`memory xi[pattern, i]
memory seen = 0
state x[i]
energy sum[i](x^2) + seen^2 - logsumexp[pattern](sum[i](xi * x))
write xi[pattern = new] = x
write seen = seen + sum[pattern, i](xi * x)`, { memory: { xi: [[1, 1]] } }) // biome-ignore format: a text
    await store.write(given({ observed: { x: [[2, 0], [0, 3]] } })) // biome-ignore format: rows
    // (1,1).(2,0), then (1,1).(0,3) + (2,0).(0,3)
    expect(numbersOf(store, 'seen')).toEqual([5])
    expect(numbersOf(store, 'xi')).toEqual([1, 1, 2, 0, 0, 3])
  })

  it.each([
    ['two would do', 'memory W[a, b]\nstate x[a]\nstate y[b]\nenergy sum[a](x^2) + sum[b](y^2) - sum[a, b](x * W * y)'],
    ['what has a prior has no posterior of its form', 'memory W[a] ~ normal(0, 1)\nstate x[a] ~ normal(tanh(W), 1)'],
    ['a memory beside it has none', 'memory xi[p, a]\nmemory w[p]\nstate x[a]\nenergy sum[a](x^2) - logsumexp[p](w + sum[a](xi * x))'],
    ['there is no memory', 'state x[a]\nenergy sum[a](x^2)'],
  ])('are asked for where %s', async (_, text) => {
    const written = await storeOf(text).write(given({ observed: { x: [1, 2] } }))
    expect(codesOf(written)).toEqual(['AMP803'])
    expect(written.ok).toBe(false)
  })
})

describe('what is not observed', () => {
  const text = `memory xi[pattern, pixel]
state x[pixel]
energy -logsumexp[pattern](8 * sum[pixel](xi * x)) / 8 + sum[pixel](x^2) / 2`

  it('is retrieved first, as retrieve does it with the memories before, and the result says so', async () => {
    const store = storeOf(text, { memory: { xi: [[1, 0, 1, 0], [0, 1, 0, 1]] } }) // biome-ignore format: rows
    const part = { observed: { x: [1, null, null, 0] } }
    const alone = await retrieve(loadedOf(text), must(store.given(given(part)).value, 'given'))
    const expected = Array.from(must(alone.value?.retrievals[0]?.states.x, 'x').data)
    const written = await store.write(given(part))
    expect(written.value?.retrieved).toEqual({ states: ['x'], patterns: 1, notAtRest: 0 })
    expect(numbersOf(store, 'xi')?.slice(8)).toEqual(expected)
    expect(expected[2]).toBeGreaterThan(0.9)
  })

  it('is retrieved in the middle of a stream, with the patterns before it', async () => {
    const store = storeOf(text, { memory: { xi: [[1, 1, 0, 0]] } })
    const written = await store.write(function* () {
      yield { ok: true, value: given({ observed: { x: [[0, 0, 1, 1]] } }), diagnostics: [] }
      yield { ok: true, value: given({ observed: { x: [[0, null, 1, null]] } }), diagnostics: [] }
    })
    expect(written.value?.retrieved.patterns).toBe(1)
    const xi = must(numbersOf(store, 'xi'), 'xi')
    expect(xi.slice(4, 8)).toEqual([0, 0, 1, 1])
    // The pattern that was just written completes it.
    expect(xi[11]).toBeGreaterThan(0.9)
  })

  it('is written where it was, with a warning, where the retrieval did not come to rest', async () => {
    const store = storeOf(text, { memory: { xi: [[1, 0, 1, 0], [0, 1, 0, 1]] } }) // biome-ignore format: rows
    const written = await store.write(given({ observed: { x: [0.6, null, null, 0.5] } }), { retrieve: { maxSteps: 1 } })
    expect(codesOf(written)).toEqual(['AMP811'])
    expect(written.value?.retrieved.notAtRest).toBe(1)
  })
})
