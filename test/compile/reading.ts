import { must } from '../../src/base/internal-error.ts'
import { lower } from '../../src/compile/lower.ts'
import { readSampling } from '../../src/compile/sampling.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import type { Energy } from '../../src/middle/energy.ts'
import type { Model } from '../../src/middle/model.ts'
import * as ports from '../../src/middle/ports.ts'
import type { SamplingProgram } from '../../src/middle/program.ts'
import { type Asked, situationOf } from '../../src/middle/situation.ts'
import { reference } from '../../src/targets/reference.ts'

export function modelOf(text: string): Model {
  const { value, diagnostics } = analyse({ name: 'test.amp', text })
  return must(value, diagnostics.map((d) => d.message).join(' '))
}

export function energyOf(text: string): Energy {
  const { value, diagnostics } = lower(modelOf(text))
  return must(value, diagnostics.map((d) => d.message).join(' '))
}

export function samplingOf(text: string | Energy, asked: Asked = {}): SamplingProgram {
  const energy = typeof text === 'string' ? energyOf(text) : text
  const { value, diagnostics } = readSampling(energy, situationOf(energy, asked))
  return must(value, diagnostics.map((d) => d.message).join(' '))
}

/** The program's outputs by name, at coordinates (all states', in order, as one vector) and given inputs. */
export function runner(program: SamplingProgram, sizes: Sizes, given: Readonly<Record<string, readonly number[]>> = {}) {
  const executable = reference(program.graph, sizes)
  for (const [name, values] of Object.entries({ [ports.temperature]: [1], ...given })) executable.inputs.get(name)?.set(values)
  const buffers = program.states.map((s) => executable.inputs.get(`coordinate:${s.name}`))
  return (y: readonly number[]): Readonly<Record<string, number[]>> => {
    let at = 0
    for (const b of buffers) {
      b?.set(y.slice(at, at + b.length))
      at += b?.length ?? 0
    }
    executable.run()
    return Object.fromEntries([...executable.outputs].map(([name, values]) => [name, [...values]]))
  }
}
