import fc from 'fast-check'
import { expect, it } from 'vitest'
import { energyAt } from '../../src/api/energy.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { discreteMoving } from '../../src/compile/marginalise.ts'
import { relax } from '../../src/compile/relax.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { modelCases } from '../../src/verify/generators/model-case.ts'
import { asGiven, given, loadedFrom } from '../api/points.ts'
import { modelTexts } from '../generators/models.ts'

// Values of the energy, by enumeration, are law 6 of `amp verify`; this is law 3 of what it makes.
it('goes downhill on relaxed energies of generated models, and gives the energy of where it is', async () => {
  let relaxed = 0
  for (const text of fc.sample(modelTexts(), { numRuns: 60, seed: 9 })) {
    const loaded = loadedFrom(text)
    const names = discreteMoving(loaded.energy, situationOf(loaded.energy)).map((v) => v.name)
    if (names.length === 0 || !relax(loaded.energy, names).ok || relaxed >= 12) continue
    const [example] = fc.sample(modelCases(loaded.energy), { numRuns: 1, seed: 4 })
    const { fixed, point } = asGiven(loaded, must(example, 'case'))
    const cue = Object.fromEntries(Object.entries(point).filter(([name]) => !names.includes(name)))
    const options = { relax: names, temperature: 0.7 }
    const { value, diagnostics } = await retrieve(loaded, given({ ...fixed, cue }), { ...options, backend: 'kernel', maxSteps: 40 })
    const [found] = must(value, `${text}\n${JSON.stringify(diagnostics)}`).retrievals
    const { trace, outcome, states, energy, terms } = must(found, 'retrieval')
    const scale = Object.values(terms).reduce((sum, t) => sum + Math.abs(t), 1)
    trace.slice(1).forEach((e, i) => {
      // Twice what energies are good to, 2^-42 of their terms, on the way and at the end.
      expect(e, text).toBeLessThanOrEqual((trace[i] as number) + 1e-12 * (scale + Math.abs(trace[i] as number)))
    })
    // A level that the data rule out has an infinite energy, and so have all probabilities within.
    if (energy === Number.POSITIVE_INFINITY) {
      expect(outcome.sentence, text).toMatch(/^The energy is infinite at the cue/)
      continue
    }
    expect(['stuck', 'not finite'], `${text}\n${outcome.sentence}`).not.toContain(outcome.kind)
    const here = energyAt(loaded, given(fixed), states, options)
    expect(must(here.value, `${text}\n${JSON.stringify(here.diagnostics)}`).energy, text).toBeCloseTo(energy, 8)
    relaxed += 1
  }
  expect(relaxed).toBe(12)
})
