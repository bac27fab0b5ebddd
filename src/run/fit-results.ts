import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { pooled, variance } from '../inference/diagnostics/moments.ts'
import { paretoShape } from '../inference/diagnostics/pareto.ts'
import { columnNames, type DrawnVariable, type Draws, seriesAt } from '../inference/draws/draws.ts'
import type { FitBuffers, PartMoments } from '../inference/fit/part.ts'
import { sizeOf, volumeOver } from '../ir/layout.ts'
import { type FitBlock, formWords, namesIn } from '../middle/fit-program.ts'
import { defaults } from '../middle/options.ts'
import type { FitScene, RunFitOptions } from './fit-scene.ts'
import { type FittedRow, fittedRow } from './fitted-row.ts'

/**
 * Of each draw: -E/T, what is discrete summed out where it factorises (NaN where it was not worked out); log q of what is left; and log q
 * of what is gone from E.
 */
const columns = ['log_p__', 'log_g__', 'log_levels__'] as const

export function told(scene: FitScene, { draws: count = defaults.draws }: RunFitOptions) {
  const { run, parts, buffers } = scene
  const { fit } = run.parts
  const { drawn, temperature } = run
  const { draws, ratios } = drawsOf(scene, count)
  const moments = parts.flatMap((p) => p.moments())
  return {
    blocks: fit.blocks.map((block) => ({ names: namesIn(block), density: densityIn(block) })),
    gone: fit.gone,
    summary: summaryOf(draws, moments),
    responsibilities: fit.blocks.flatMap((block) => (block.kind === 'levels' ? [probabilities(block, buffers)] : [])),
    draws,
    khat: paretoShape(ratios),
    spread: Math.sqrt(variance(ratios)),
    ...{ drawn, temperature },
  }
}

/** Numbers that are worked out for E at all draws together: seconds. Where more would be needed, E is held against the first draws alone. */
const MOST_NUMBERS = 1e9

/** Fewer weights than this say little of their tail. */
const LEAST_WEIGHTS = 200

/** Draws of q, and log(exp(-E/T) / q) at the first of them. */
function drawsOf(scene: FitScene, count: number): { readonly draws: Draws; readonly ratios: Float64Array } {
  const { run, parts, buffers } = scene
  const { fit, program } = run.parts
  const { sizes } = run
  const variables = program.states.map((s): DrawnVariable => ({ name: s.name, axes: s.axes, shape: s.axes.map((a) => sizeOf(a, sizes)) }))
  const names = variables.flatMap((v) => columnNames(v.name, v.shape))
  const width = fit.exact.nodes.reduce((sum, node) => sum + volumeOver(node.axes, sizes), 0)
  const ratios = new Float64Array(Math.min(count, Math.max(LEAST_WEIGHTS, Math.floor(MOST_NUMBERS / width))))
  const values = new Float64Array(count * names.length)
  const statistics = new Float64Array(count * columns.length)
  const stream = new Stream(fold(run.key, 'draws of q'))
  // What is summed out of E is no part of the density that it is held against.
  const read = new Set(fit.exact.inputs.map((p) => p.name))
  for (let d = 0; d < count; d += 1) {
    let [log, ofLevels] = [0, 0]
    for (const part of parts) {
      const own = part.draw(stream)
      if (part.names.some((name) => read.has(name))) log += own
      else ofLevels += own
    }
    const density = d < ratios.length ? -scene.energy() : Number.NaN
    statistics.set([density, log, ofLevels], d * columns.length)
    if (d < ratios.length) ratios[d] = density - log
    let at = d * names.length
    for (const s of program.states) {
      const first = s.type.kind === 'element' ? 1 : 0
      for (const v of must(buffers.values.get(s.name), s.name)) values[at++] = v + first
    }
  }
  return { draws: { variables, names, chains: [{ chain: 0, count, values, columns, statistics }] }, ratios }
}

/** Of discrete variables, whose q has no moments, those of the draws. */
function summaryOf(draws: Draws, moments: readonly PartMoments[]): readonly FittedRow[] {
  const exact = new Map(
    moments.flatMap(({ name, mean, sd }) => {
      const { shape } = must(draws.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
      return columnNames(name, shape).map((column, i) => [column, { mean: mean[i] as number, sd: sd[i] as number }] as const)
    }),
  )
  return draws.names.map((name, at) => {
    return { ...fittedRow(name, pooled(seriesAt(draws, at))), ...exact.get(name) }
  })
}

function densityIn(block: FitBlock): string {
  return block.kind === 'gaussian' ? 'Gaussian' : block.kind === 'levels' ? 'categorical' : formWords[block.form]
}

function probabilities(block: Extract<FitBlock, { readonly kind: 'levels' }>, { means }: FitBuffers) {
  const { name, axes, level = `${block.name}:level` } = block
  const q = must(means.get(name), name)
  // The upper of two values has the probability q; with the lower beside it they are over levels, too.
  const all =
    block.level === undefined ? Float64Array.from({ length: 2 * q.length }, (_, i) => both(q[i >> 1] as number, i & 1)) : q.slice()
  return { name, axes: [...axes, level], level, mean: all }
}

const both = (upper: number, level: number): number => (level === 1 ? upper : 1 - upper)
