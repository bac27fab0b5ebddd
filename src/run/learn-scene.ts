import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import type { Tensor } from '../base/tensor.ts'
import { sizeOf, volumeOver } from '../ir/layout.ts'
import { open } from '../middle/open.ts'
import { defaults } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import { type Batches, openBatches } from './batches.ts'
import { openChainStarts } from './chain-starts.ts'
import { type NegativeOptions, openChains } from './chains.ts'
import type { LearnParts, RunLearnOptions } from './learn-parts.ts'
import type { Run } from './run.ts'
import { startingPoint } from './start.ts'

/** A loss made ready to be gone down. */
export interface LearnScene {
  readonly run: Run<LearnParts>
  readonly batches: Batches
  /** The coordinates of all params, end to end, and the slope of the loss there. */
  readonly x: Float64Array
  readonly slope: Float64Array
  /** Those of each param, as parts of `x`. */
  readonly coordinates: ReadonlyMap<string, Float64Array>
  /** The chains that draw what patterns are held against; what a run that goes on needs of them. */
  readonly memory: Readonly<Record<string, Float64Array>>
  /** Brings in the patterns of a step, and what is drawn for it. */
  prepare(step: number): void
  /** Works out the slope at `x`; returns the loss of the patterns of the batch, nats a pattern. */
  look(): number
  /** The values of the params where it was last looked. */
  values(): Readonly<Record<string, Tensor>>
  dispose(): void
}

export type LearnSceneOptions = NegativeOptions & Pick<RunLearnOptions, 'inner' | 'penalty' | 'sigma' | 'chainsFrom'>

/** `size`: patterns in a batch. */
export function openLearnScene(run: Run<LearnParts>, size: number, options: LearnSceneOptions = {}): LearnScene {
  const { learn } = run.parts
  const { negative } = learn
  const { sizes, bound } = run
  const lengths = learn.params.map((p) => volumeOver(p.coordinateAxes, sizes))
  const length = lengths.reduce((a, b) => a + b, 0)
  const [x, slope] = [new Float64Array(length), new Float64Array(length)]
  const coordinates = new Map<string, Float64Array>()
  const buffers: Map<string, Float64Array> = new Map(
    learn.given.map((v) => [v.name, new Float64Array(volumeOver([learn.patterns, ...v.axes], sizes))]),
  )
  for (const v of learn.noise) buffers.set(ports.noise(v.name), new Float64Array(volumeOver([learn.patterns, ...v.axes], sizes)))
  let offset = 0
  for (const [i, { name }] of learn.params.entries()) {
    const end = offset + (lengths[i] ?? 0)
    coordinates.set(name, x.subarray(offset, end))
    buffers.set(ports.coordinate(name), x.subarray(offset, end))
    buffers.set(ports.gradient(name), slope.subarray(offset, end))
    offset = end
  }
  for (const p of learn.params) coordinates.get(p.name)?.set(startingPoint(run, p, { cue: 0, draw: 0 }).coordinates)
  const batches = openBatches(bound, learn.given, buffers, { key: fold(run.key, 'patterns'), size })
  // What every step has is worked out once.
  const still = batches.whole ? learn.given.map((v) => [v.name, must(buffers.get(v.name), v.name)] as const) : []
  const { penalty = defaults.penalty, sigma = defaults.sigma, inner = 1 } = options
  const constants = [
    [ports.onePart, Float64Array.of(1 / bound.count)] as const,
    [ports.penalty, Float64Array.of(penalty)] as const,
    [ports.sigma, Float64Array.of(sigma)] as const,
  ]
  const fixed = new Map([...run.fixed, ...constants, ...still])
  const setting = { ...run, fixed, patterns: learn.patterns, key: fold(run.key, 'chains') }
  const chains = negative && openChains(negative.chains, { ...setting, around: buffers }, options)
  const starts = negative && options.chainsFrom === 'start' ? openChainStarts(negative, run, fold(run.key, 'starts of chains')) : undefined
  for (const { name } of negative?.shown ?? []) buffers.set(ports.drawn(name), must(chains?.values.get(name), name))
  const executable = open(setting, learn.graph, new Map([...buffers, ...fixed]))
  const loss = must(executable.outputs.get(ports.energy), 'loss')
  const noises = learn.noise.map((v) => must(buffers.get(ports.noise(v.name)), v.name))
  let begun = false
  return {
    ...{ run, batches, x, slope, coordinates },
    memory: negative?.persists === true ? Object.fromEntries(chains?.values ?? []) : {},
    prepare(step) {
      batches.fill(step)
      if (noises.length > 0) fillNormal(noises, new Stream(fold(fold(run.key, 'noise'), step)))
      if (negative === undefined || chains === undefined) return
      const goesOn = negative.persists && (begun || step > 0)
      if (!goesOn && starts !== undefined) starts(chains.values, step)
      else if (!goesOn) for (const { name } of negative.shown) chains.values.get(name)?.set(must(buffers.get(name), name))
      if (!goesOn || !begun) chains.begin()
      begun = true
      chains.run(inner, step)
    },
    look() {
      executable.run()
      return loss[0] as number
    },
    values: () =>
      Object.fromEntries(
        learn.params.map(({ name, axes }) => {
          const data = Float64Array.from(must(executable.outputs.get(ports.value(name)), name))
          return [name, { axes, shape: axes.map((a) => sizeOf(a, sizes)), data }]
        }),
      ),
    dispose() {
      executable.dispose()
      chains?.dispose()
    },
  }
}

function fillNormal(buffers: readonly Float64Array[], stream: Stream): void {
  for (const buffer of buffers) for (let i = 0; i < buffer.length; i += 1) buffer[i] = stream.normal()
}
