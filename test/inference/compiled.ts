import { must } from '../../src/base/internal-error.ts'
import type { Key } from '../../src/base/random.ts'
import { lower } from '../../src/compile/lower.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { readSampling } from '../../src/compile/sampling.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import type { ChainResult } from '../../src/inference/chains/chain.ts'
import { discreteField } from '../../src/inference/density/discrete-field.ts'
import { flatBuffers, fromProgram } from '../../src/inference/density/program-density.ts'
import { gathered, generator } from '../../src/inference/draws/generated.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import type { Energy } from '../../src/middle/energy.ts'
import type { Target } from '../../src/middle/executable.ts'
import * as ports from '../../src/middle/ports.ts'
import { situationOf } from '../../src/middle/situation.ts'

export interface Options {
  readonly data: Readonly<Record<string, readonly number[]>>
  readonly sizes: Sizes
  readonly target: Target
  readonly temperature?: number
  /** Discrete states to sum out. */
  readonly sumOut?: readonly string[]
  readonly observed?: readonly string[]
}

/** A model's text, compiled, given its data, ready to sample. */
export function compiled(text: string, { data, sizes: given, target, temperature = 1, sumOut = [], observed = [] }: Options) {
  const energy = must(marginalise(energyOf(text), sumOut).value, 'energy')
  const program = must(readSampling(energy, situationOf(energy, { observed })).value, 'program')

  const sizes = madeSizes(program.axes, given)
  const shared = new Map<string, Float64Array>([
    ...Object.entries(data).map(([name, values]) => [name, Float64Array.from(values)] as const),
    [ports.temperature, Float64Array.of(temperature)],
    ...flatBuffers(program, sizes),
  ])
  for (const { name, axes } of program.discrete)
    shared.set(`value:${name}`, new Float64Array(axes.reduce((n, a) => n * must(sizes[a], a), 1)))
  const names = new Set(program.graph.inputs.map((p) => p.name).concat(program.graph.outputs.map((p) => p.name)))
  const executable = target(program.graph, sizes, { buffers: new Map([...shared].filter(([name]) => names.has(name))) })
  for (const { name } of program.states) shared.set(`value:${name}`, must(executable.outputs.get(`value:${name}`), name))
  const fields = program.discrete.map((d) => discreteField(d, target, sizes, shared))
  const known = { target, sizes, fixed: shared }
  return { program, executable, fields, density: fromProgram(program, executable), sizes, known }
}

/** What chains of a compiled model drew. */
export function generate(
  { program, executable, known }: Pick<ReturnType<typeof compiled>, 'program' | 'executable' | 'known'>,
  chains: readonly ChainResult[],
  key: Key,
) {
  const made = generator(program, executable, known, key)
  return gathered(
    program,
    made.variables,
    chains.map((c) => made.chain(c)),
  )
}

function energyOf(text: string): Energy {
  const checked = analyse({ name: 'test.amp', text })
  return must(lower(must(checked.value, JSON.stringify(checked.diagnostics))).value, 'lowered energy')
}
