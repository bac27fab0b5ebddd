import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { draw } from '../../src/families/markov.ts'
import type { Energy } from '../../src/middle/energy.ts'
import { energyOf, freeEnergy, run, sizesOf, total, tuples } from '../compile/models.ts'

/** Moves of two states over four elements, those of the first of which are used by nothing. */
const moves = [
  [[0.5, 0.5], [0.5, 0.5]],
  [[0.9, 0.1], [0.3, 0.7]],
  [[0.2, 0.8], [0.6, 0.4]],
  [[1, 0], [0.25, 0.75]],
] as const // biome-ignore format: tables
const first = [0.85, 0.15] as const

function probability(s: readonly number[], at: (t: number) => readonly (readonly number[])[], start: readonly number[]): number {
  return s.reduce((p, k, t) => p * (t === 0 ? (start[k] as number) : (at(t)[s[t - 1] as number]?.[k] as number)), 1)
}

const forms = [
  { what: 'moves alone', move: 'move[k, to]', args: 'move', at: () => moves[1], start: [0.5, 0.5] },
  { what: 'moves and a first state', move: 'move[k, to]', args: 'move, first', at: () => moves[1], start: first },
  { what: 'moves along the chain', move: 'move[t, k, to]', args: 'move', at: (t: number) => moves[t], start: [0.5, 0.5] },
  { what: 'both', move: 'move[t, k, to]', args: 'move, first = first', at: (t: number) => moves[t], start: first },
] as const

describe.each(forms)('a chain by $what', ({ move, args, at, start }) => {
  const along = move.includes('t,')
  const text = `model m\naxis t = 4\naxis k = 2\naxis to = size(k)\ndata ${move}\ndata first[k]\nstate s[t] : k\ns ~ markov[t](${args})\n`
  const energy = energyOf(text)
  const values = { move: (along ? moves : moves[1]).flat(3) as number[], first: [...first] }
  const all = tuples([0, 1], 4)
  const of = (s: readonly number[]): number => probability(s, at as (t: number) => readonly (readonly number[])[], start)

  it('has the probability of its moves', () => {
    // Products of four numbers, in logs.
    for (const s of all) expect(Math.exp(-total(energy, {}, { ...values, s }))).toBeCloseTo(of(s), 14)
  })

  it('is summed out exactly, at another temperature too', () => {
    const summed = marginalise(energy, 'auto').value as Energy
    expect(summed.marginalised.map((m) => m.name)).toEqual(['s'])
    for (const T of [1, 2.5]) {
      const F = freeEnergy(
        all.map((s) => -Math.log(of(s))),
        T,
      )
      expect(total(summed, {}, { ...values, 'the temperature': [T] })).toBeCloseTo(F, 12)
    }
    const out = run(summed.graph, sizesOf(summed.axes, {}), { ...values, 'the temperature': [1] })
    const last = all.filter((s) => s[3] === 1).reduce((p, s) => p + of(s), 0)
    expect(out['responsibility:s']?.[7]).toBeCloseTo(last, 13)
  })

  it('is drawn so', () => {
    const stream = new Stream(keyFromSeed(5))
    const given = [Float64Array.from(values.move), ...(args.includes('first') ? [Float64Array.from(first)] : [])]
    const counts = new Map<string, number>()
    for (let i = 0; i < 20_000; i += 1) {
      const key = draw.vector(stream, given as never, 4, 2).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    // Seven standard errors, and a count of 15 where few are expected: a false alarm in 1e9 or less.
    for (const s of all) {
      const p = of(s)
      expect(Math.abs((counts.get(s.join()) ?? 0) / 20_000 - p)).toBeLessThan(7 * Math.sqrt((p * (1 - p)) / 20_000) + 15 / 20_000)
    }
  })
})
