import { describe, expect, test } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import { discreteMoves, flippedAxes } from '../../src/compile/discrete.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import { Draw, energyOf, freeEnergy, run, sizesOf, total, tuples, type Values } from './models.ts'
import { RandomModels } from './random-models.ts'

const open = { i: 3, r: 2 }

function data(draw: Draw): Values {
  return {
    A: draw.normals('A', 6),
    J: draw.normals('J', 9),
    b: draw.normals('b', 3),
    c: draw.normals('c', 2),
    at: draw.integers('at', 2, 3),
    [ports.temperature]: [0.8],
  }
}

/** 1e-9 of the energies: nested functions of sums of products, each step rounded at 1e-16, differences of them taken. */
function near(got: number, wanted: number, scale: number, text: string): void {
  expect(Math.abs(got - wanted), `${got}, wanted ${wanted}\n${text}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(scale), Math.abs(wanted)),
  )
}

const kinds = [
  { type: 'spin', appears: 's', levels: [-1, 1] },
  { type: 'bit', appears: 's', levels: [0, 1] },
  { type: 'i', appears: 'b[s]', levels: [0, 1, 2] },
] as const

describe.each(kinds)('random energies of a state of type $type', ({ type, appears, levels }) => {
  const models = new RandomModels(51)
  const texts = Array.from({ length: 60 }, () => models.next(appears, type))

  test('change at one site by what the move says, and so do the caches', () => {
    texts.forEach((text, k) => {
      const draw = new Draw(k)
      const energy = energyOf(text)
      const moves = discreteMoves(energy, 's')
      const sizes = sizesOf([...energy.axes, ...flippedAxes([moves])], open)
      const values = data(draw)
      const s = draw.integers('s', 3, levels.length).map((l) => levels[l] as number)
      const here = total(energy, open, { ...values, s })
      const caches = run(moves.prepare, sizes, { ...values, 'value:s': s })
      for (const [site, before] of s.entries()) {
        for (const after of levels) {
          const move = { ...values, ...caches, 'site:i': [site], [ports.before]: [before], [ports.after]: [after] }
          const there = s.with(site, after)
          near(run(moves.propose, sizes, move).change?.[0] as number, total(energy, open, { ...values, s: there }) - here, here, text)
          const fresh = run(moves.prepare, sizes, { ...values, 'value:s': there })
          const kept = run(moves.commit, sizes, move)
          for (const [name, wanted] of Object.entries(fresh)) {
            for (const [i, x] of wanted.entries()) near(kept[name]?.[i] as number, x, here, text)
          }
        }
      }
      if (moves.all === undefined) return
      const change = run(moves.all, sizes, { ...values, 'value:s': s }).change as Float64Array
      for (const [site, before] of s.entries()) {
        const there = s.with(site, levels[0] + levels[1] - before)
        near(change[site] as number, total(energy, open, { ...values, s: there }) - here, here, text)
      }
    })
  })

  test('are summed out exactly wherever it is done', () => {
    let done = 0
    texts.forEach((text, k) => {
      const energy = energyOf(text)
      const summed = marginalise(energy, 'auto').value as Energy
      if (summed === energy) return
      done += 1
      const values = data(new Draw(k))
      const energies = tuples(levels, 3).map((s) => total(energy, open, { ...values, s }))
      near(total(summed, open, values), freeEnergy(energies, 0.8), Math.max(...energies.map(Math.abs)), text)
    })
    // About a quarter of these energies keep the sites apart.
    expect(done).toBeGreaterThan(5)
  })
})

test('random energies of real states stay below every curvature bound that is claimed', () => {
  const models = new RandomModels(52)
  let claimed = 0
  for (let k = 0; k < 200; k += 1) {
    const text = models.next('s')
    const program = retrievalFrom(energyOf(text)).value
    if (program?.states[0]?.curvature !== true) continue
    claimed += 1
    const sizes = sizesOf(program.axes, open)
    const draw = new Draw(k)
    const at = (s: readonly number[]) => run(program.graph, sizes, { ...data(draw), 'coordinate:s': s })
    for (let trial = 0; trial < 12; trial += 1) {
      const scale = [0.1, 1, 4][trial % 3] as number
      const [x, y] = [draw.normals(`x${trial}`, 3, scale), draw.normals(`y${trial}`, 3, scale)]
      const [here, there] = [at(x), at(y)]
      const bound = x.reduce((sum, v, i) => {
        const d = (y[i] as number) - v
        return sum + (here['gradient:s']?.[i] as number) * d + ((here['curvature:s']?.[i] as number) * d * d) / 2
      }, here.energy?.[0] as number)
      const E = there.energy?.[0] as number
      expect(E - bound, text).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(E), Math.abs(bound)))
    }
  }
  expect(claimed).toBeGreaterThan(20)
})
