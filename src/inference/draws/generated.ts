import { must } from '../../base/internal-error.ts'
import { fold, type Key, Stream } from '../../base/random.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Executable, Target } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingProgram } from '../../middle/program.ts'
import type { ChainResult } from '../chains/chain.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import { buffer, fromProgram } from '../density/program-density.ts'
import { type ChainDraws, columnNames, type DrawnVariable, type Draws } from './draws.ts'
import { type JointState, jointStates } from './joint.ts'

export interface Generated {
  readonly draws: Draws
  /** For every discrete state that was summed out, its responsibilities averaged over all draws: over its axes and `level`. */
  readonly responsibilities: readonly Responsibility[]
}

export interface Responsibility {
  readonly name: string
  readonly axes: readonly string[]
  readonly mean: Float64Array
}

/** What the user asked about, of (a stretch of) one chain: plain data. */
export interface GeneratedChain {
  readonly draws: ChainDraws
  /** Sums over the draws, and those before them, of each summed-out state's responsibilities. */
  readonly sums: readonly Float64Array[]
  /** Why what is gone from the energy could not be drawn at some draw, where its values are then not numbers. */
  readonly failure?: ChainFailure
}

export interface GeneratedDraws {
  readonly variables: readonly DrawnVariable[]
  /** `sums` of what came before in the chain are gone on with, so that they do not depend on how it was cut. */
  chain(chain: ChainResult, sums?: GeneratedChain['sums']): GeneratedChain
}

export interface GeneratorSetting {
  readonly target: Target
  readonly sizes: Sizes
  readonly fixed: ReadonlyMap<string, Float64Array>
  /** What the executable keeps at a minimum inside, by name. */
  readonly inside?: ReadonlyMap<string, Float64Array> | undefined
}

/**
 * What the user asked about, at every draw of the coordinates: `value:NAME` of the continuous states, the values of the
 * discrete states that were sampled (they follow the coordinates in the chains' positions), and a joint draw of the
 * variables that were summed out, integrated out or minimised. `fixed` holds what is given, `temperature` included. Every draw has its own
 * random numbers, by its place in its chain.
 */
export function generator(
  program: SamplingProgram,
  executable: Executable,
  { target, sizes, fixed, inside }: GeneratorSetting,
  key: Key,
): GeneratedDraws {
  const continuous = program.states.map((s) => buffer(executable.outputs, ports.value(s.name)))
  const discrete = program.discrete.map((d) => buffer(executable.inputs, ports.value(d.name)))
  const known = new Map([...fixed, ...(inside ?? [])])
  for (const [i, s] of program.states.entries()) known.set(s.name, must(continuous[i], s.name))
  for (const [i, d] of program.discrete.entries()) known.set(d.name, must(discrete[i], d.name))
  const summed = program.joint.length === 0 ? [] : jointStates(program.joint, { target, sizes, fixed }, known)
  const shares = program.responsibilities.map((m) => buffer(executable.outputs, ports.responsibility(m.name)))
  const density = fromProgram(program, executable)
  const gradient = new Float64Array(density.dimension)
  const columns = [
    ...program.states.map((s, i) => ({ ...variable(s, sizes), values: must(continuous[i], s.name), first: 0 })),
    ...program.discrete.map((d, i) => ({ ...variable(d, sizes), values: must(discrete[i], d.name), first: firstOf(d) })),
    ...program.responsibilities.map((m) => ({ ...variable(m, sizes), values: drawnOf(summed, m.name), first: firstOf(m) })),
    ...program.eliminated.map((e) => ({ ...variable(e, sizes), values: drawnOf(summed, e.name), first: 0 })),
  ]
  const width = columns.reduce((sum, c) => sum + c.values.length, 0)

  /** Puts everything where it was; returns the log density there. */
  function restore(chain: ChainResult, draw: number): number {
    let at = draw * chain.dimension + density.dimension
    for (const field of discrete) {
      field.set(chain.draws.subarray(at, at + field.length))
      at += field.length
    }
    const start = draw * chain.dimension
    return density.evaluate(chain.draws.subarray(start, start + density.dimension), gradient)
  }

  function write(out: Float64Array, from: number): void {
    let at = from
    for (const { values, first } of columns) for (let i = 0; i < values.length; i += 1) out[at++] = (values[i] as number) + first
  }

  return {
    variables: columns.map(({ name, axes, shape }) => ({ name, axes, shape })),
    chain(chain, before) {
      const own = fold(fold(fold(key, 'chain'), chain.chain), 'generated')
      const values = new Float64Array(chain.count * width)
      const sums = shares.map((s, i) => before?.[i]?.slice() ?? new Float64Array(s.length))
      const levels = new Float64Array(chain.count)
      let failure: ChainFailure | undefined
      for (let draw = 0; draw < chain.count; draw += 1) {
        levels[draw] = restore(chain, draw)
        shares.forEach((share, i) => {
          add(share, sums[i] as Float64Array)
        })
        if (summed.length > 0) {
          const stream = new Stream(fold(own, chain.first + draw))
          for (const state of summed) {
            const failed = state.draw(stream)
            if (failed !== undefined) state.values.fill(Number.NaN)
            failure ??= failed
          }
        }
        write(values, draw * width)
      }
      return { draws: { chain: chain.chain, count: chain.count, values, ...withLevels(chain, levels) }, sums, ...(failure && { failure }) }
    },
  }
}

/** The sampler's numbers, before them `lp__` where it does not report that itself: Gibbs knows differences only. */
function withLevels({ columns, statistics, count }: ChainResult, levels: Float64Array): Pick<ChainDraws, 'columns' | 'statistics'> {
  if (columns.includes('lp__')) return { columns, statistics }
  const width = columns.length
  const all = new Float64Array(count * (width + 1))
  for (let draw = 0; draw < count; draw += 1) {
    all[draw * (width + 1)] = levels[draw] as number
    all.set(statistics.subarray(draw * width, (draw + 1) * width), draw * (width + 1) + 1)
  }
  return { columns: ['lp__', ...columns], statistics: all }
}

/** All chains together. */
export function gathered(
  program: Pick<SamplingProgram, 'responsibilities'>,
  variables: readonly DrawnVariable[],
  chains: readonly GeneratedChain[],
): Generated {
  const draws = { variables, names: variables.flatMap((v) => columnNames(v.name, v.shape)), chains: chains.map((c) => c.draws) }
  const total = Math.max(
    1,
    chains.reduce((sum, c) => sum + c.draws.count, 0),
  )
  const responsibilities = program.responsibilities.map(({ name, axes, level }, i) => {
    const sum = new Float64Array(chains[0]?.sums[i]?.length ?? 0)
    for (const chain of chains) add(must(chain.sums[i], name), sum)
    return { name, axes: [...axes, level], mean: sum.map((s) => s / total) }
  })
  return { draws, responsibilities }
}

function drawnOf(states: readonly JointState[], name: string): Float64Array {
  return must(
    states.find((s) => s.name === name),
    `draw of ${name}`,
  ).values
}

/** Elements of an axis are numbered from 0 inside and from 1 outside. */
function firstOf({ type }: { readonly type: { readonly kind: string } }): number {
  return type.kind === 'element' ? 1 : 0
}

function variable(state: { readonly name: string; readonly axes: readonly string[] }, sizes: Sizes): DrawnVariable {
  return { name: state.name, axes: state.axes, shape: state.axes.map((a) => must(sizes[a], `size of axis ${a}`)) }
}

function add(x: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + (x[i] as number)
}
