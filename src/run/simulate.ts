import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import { typeTrouble } from '../bind/troubles.ts'
import { element } from '../bind/values.ts'
import { volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { SimulationProgram } from '../middle/simulation-program.ts'
import type { DrawnParams } from './complete.ts'
import { optionTroubles } from './option-troubles.ts'
import { beginRun, type Run } from './run.ts'
import { openField, type SimulationParts, systemOf } from './simulation/field.ts'
import { inSteps } from './simulation/in-steps.ts'
import { inTime, type Scene, type StepKind, type TimeSpan } from './simulation/in-time.ts'
import { type JumpEvent, openJumping } from './simulation/jumping.ts'
import { openRising, type Rise } from './simulation/lyapunov.ts'
import { noisy } from './simulation/noisy.ts'
import { endings, type SimulationOutcome, shown } from './simulation/outcome.ts'
import { openRecorder, type Recording } from './simulation/recorder.ts'
import { openSignals, type Signal } from './simulation/signals.ts'
import type { DrawPrior } from './start-draw.ts'

export type RunSimulateOptions = OptionsOf<'simulate', 'run'>

/** One way through time. */
export interface Trajectory {
  readonly recording: Recording
  readonly outcome: SimulationOutcome
  readonly events: readonly JumpEvent[]
  /** Where the energy rose while inputs stayed as they were, if the model has one and nothing shakes it. */
  readonly rise?: Rise
  readonly by: ReadonlySet<StepKind>
}

export interface Simulated {
  readonly trajectories: readonly Trajectory[]
  readonly drawn: DrawnParams
  readonly temperature: number
}

/** Runs a model forward in time, once for each path. `bound`: all that is given, with a value for every state to start from. */
export function runSimulation(
  parts: SimulationParts,
  target: Target,
  given: Bound,
  signals: readonly Signal[],
  options: RunSimulateOptions,
  draw: DrawPrior | undefined,
): Checked<Simulated> {
  const { program } = parts
  const wrong = [
    ...optionTroubles('simulate', options, ['run']),
    ...timeTroubles(program, options, Math.max(...signals.map((s) => s.time.at(-1) ?? 0), Number.NEGATIVE_INFINITY)),
    ...late(signals, options),
  ]
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const begun = beginRun(parts, [...program.fixed, ...program.inputs, ...program.states], { target, bound, draw }, options)
  const diagnostics = [...wrong, ...begun.diagnostics]
  const { value: run } = begun
  if (run === undefined) return unmade(diagnostics)
  const span = spanOf(program, signals, options)
  const paths = program.noise === undefined ? 1 : (options.paths ?? defaults.paths)
  const follow = openPaths(run, signals, span, options)
  const trajectories = Array.from({ length: paths }, (_, path) => follow(path))
  return checked({ trajectories, drawn: run.drawn, temperature: run.temperature }, diagnostics)
}

/** Rows of a trajectory, where nothing says how many. */
const ROWS = 100

function spanOf({ clock }: SimulationProgram, signals: readonly Signal[], options: RunSimulateOptions): TimeSpan {
  const { begin: from = defaults.begin } = options
  const last = Math.max(from, ...signals.map((s) => s.time.at(-1) ?? from))
  const until = options.until ?? last
  const every = options.interval ?? (clock === 'steps' ? 1 : until > from ? (until - from) / ROWS : 1)
  const count = Math.floor((until - from) / every + 1e-9)
  // Multiples of the interval, so that errors of a sum do not add up.
  const asked = clock === 'still' ? [] : Array.from({ length: count + 1 }, (_, k) => Math.min(until, from + k * every))
  const changes = new Set(signals.flatMap(({ time }) => [...time].filter((t) => t > from && t <= until)))
  return { from, until, asked: Float64Array.from(asked), changes: Float64Array.from(changes).sort() }
}

/** A run with everything open: one trajectory after the other from the same start. */
function openPaths(
  run: Run<SimulationParts>,
  signals: readonly Signal[],
  span: TimeSpan,
  options: RunSimulateOptions,
): (path: number) => Trajectory {
  const { program, shown: asked } = run.parts
  const field = openField(run, (buffers) => openSignals(signals, options.interpolate ?? defaults.interpolate, buffers))
  const start = field.y.slice()
  const names = asked ?? [...program.states, ...program.lets].map((v) => v.name)
  const recorder = openRecorder(run, field, new Set(names))
  const jumping = openJumping(run, field)
  const open = { program, field, system: systemOf(field, program), jumping, recorder }
  const noise = program.noise && { ...program.noise, executable: field.open(program.noise.graph) }
  const shaking = { dt: options.dt, exact: isDrawnExactly(program, options) }
  const key = fold(keyFromSeed(run.seed), 'noise')
  const isWatched = program.clock === 'time' && noise === undefined && program.hasEnergy
  return (path) => {
    field.y.set(start)
    field.signals.seek(span.from, 'after')
    field.signals.write(span.from)
    const rising = openRising(recorder, options.accuracy ?? defaults.accuracy)
    const scene: Scene = { ...open, watch: isWatched ? rising.look : () => {}, anew: rising.anew }
    const way =
      noise === undefined || program.clock !== 'time'
        ? ways[program.clock](scene, span, options)
        : noisy(scene, span, { ...noise, stream: new Stream(fold(key, path)) }, shaking)
    let step = way.next()
    while (step.done !== true) step = way.next()
    const { outcome, by } = step.value
    const recording = recorder.done()
    const events = jumping?.done() ?? []
    return { recording, outcome: outside(run, recording) ?? outcome, events, ...(isWatched ? { rise: rising.rise } : {}), by }
  }
}

const ways: Readonly<
  Record<SimulationProgram['clock'], (scene: Scene, span: TimeSpan, options: RunSimulateOptions) => ReturnType<typeof inTime>>
> = {
  time: inTime,
  steps: inSteps,
  still,
}

/** Nothing moves but inputs: a row for each time at which they change. */
function* still(
  { field, recorder }: Scene,
  { from, changes }: TimeSpan,
): Generator<number, { outcome: SimulationOutcome; by: ReadonlySet<StepKind> }> {
  const { signals } = field
  for (const t of [from, ...changes]) {
    signals.seek(t, 'after')
    signals.write(t)
    recorder.record(t)
    yield t
  }
  return { outcome: endings.ended(changes.at(-1) ?? from), by: new Set() }
}

/** Errors of steps may carry a number so far out of its type. */
const ROOM = 1e-6

/** The first value that is none of the type of its state. */
function outside(run: Run<SimulationParts>, { time, traces }: Recording): SimulationOutcome | undefined {
  const { sizes } = run
  for (const { name, type, axes } of run.parts.program.states) {
    const trace = traces.find((t) => t.kind === 'state' && t.name === name)
    if (trace === undefined || (type.kind === 'real' && type.lower === undefined && type.upper === undefined)) continue
    const plus = type.kind === 'element' ? 1 : 0
    for (let r = 0; r < time.length; r += 1) {
      const row = trace.values.slice(r * trace.width, (r + 1) * trace.width).map((v) => v - plus)
      const trouble = typeTrouble({ axes, type }, row, sizes)
      if (trouble === undefined || Math.abs(row[trouble.at] ?? 0) < ROOM) continue
      const where = element(axes, sizes, trouble.at, false)
      const sentence = `"${name}" ${trouble.said} at t = ${shown(time[r] as number)}${where === '' ? '' : ` (${where})`}, which is no value of its type: it must be ${trouble.expected}.`
      return { kind: 'outside', time: time[r] as number, sentence }
    }
  }
  return undefined
}

/** Whether every stretch of a flow with noise has a Gaussian law that is known. */
function isDrawnExactly(
  program: SimulationProgram,
  { integrator: method = defaults.integrator, interpolate = defaults.interpolate }: RunSimulateOptions,
): boolean {
  const isStraight = interpolate === 'hold' || program.affineInInputs
  return program.affine && program.noise?.additive === true && isStraight && (method === 'auto' || method === 'exact')
}

/** `lasts`: the last time at which an input is given. */
function timeTroubles(program: SimulationProgram, options: RunSimulateOptions, lasts: number): readonly Diagnostic[] {
  const { until, begin = defaults.begin, dt, integrator: method, interval } = options
  const found: Diagnostic[] = []
  const { clock, noise, affine } = program
  if (clock !== 'still' && until === undefined && lasts <= begin) {
    found.push(
      diagnostic('AMP734', 'Nothing says when the simulation ends.', { expected: clock === 'steps' ? '--until STEPS' : '--until TIME' }),
    )
  }
  if (until !== undefined && until < begin) {
    found.push(
      diagnostic('AMP734', `The simulation would end at ${until}, before it begins at ${begin}.`, {
        expected: `--until of at least ${begin}`,
      }),
    )
  }
  if (clock === 'steps') {
    for (const [flag, value] of [['--until', until], ['--begin', begin], ['--every', interval]] as const) // biome-ignore format: a table
      if (value !== undefined && !Number.isInteger(value))
        found.push(diagnostic('AMP734', `${flag} is ${value}, and the model goes on by whole steps.`, { expected: 'a whole number' }))
  }
  if (clock === 'time' && noise !== undefined && dt === undefined && (!isDrawnExactly(program, options) || program.jumps.length > 0)) {
    const why =
      program.jumps.length > 0
        ? 'its jumps are looked for at the ends of steps'
        : affine
          ? 'its noise depends on what moves'
          : 'it is not affine'
    found.push(
      diagnostic('AMP734', `The flow with noise needs the length of its steps, since ${why}.`, {
        expected: '--dt TIME',
        hint: 'Halve it until results do not change: errors of means are of order dt (of dt^2 where the noise is constant).',
      }),
    )
  }
  if (method === 'exact' && clock === 'time' && !affine) {
    const hint = 'Leave out --method exact: adaptive steps keep errors below --accuracy.'
    found.push(diagnostic('AMP734', 'The flow is not A x + b in what moves, so it has no exact solution here.', { hint }))
  }
  return found
}

/** Nothing says what an input is before its first row. */
function late(signals: readonly Signal[], { begin = defaults.begin }: RunSimulateOptions): readonly Diagnostic[] {
  return signals.flatMap(({ name, time }) => {
    const first = must(time[0], name)
    if (first <= begin) return []
    const hint = `Give it a row at ${begin}, or begin later: --begin ${first}.`
    return [
      diagnostic('AMP735', `The input "${name}" begins at ${first}, and the simulation at ${begin}: nothing says what it is until then.`, {
        hint,
      }),
    ]
  })
}

/** Numbers in a row of an input. */
export function widthOf(axes: readonly string[], sizes: Bound['sizes']): number {
  return volumeOver(axes, sizes)
}
