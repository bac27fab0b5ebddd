import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from '../../inference/density/density.ts'
import { flatBuffers, fromProgram } from '../../inference/density/program-density.ts'
import { restrict } from '../../inference/density/restrict.ts'
import type { Block } from '../../inference/samplers/block.ts'
import { type ConditionalDraw, drawnBy } from '../../middle/conditional-draw.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import * as ports from '../../middle/ports.ts'
import { exactBlock } from '../../run/exact-blocks.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { all, type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { inputAt, streamFor, type Trial } from '../trial.ts'
import { drawnCoordinates } from './sampling.ts'

const DRAWS = 1500

/**
 * Every exact draw of a variable given everything else, from its conditional form, is followed by a Metropolis step of exp(-E/T). Drawn
 * from that density, the point before the step and the one after it are exchangeable, so that any number made of them goes up as
 * often as down: P(|ups - downs| > 7 sqrt(ups + downs)) < 2 exp(-49 / 2) = 5e-11 (Hoeffding 1963).
 */
export const conditionalDraws: LawCheck = {
  name: 'exact draws from conditional forms are as a Metropolis step leaves them',
  thin: 50,
  asItCame: true,
  applies(subject) {
    if ('why' in subject.sampling) return `there is no sampling: ${subject.sampling.why}`
    return drawsOf(subject).length === 0 ? 'no continuous state has a conditional form' : undefined
  },
  run(trial) {
    const parts = must(trial.subject.exact, 'sampling')
    const stream = streamFor(trial, 'conditional forms')
    return all(drawsOf(trial.subject).map((draw) => looked(trial, parts, draw, stream)))
  },
}

/** Coordinates of a unit vector have a length, too, which the vector does not say. */
function drawsOf({ exact }: Subject): readonly ConditionalDraw[] {
  const lengthless = new Set((exact?.program.states ?? []).flatMap((s) => (s.type.kind === 'unit' ? [s.name] : [])))
  return (exact?.exact ?? []).filter((d) => !drawnBy(d).some((name) => lengthless.has(name)))
}

function looked(trial: Trial, parts: SamplingParts, draw: ConditionalDraw, stream: Stream): Finding {
  const opened = open(trial, parts, draw, stream)
  if (opened === undefined) return skipped('some value has no finite coordinates')
  const { block, density } = opened
  // Where to is the first draw; a density that cannot be normalised at these values has none.
  if (block.begin(0, stream) !== undefined) return skipped('there is no density given the values of the case')
  if (block.position.length === 0) return skipped('there is nothing to draw in the case: its axes have no elements')
  const { mean, spread } = pilot(block, stream)
  const numbers = { value: [0, 0], distance: [0, 0], density: [0, 0] } as Readonly<Record<string, [number, number]>>
  const gradient = new Float64Array(mean.length)
  for (let k = 0; k < DRAWS; k += 1) {
    block.step(false, stream)
    const i = stream.integer(mean.length)
    const [before, centre] = [Float64Array.from(block.position), mean[i] as number]
    const after = before.with(i, (before[i] as number) + 2 * (spread[i] as number) * stream.normal())
    const [old, now] = [density.evaluate(before, gradient), density.evaluate(after, gradient)]
    if (!(log(stream.uniform()) < now - old)) continue
    const [x, y] = [before[i] as number, after[i] as number]
    count(numbers.value, y - x)
    count(numbers.distance, Math.abs(y - centre) - Math.abs(x - centre))
    count(numbers.density, now - old)
  }
  const wrong = Object.entries(numbers).find(([, [ups, downs]]) => Math.abs(ups - downs) > 7 * Math.sqrt(ups + downs))
  if (wrong === undefined) return holds
  const [what, [ups, downs]] = wrong
  const names = drawnBy(draw).join(', ')
  return fails(
    `the ${what} of a coordinate of ${names} after a Metropolis step that follows its exact draw`,
    'as often more as less',
    `${ups} times more, ${downs} less`,
  )
}

function count(of: [number, number] | undefined, change: number): void {
  if (of !== undefined && change !== 0) of[change > 0 ? 0 : 1] += 1
}

/** Mean and standard deviation of a few draws. */
function pilot(block: Block, stream: Stream): { readonly mean: Float64Array; readonly spread: Float64Array } {
  const draws = Array.from({ length: 50 }, () => {
    block.step(false, stream)
    return Float64Array.from(block.position)
  })
  const average = (f: (x: number, i: number) => number): Float64Array =>
    block.position.map((_, i) => draws.reduce((sum, d) => sum + f(d[i] as number, i), 0) / draws.length)
  const mean = average((x) => x)
  return { mean, spread: average((x, i) => (x - (mean[i] as number)) * (x - (mean[i] as number))).map(Math.sqrt) }
}

/** The block that samplers have, and the density of the coordinates that it draws, all else where the case has it. */
function open(
  trial: Trial,
  parts: SamplingParts,
  draw: ConditionalDraw,
  stream: Stream,
): { block: Block; density: LogDensity } | undefined {
  const { program } = parts
  const { kernel: target } = trial.subject
  const sizes = madeSizes([...program.axes, ...draw.axes], trial.sizes)
  const fixed = new Map([
    ...program.fixed.map((v) => [v.name, inputAt(trial, v.name).slice()] as const),
    [ports.temperature, Float64Array.of(trial.temperature)] as const,
  ])
  const shared = new Map([...fixed, ...flatBuffers(program, sizes)])
  for (const d of program.discrete) shared.set(ports.value(d.name), inputAt(trial, d.name).slice())
  const ofGraph = new Set([...program.graph.inputs, ...program.graph.outputs].map((p) => p.name))
  const executable = target(program.graph, sizes, { buffers: new Map([...shared].filter(([name]) => ofGraph.has(name))) })
  const places = new Map<string, Int32Array>()
  const start: number[] = []
  for (const s of program.states) {
    shared.set(ports.value(s.name), must(executable.outputs.get(ports.value(s.name)), s.name))
    const own = drawnCoordinates(trial, parts, s, stream)
    places.set(
      s.name,
      Int32Array.from(own, (_, i) => start.length + i),
    )
    start.push(...own)
  }
  if (!start.every(Number.isFinite)) return undefined
  const coordinates = Float64Array.from(start)
  const moved = new Set(drawnBy(draw).flatMap((name) => [...(places.get(name) ?? [])]))
  const held = Uint8Array.from(start, (_, i) => (moved.has(i) ? 0 : 1))
  const density = restrict(fromProgram(program, executable), { held, at: coordinates }, coordinates)
  const run = { parts, target, sizes, fixed }
  const setting = {
    draws: [draw],
    shared,
    coordinates,
    held: new Uint8Array(start.length),
    density,
    initial: { at: coordinates.filter((_, i) => moved.has(i)) },
  }
  return { block: exactBlock(run, { ...setting, placesOf: (name) => must(places.get(name), name) }), density }
}
