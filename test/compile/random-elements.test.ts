import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { tensor } from '../../src/base/tensor.ts'
import { jointModes } from '../../src/compile/joint-modes.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { jointStates } from '../../src/inference/draws/joint.ts'
import { modeFinder } from '../../src/memory/joint-mode.ts'
import { marginalMode } from '../../src/memory/marginal-mode.ts'
import type { Energy } from '../../src/middle/energy.ts'
import { UNKNOWN } from '../../src/middle/known-part.ts'
import * as ports from '../../src/middle/ports.ts'
import { type Situation, situationOf } from '../../src/middle/situation.ts'
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

/** How many joint values its states have. */
const count = ({ discrete, open }: ElementsModel): number =>
  Object.entries(discrete).reduce((n, [name, l]) => n * l.length ** (name === 's' ? Number(open.g) * Number(open.t) : Number(open.row)), 1)
const models = Array.from({ length: 40 }, (_, n) => elementsModel(1, n))
  .filter((model) => count(model) <= 6000)
  .slice(0, 24)

function agreesWith(known: Known, names: readonly string[], { states }: Enumerated): boolean {
  return names.every((name, k) => states[k]?.every((x, i) => [UNKNOWN, x].includes(known[name]?.[i] ?? UNKNOWN)))
}

/** -T log sum exp(-E/T) of those that agree with what is known, and the probabilities of the levels of each state. */
function exact(all: readonly Enumerated[], { discrete }: ElementsModel, T: number, known: Known = {}) {
  const those = all.filter((a) => agreesWith(known, Object.keys(discrete), a))
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
  // 1e-11 of the energies: sums of some tens of numbers, rounded at 1e-16 each, against a sum over up to 6000 states.
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

  const summed = marginalise(energy, 'auto').value as Energy

  test('is summed out exactly', () => {
    holds(summed, {}, {})
  })

  /** The least energy of all that agree with what is known is that of the joint mode; two that are as low differ by rounding alone. */
  function isLeast(from: Energy, situation: Situation, more: Values, known: Known): void {
    const { modes, axes } = must(jointModes(energy, from, situation), 'joint mode')
    const fixed = new Map(Object.entries({ ...values, ...more }).map(([name, data]) => [name, Float64Array.from(data)]))
    const sizes = sizesOf([...energy.axes, ...axes, ...from.axes], open)
    const found =
      modes.length > 0
        ? modeFinder(modes, { target: kernel, sizes, fixed }).find({})
        : Object.fromEntries(
            from.marginalised.map((state) => {
              const out = run(from.graph, sizes, { ...values, ...more, [ports.temperature]: [T] })
              const data = out[ports.responsibility(state.name)] as Float64Array
              const shape = [...state.axes, state.level].map((a) => sizes[a] as number)
              return [state.name, marginalMode(state, tensor([...state.axes, state.level], shape, data))]
            }),
          )
    const agreeing = all.filter((a) => agreesWith(known, names, a))
    const E = must(
      all.find(({ states }) => names.every((name, k) => states[k]?.every((x, i) => found[name]?.data[i] === x))),
      'an assignment',
    ).energy
    expect(E - Math.min(...agreeing.map((a) => a.energy)), text).toBeLessThan(within)
  }

  test('has the joint mode that enumeration finds', () => {
    isLeast(summed, situationOf(energy), {}, {})
  })

  test('is drawn jointly as often as enumeration says', () => {
    const few = all.length <= 64 ? all : []
    const { F } = exact(all, model, T)
    const sizes = sizesOf(summed.axes, open)
    const known = new Map(Object.entries({ ...values, [ports.temperature]: [T] }).map(([name, data]) => [name, Float64Array.from(data)]))
    const states = jointStates(summed.joint, { target: kernel, sizes, fixed: known }, known)
    const stream = new Draw(n).stream('draws')
    const counts = new Map<string, number>()
    const draws = few.length === 0 ? 0 : 3000
    for (let i = 0; i < draws; i += 1) {
      for (const state of states) state.draw(stream)
      const key = names.map((name) => [...must(known.get(name), name)].join()).join(' ')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    for (const { states: at, energy: E } of few) {
      const p = Math.exp(-(E - F) / T)
      const got = (counts.get(at.map((s) => s.join()).join(' ')) ?? 0) / 3000
      // Seven standard errors of a share, and a count of 15 where few are expected: together a false alarm in 1e9 or less for each of
      // at most 24 x 64 shares.
      expect(Math.abs(got - p), `${at} ${p}\n${text}`).toBeLessThan(7 * Math.sqrt((p * (1 - p)) / 3000) + 15 / 3000)
    }
  })

  test('is summed out exactly over what is not known', () => {
    const lengths = (all[0] as Enumerated).states.map((s) => s.length)
    const known = partlyKnown(model, lengths, n)
    const situation = { ...situationOf(energy), inPart: new Set(names) }
    const parts = Object.fromEntries(Object.entries(known).map(([name, data]) => [ports.knownPart(name), data]))
    const rest = marginalise(energy, 'auto', situation).value as Energy
    holds(rest, parts, known)
    isLeast(rest, situation, parts, known)
  })
})
