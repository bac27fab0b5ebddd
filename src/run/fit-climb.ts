import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { type Ascent, type AscentOptions, ascend, scatter } from '../inference/fit/ascent.ts'
import type { Memory } from '../inference/fit/elements.ts'
import { round } from '../inference/fit/moves.ts'
import { defaults } from '../middle/options.ts'
import { openBatches } from './fit-batches.ts'
import type { FitScene, RunFitOptions } from './fit-scene.ts'
import { smallScenes } from './fit-small.ts'
import { startingPoint } from './start.ts'

/** Gibbs sweeps from which a start begins where nobody says where to start. */
const SCATTERED = 20

/** Between moves: sweeps at most, and a gain that is too small to wait for. */
const [BETWEEN, SMALL] = [8, 1e-6]

/** More rounds than any fit was seen to need. */
const MOST_ROUNDS = 200

/** Where a start came to. */
export interface FitStart {
  readonly number: number
  readonly ascent: Ascent
  readonly elbo: number
  /** To the means that it came to. */
  goBack(): void
}

/** One way up: the first from where it is said to start, else from draws. */
export function climb(scene: FitScene, number: number, options: RunFitOptions): FitStart {
  const { sweeps = defaults.sweeps, gain = defaults.gain, batch, stochastic = defaults.stochastic } = options
  const { run, parts, buffers, elbo } = scene
  const cued = new Set<string>()
  for (const state of run.parts.program.states) {
    const start = startingPoint(run, state, { cue: 0, draw: number })
    must(buffers.values.get(state.name), state.name).set(start.values)
    if (number === 0 && start.cued.includes(1)) cued.add(state.name)
  }
  for (const part of parts) part.pin()
  // What is said to start somewhere is read before it moves.
  const order = [...parts].sort((a, b) => Number(a.names.every((n) => cued.has(n))) - Number(b.names.every((n) => cued.has(n))))
  const stream = new Stream(fold(fold(run.key, 'fit'), number))
  const grows = run.parts.fit.shared.grows && scene.pickers.length > 0
  const isTold = scene.pickers.some((p) => p.names.some((n) => cued.has(n)))
  // One element has all rows, until splits pay.
  if (grows && !isTold) for (const p of scene.pickers) for (let s = 0; s < p.sites; s += 1) p.put(s, 0)
  const failed = cued.size > 0 || grows ? undefined : scatter(order, elbo, stream, SCATTERED)
  const up = grows ? grown : plain
  const ascent = failed === undefined ? up(scene, order, { sweeps, gain, batch, stochastic }, stream) : { outcome: failed, trace: [] }
  return { number, ascent, elbo: ascent.outcome.kind === 'failed' ? Number.NaN : (ascent.trace.at(-1) ?? Number.NaN), goBack: scene.save() }
}

type FitClimb = (scene: FitScene, order: FitScene['parts'], options: ClimbOptions, stream: Stream) => Ascent

interface ClimbOptions extends AscentOptions {
  readonly batch: number | undefined
  readonly stochastic: number
}

const plain: FitClimb = (scene, order, options) => ascending(scene, options)(order, options)

/** Ascent with all rows in every sweep, or in batches; those of the first time begin with stochastic passes. */
function ascending(scene: FitScene, { batch, stochastic }: ClimbOptions): (order: FitScene['parts'], options: AscentOptions) => Ascent {
  const { elbo } = scene
  const batched = batch === undefined ? undefined : openBatches(scene, batch)
  let first = stochastic
  return (order, options) => {
    if (batched === undefined) return ascend(order, elbo, options)
    const { pass, elbo: byBatches } = batched(order, first)
    first = 0
    const found = ascend([pass], byBatches, options)
    if (found.outcome.kind === 'failed') return found
    // All blocks as a whole, for what is asked of them.
    const whole = ascend(order, elbo, { ...options, sweeps: 1 })
    return { outcome: whole.outcome.kind === 'failed' ? whole.outcome : found.outcome, trace: [...found.trace, ...whole.trace] }
  }
}

/** Sweeps and moves of the elements of random axes in turn, until no move is taken or all elements are used. */
const grown: FitClimb = (scene, order, options, stream) => {
  const { sweeps, gain } = options
  const up = ascending(scene, options)
  const { pickers, elbo } = scene
  const isPicker = (part: FitScene['parts'][number]): boolean => pickers.some((p) => p === part)
  // Who takes an element is looked at last, given what the elements are.
  const inOrder = [...order.filter((p) => !isPicker(p)), ...pickers]
  const trace: number[] = []
  const small = smallScenes(scene)
  const memory: Memory = { failed: new Map() }
  const moves = {
    ...{ pickers, elbo, stream },
    others: inOrder.filter((p) => !isPicker(p)),
    taken: (now: number): unknown => trace.push(now),
    save: scene.save,
    ...(small === undefined ? {} : { small }),
  }
  for (let rounds = 0; rounds < MOST_ROUNDS && trace.length < sweeps; rounds += 1) {
    const between = up(inOrder, { sweeps: Math.min(BETWEEN, sweeps - trace.length), gain: Math.max(gain, SMALL) })
    trace.push(...between.trace)
    if (between.outcome.kind === 'failed') return { ...between, trace }
    const { moved, tried, full } = round(moves, memory)
    if (full) return { outcome: { kind: 'sweeps' }, trace }
    if (!moved && !tried) break
  }
  const last = up(inOrder, { sweeps: Math.max(2, sweeps - trace.length), gain })
  return { outcome: last.outcome, trace: [...trace, ...last.trace] }
}

/** Everything as it was at the end of a start: means, and then each q given them. */
export function restore({ parts, elbo }: FitScene, { goBack, ascent }: FitStart): void {
  goBack()
  if (ascent.outcome.kind !== 'failed') for (const part of parts) part.update(elbo)
}
