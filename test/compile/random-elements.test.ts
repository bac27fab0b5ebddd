import { describe, expect, test } from 'vitest'
import { marginalise } from '../../src/compile/marginalise.ts'
import type { Energy } from '../../src/middle/energy.ts'
import { UNKNOWN } from '../../src/middle/known-part.ts'
import * as ports from '../../src/middle/ports.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { Draw, energyOf, freeEnergy, run, sizesOf, total, tuples, type Values } from './models.ts'
import { type ElementsModel, elementsModel } from './random-elements.ts'

/** Every joint value of the discrete states, with its energy. */
interface Enumerated {
  readonly states: readonly (readonly number[])[]
  readonly energy: number
}

/** Of each state which elements are known, and their values; UNKNOWN elsewhere. */
type Known = Readonly<Record<string, readonly number[]>>

function enumerated(energy: Energy, { open, values, discrete }: ElementsModel): readonly Enumerated[] {
  const sizes = sizesOf(energy.axes, open)
  const names = Object.keys(discrete)
  const buffers = new Map(energy.variables.map((v) => [v.name, Float64Array.from(values[v.name] ?? { length: lengthOf(v.axes, sizes) })]))
  const { outputs, run: work } = kernel(energy.graph, sizes, { buffers })
  const every = names.map((name) => {
    const { axes } = energy.variables.find((v) => v.name === name) as Energy['variables'][number]
    return tuples(discrete[name] as readonly number[], lengthOf(axes, sizes))
  })
  const joint = every.reduce((all: readonly (readonly (readonly number[])[])[], one) => all.flatMap((a) => one.map((x) => [...a, x])), [[]])
  return joint.map((states) => {
    names.forEach((name, i) => {
      buffers.get(name)?.set(states[i] as readonly number[])
    })
    work()
    return { states, energy: energy.terms.reduce((sum, t) => sum + (outputs.get(ports.term(t.name))?.[0] as number), 0) }
  })
}

function lengthOf(axes: readonly string[], sizes: Readonly<Record<string, number>>): number {
  return axes.reduce((n, a) => n * (sizes[a] as number), 1)
}

const models = Array.from({ length: 30 }, (_, n) => elementsModel(1, n))

/** -T log sum exp(-E/T) of those that agree with what is known, and the probabilities of the levels of each state. */
function exact(all: readonly Enumerated[], { discrete }: ElementsModel, T: number, known: Known = {}) {
  const agrees = ({ states }: Enumerated): boolean =>
    Object.keys(discrete).every((name, k) => states[k]?.every((x, i) => [UNKNOWN, x].includes(known[name]?.[i] ?? UNKNOWN)))
  const those = all.filter(agrees)
  const F = freeEnergy(
    those.map((a) => a.energy),
    T,
  )
  const shares = Object.values(discrete).map((levels, k) => {
    const p = new Float64Array((all[0]?.states[k]?.length ?? 0) * levels.length)
    for (const { states, energy } of those) {
      for (const [site, x] of (states[k] as readonly number[]).entries()) {
        const i = site * levels.length + levels.indexOf(x)
        p[i] = (p[i] as number) + Math.exp(-(energy - F) / T)
      }
    }
    return p
  })
  return { F, shares }
}

/** What is known of about a third of the elements. */
function partlyKnown({ discrete }: ElementsModel, lengths: readonly number[], seed: number): Known {
  const draw = new Draw(seed).stream('known')
  const one = (levels: readonly number[]): number => (draw.uniform() < 0.35 ? (levels[draw.integer(levels.length)] as number) : UNKNOWN)
  return Object.fromEntries(
    Object.entries(discrete).map(([name, l], k) => [name, Array.from({ length: lengths[k] as number }, () => one(l))]),
  )
}

const T = 0.7

describe.each(models.map((model, n) => ({ n, model })))('energy $n, whose elements meet in chains and by picks,', ({ n, model }) => {
  const { text, open, values, discrete } = model
  const energy = energyOf(text)
  const names = Object.keys(discrete)
  const all = enumerated(energy, model)
  // 1e-11 of the energies: sums of some tens of numbers, rounded at 1e-16 each, against a sum over up to 60,000 states.
  const within = 1e-11 * Math.max(1, ...all.map((a) => Math.abs(a.energy)))

  function holds(summed: Energy, more: Values, known: Known): void {
    expect(summed.marginalised.map((s) => s.name).sort(), text).toEqual(names)
    const at = { ...values, ...more, [ports.temperature]: [T] }
    const { F, shares } = exact(all, model, T, known)
    expect(Math.abs(total(summed, open, at) - F), text).toBeLessThan(within)
    const out = run(summed.graph, sizesOf(summed.axes, open), at)
    names.forEach((name, k) => {
      const got = out[ports.responsibility(name)] as Float64Array
      for (const [i, p] of got.entries()) expect(Math.abs(p - (shares[k]?.[i] as number)), `${name} ${i}\n${text}`).toBeLessThan(1e-10)
    })
  }

  test('is summed out exactly', () => {
    holds(marginalise(energy, 'auto').value as Energy, {}, {})
  })

  test('is summed out exactly over what is not known', () => {
    const lengths = (all[0] as Enumerated).states.map((s) => s.length)
    const known = partlyKnown(model, lengths, n)
    const situation = { ...situationOf(energy), inPart: new Set(names) }
    const parts = Object.fromEntries(Object.entries(known).map(([name, data]) => [ports.knownPart(name), data]))
    holds(marginalise(energy, 'auto', situation).value as Energy, parts, known)
  })
})
