import { expect, test } from 'vitest'
import { marginalise } from '../../src/compile/marginalise.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { energyOf, freeEnergy, run, sizesOf, total, tuples } from './models.ts'
import { type ElementsModel, elementsModel } from './random-elements.ts'

/** Every joint value of the discrete states, with its energy. */
interface Enumerated {
  readonly states: readonly (readonly number[])[]
  readonly energy: number
}

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

test('energies whose elements meet in chains and by picks are summed out exactly', () => {
  const T = 0.7
  for (const model of models) {
    const { text, open, values, discrete } = model
    const energy = energyOf(text)
    const summed = marginalise(energy, 'auto').value as Energy
    expect(summed.marginalised.map((s) => s.name).sort(), text).toEqual(Object.keys(discrete))
    const all = enumerated(energy, model)
    const F = freeEnergy(
      all.map((a) => a.energy),
      T,
    )
    const at = { ...values, [ports.temperature]: [T] }
    // 1e-11 of the energies: sums of some tens of numbers, rounded at 1e-16 each, against a sum over up to 60,000 states.
    const scale = Math.max(1, ...all.map((a) => Math.abs(a.energy)))
    expect(Math.abs(total(summed, open, at) - F) / scale, text).toBeLessThan(1e-11)
    const out = run(summed.graph, sizesOf(summed.axes, open), at)
    Object.entries(discrete).forEach(([name, levels], k) => {
      const got = out[ports.responsibility(name)] as Float64Array
      const wanted = new Float64Array(got.length)
      for (const { states, energy: E } of all) {
        const p = Math.exp(-(E - F) / T)
        for (const [site, x] of (states[k] as readonly number[]).entries()) {
          const i = site * levels.length + levels.indexOf(x)
          wanted[i] = (wanted[i] as number) + p
        }
      }
      for (const [i, p] of got.entries()) expect(Math.abs(p - (wanted[i] as number)), `${name} ${i}\n${text}`).toBeLessThan(1e-10)
    })
  }
})
