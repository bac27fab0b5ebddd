import { must } from '../base/internal-error.ts'
import { fold, type Key, Stream } from '../base/random.ts'
import type { Executable } from '../compile/executable.ts'
import type { DiscreteState, SamplingProgram } from '../compile/program.ts'
import type { Sizes } from '../ir/graph.ts'
import type { ChainResult } from './chain.ts'
import { type ChainDraws, columnNames, type DrawnVariable, type Draws } from './draws.ts'
import { pick } from './gibbs.ts'
import { buffer, fromProgram } from './program-density.ts'

export interface Generated {
  readonly draws: Draws
  /** For every discrete state that was summed out, its responsibilities averaged over all draws: over its axes and `level`. */
  readonly responsibilities: readonly { readonly name: string; readonly axes: readonly string[]; readonly mean: Float64Array }[]
}

/**
 * What the user asked about, at every draw of the coordinates: `value:NAME` of the continuous states, the values of the
 * discrete states that were sampled (they follow the coordinates in the chains' positions), and a draw of each discrete
 * state that was summed out from its responsibilities at that draw.
 */
export function generate(
  program: SamplingProgram,
  executable: Executable,
  sizes: Sizes,
  chains: readonly ChainResult[],
  key: Key,
): Generated {
  const readers = [
    ...continuous(program, executable, sizes),
    ...discrete(program, executable, sizes),
    ...summedOut(program, executable, sizes),
  ]
  const averages = program.responsibilities.map((m) => new Average(buffer(executable.outputs, `responsibility:${m.name}`)))
  const density = fromProgram(program, executable)
  const gradient = new Float64Array(density.dimension)
  const fields = program.discrete.map((d) => buffer(executable.inputs, `value:${d.name}`))
  const width = readers.reduce((sum, r) => sum + r.length, 0)

  function restore(chain: ChainResult, draw: number): void {
    let at = draw * chain.dimension + density.dimension
    for (const field of fields) {
      field.set(chain.draws.subarray(at, at + field.length))
      at += field.length
    }
    const start = draw * chain.dimension
    density.evaluate(chain.draws.subarray(start, start + density.dimension), gradient)
  }

  function run(chain: ChainResult): ChainDraws {
    const stream = new Stream(fold(fold(fold(key, 'chain'), chain.chain), 'generated'))
    const values = new Float64Array(chain.count * width)
    for (let draw = 0, at = 0; draw < chain.count; draw += 1) {
      restore(chain, draw)
      for (const average of averages) average.add()
      for (const reader of readers) {
        reader.read(values.subarray(at, at + reader.length), stream)
        at += reader.length
      }
    }
    return { chain: chain.chain, count: chain.count, values, columns: chain.columns, statistics: chain.statistics }
  }

  const variables = readers.map((r) => r.variable)
  const draws = { variables, names: variables.flatMap((v) => columnNames(v.name, v.shape)), chains: chains.map(run) }
  const responsibilities = program.responsibilities.map(({ name, axes, level }, i) => {
    return { name, axes: [...axes, level], mean: must(averages[i], 'average').mean() }
  })
  return { draws, responsibilities }
}

interface Reader {
  readonly variable: DrawnVariable
  readonly length: number
  read(out: Float64Array, stream: Stream): void
}

function continuous(program: SamplingProgram, executable: Executable, sizes: Sizes): Reader[] {
  return program.states.map((state) => {
    const value = buffer(executable.outputs, `value:${state.name}`)
    return { variable: variable(state, sizes), length: value.length, read: (out) => out.set(value) }
  })
}

function discrete(program: SamplingProgram, executable: Executable, sizes: Sizes): Reader[] {
  return program.discrete.map((state) => {
    const value = buffer(executable.inputs, `value:${state.name}`)
    const first = firstElement(state)
    return { variable: variable(state, sizes), length: value.length, read: (out) => out.set(value.map((v) => v + first)) }
  })
}

function summedOut(program: SamplingProgram, executable: Executable, sizes: Sizes): Reader[] {
  return program.responsibilities.map((state) => {
    const shares = buffer(executable.outputs, `responsibility:${state.name}`)
    const count = must(sizes[state.level], `size of axis ${state.level}`)
    const values = levelValues(state.type.kind, count)
    return {
      variable: variable(state, sizes),
      length: shares.length / count,
      read(out, stream) {
        for (let i = 0; i < out.length; i += 1)
          out[i] = values[pick(shares.subarray(i * count, (i + 1) * count), stream.uniform())] as number
      },
    }
  })
}

/** Elements of an axis are numbered from 0 inside and from 1 outside. */
function firstElement(state: DiscreteState): number {
  return state.levels.kind === 'axis' ? 1 : 0
}

function levelValues(kind: string, count: number): Float64Array {
  if (kind === 'spin') return Float64Array.of(-1, 1)
  return Float64Array.from({ length: count }, (_, i) => (kind === 'bit' ? i : i + 1))
}

function variable(state: { readonly name: string; readonly axes: readonly string[] }, sizes: Sizes): DrawnVariable {
  return { name: state.name, axes: state.axes, shape: state.axes.map((a) => must(sizes[a], `size of axis ${a}`)) }
}

class Average {
  readonly #source: Float64Array
  readonly #sum: Float64Array
  #count = 0

  constructor(source: Float64Array) {
    this.#source = source
    this.#sum = new Float64Array(source.length)
  }

  add(): void {
    this.#count += 1
    for (let i = 0; i < this.#sum.length; i += 1) this.#sum[i] = (this.#sum[i] as number) + (this.#source[i] as number)
  }

  mean(): Float64Array {
    return this.#sum.map((s) => s / Math.max(1, this.#count))
  }
}
