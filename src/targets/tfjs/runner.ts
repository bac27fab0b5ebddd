import { InternalError, must } from '../../base/internal-error.ts'
import { pow } from '../../base/special/pow.ts'
import { evaluateNode, folds } from '../../ir/evaluate.ts'
import type { Sizes } from '../../ir/graph.ts'
import { sizeOf, volumeOver } from '../../ir/layout.ts'
import type { Executable, Target } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import { calls } from './calls.ts'
import type { Tf, TfTensor } from './load.ts'
import type { Located, Once, TfCall, TfjsPlan, TfStep } from './plan.ts'
import { withAliases } from './planner.ts'
import { reductions } from './reductions.ts'
import { arranged, picker, runningSum, shifted, transposed } from './structure.ts'

/** A plan at given sizes on a loaded TensorFlow.js. Holds the tensors of what is fixed, worked out by `once`, until disposed of. */
export class Runner {
  readonly sizes: Sizes
  readonly #tf: Tf
  readonly #plan: TfjsPlan
  readonly #steps: readonly ((env: Env) => void)[]
  readonly #fixed = new Map<number, TfTensor>()
  readonly #once: readonly OnceRunner[]

  constructor(tf: Tf, plan: TfjsPlan, sizes: Sizes, once: Target) {
    this.#tf = tf
    this.#plan = plan
    this.sizes = withAliases(sizes, plan.aliases)
    this.#steps = plan.steps.map((step) => this.#made(step, once))
    this.#once = plan.once.map((part) => new OnceRunner(tf, part, this.sizes, once))
  }

  /** Works out anew what depends on fixed inputs that changed; `given` has their numbers, `found` gets fixed outputs. */
  refresh(
    changed: ReadonlySet<string> | 'all',
    given: (name: string) => Float64Array,
    found: (name: string, data: Float64Array) => void,
  ): void {
    for (const once of this.#once) {
      if (changed === 'all' || once.plan.depends.some((name) => changed.has(name))) once.run(given, this.#fixed, found)
    }
  }

  /** Runs the steps inside the caller's `tidy`: tensors of the moving inputs in, tensors of the outputs out. */
  steps(given: (name: string) => TfTensor): (at: Located) => TfTensor {
    const env: Env = new Array(this.#plan.values)
    for (const [value, tensor] of this.#fixed) env[value] = tensor
    for (const input of this.#plan.inputs) env[input.value] = given(input.name)
    for (const step of this.#steps) step(env)
    return (at) => must(env[at.value], `value ${at.value}`)
  }

  dispose(): void {
    for (const tensor of this.#fixed.values()) tensor.dispose()
    this.#fixed.clear()
  }

  #made(step: TfStep, once: Target): (env: Env) => void {
    const tf = this.#tf
    const call = ruleFor(tf, step, this.sizes, once)
    const reads = step.args.map((a) => a.value)
    return (env) => {
      const made = tf.tidy(() => call(reads.map((value) => must(env[value], `value ${value}`))))
      env[step.out] = made
      for (const value of step.free) {
        env[value]?.dispose()
        env[value] = undefined
      }
    }
  }
}

type Env = (TfTensor | undefined)[]
type StepRunner = (args: readonly TfTensor[]) => TfTensor
type StepRunners = {
  readonly [K in TfCall['call']]: (tf: Tf, step: TfStep & { readonly call: K }, sizes: Sizes, once: Target) => StepRunner
}

function ruleFor(tf: Tf, step: TfStep, sizes: Sizes, once: Target): StepRunner {
  const make = rules[step.call] as (tf: Tf, step: TfStep, sizes: Sizes, once: Target) => StepRunner
  return make(tf, step, sizes, once)
}

const rules: StepRunners = {
  apply: (tf, { op, args, axes }, sizes) => {
    const groups = grouped(axes, args)
    const shapes = args.map((a) => shapeIn(groups, a.axes, sizes))
    const whole = axes.map((a) => sizeOf(a, sizes))
    const rule = calls[op]
    return (tensors) => shaped(tf, rule(tf, ...tensors.map((x, i) => shaped(tf, x, must(shapes[i], 'shape')))), whole)
  },
  reduce: (tf, { op, over, args, axes }, sizes) => {
    // Of no elements the WebAssembly backend makes what was in memory.
    if (volumeOver(over, sizes) === 0)
      return () =>
        tf.fill(
          axes.map((a) => sizeOf(a, sizes)),
          folds[op]([]),
        )
    const positions = over.map((a) => must(args[0], 'operand').axes.indexOf(a))
    return ([x]) => reductions[op](tf, x as TfTensor, positions)
  },
  matmul: (tf, { batch, rows, along, columns, axes }, sizes) => {
    const [b, m, k, n] = [batch, rows, along, columns].map((g) => volumeOver(g, sizes)) as [number, number, number, number]
    const whole = axes.map((a) => sizeOf(a, sizes))
    // The WebAssembly backend complains about products without elements, and leaves what was in memory in them.
    if (b * m * k * n === 0) return () => tf.zeros(whole)
    const [left, right] =
      batch.length === 0
        ? [
            [m, k],
            [k, n],
          ]
        : [
            [b, m, k],
            [b, k, n],
          ]
    return ([x, y]) =>
      shaped(tf, tf.matMul(shaped(tf, x as TfTensor, left as number[]), shaped(tf, y as TfTensor, right as number[])), whole)
  },
  transpose: (tf, { args, axes }, sizes) => {
    const from = must(args[0], 'operand').axes
    return ([x]) => transposed(tf, x as TfTensor, from, axes, sizes)
  },
  pick: (tf, { args, axis, axes }, sizes) => {
    const [from, index] = args.map((a) => a.axes) as [readonly string[], readonly string[]]
    const rule = picker({ from, index, axis, to: axes }, sizes)
    return ([x, at]) => rule(tf, x as TfTensor, at as TfTensor)
  },
  shift: (tf, { args, axis, by }) => {
    const at = must(args[0], 'operand').axes.indexOf(axis)
    return ([x]) => shifted(tf, x as TfTensor, at, by)
  },
  cumsum: (tf, { args, axis, reverse }) => {
    const at = must(args[0], 'operand').axes.indexOf(axis)
    return ([x]) => runningSum(tf, x as TfTensor, at, reverse)
  },
  scan: (tf, step, sizes, once) => scanned(tf, step, sizes, once),
  host: (tf, { node, args, axes }, sizes) => {
    return (tensors) => {
      const given = tensors.map((x, i) => ({ axes: must(args[i], 'operand').axes, data: Float64Array.from(x.dataSync()) }))
      return upload(tf, evaluateNode(node, { sizes, input: missing, args: given }), axes, sizes)
    }
  },
}

/** One run of the body a place along the axis. */
function scanned(tf: Tf, step: TfStep & { readonly call: 'scan' }, sizes: Sizes, once: Target): StepRunner {
  const { axis, reverse, body, ports, args } = step
  const runner = new Runner(tf, body, sizes, once)
  const next = must(body.outputs[0], 'next').from
  if (next.kind !== 'value') throw new InternalError('the body of a scan gives no tensor')
  const portOf = (name: string): readonly string[] =>
    must(
      body.inputs.find((p) => p.name === name),
      name,
    ).axes
  const places = Array.from({ length: sizeOf(axis, sizes) }, (_, k) => k)
  if (reverse) places.reverse()
  return ([first, ...elements]) => {
    runner.refresh('all', missing, missing)
    let prev = arranged(tf, first as TfTensor, must(args[0], 'first').axes, ports, sizes)
    const found = new Map<number, TfTensor>()
    places.forEach((k, i) => {
      if (i > 0) {
        const given = (name: string): TfTensor => {
          if (name === 'prev') return arranged(tf, prev, ports, portOf(name), sizes)
          const e = Number(name.slice(1))
          const from = must(args[e + 1], name).axes
          return arranged(
            tf,
            slice(tf, must(elements[e], name), from.indexOf(axis), k),
            from.filter((a) => a !== axis),
            portOf(name),
            sizes,
          )
        }
        prev = arranged(tf, runner.steps(given)(next.at), next.at.axes, ports, sizes)
      }
      found.set(k, prev)
    })
    const stacked = tf.stack(places.toSorted((a, b) => a - b).map((k) => must(found.get(k), 'place')))
    runner.dispose()
    return stacked
  }
}

function missing(name: string): never {
  throw new InternalError(`the body of a scan has no fixed input ${name}`)
}

function slice(tf: Tf, x: TfTensor, at: number, k: number): TfTensor {
  if (at < 0) return x
  const begin = x.shape.map((_, i) => (i === at ? k : 0))
  const part = tf.slice(
    x,
    begin,
    x.shape.map((n, i) => (i === at ? 1 : n)),
  )
  return tf.reshape(
    part,
    x.shape.filter((_, i) => i !== at),
  )
}

/** Neighbouring axes that the same operands have are one dimension. */
function grouped(axes: readonly string[], args: readonly Located[]): readonly (readonly string[])[] {
  const owners = (axis: string): string => args.map((a) => Number(a.axes.includes(axis))).join('')
  const groups: string[][] = []
  for (const axis of axes) {
    const last = groups.at(-1)
    if (last !== undefined && owners(last[0] as string) === owners(axis)) last.push(axis)
    else groups.push([axis])
  }
  return groups
}

/** The shape that broadcasts: 1 for a group that the operand lacks, nothing for those at the front. */
function shapeIn(groups: readonly (readonly string[])[], axes: readonly string[], sizes: Sizes): number[] {
  const shape = groups.map((group) => (axes.includes(group[0] as string) ? volumeOver(group, sizes) : 1))
  const first = groups.findIndex((group) => axes.includes(group[0] as string))
  return first < 0 ? [] : shape.slice(first)
}

function shaped(tf: Tf, x: TfTensor, shape: number[]): TfTensor {
  return x.shape.length === shape.length && x.shape.every((n, i) => n === shape[i]) ? x : tf.reshape(x, shape)
}

/** Results larger than this (8 MB) are not kept on the host between uploads. */
const KEPT = 1 << 20

/** What is fixed, worked out in float64 by another target. */
class OnceRunner {
  readonly plan: Once
  readonly #tf: Tf
  readonly #sizes: Sizes
  readonly #large: boolean
  readonly #target: Target
  #kept: Executable | undefined

  constructor(tf: Tf, plan: Once, sizes: Sizes, target: Target) {
    this.#target = target
    this.plan = plan
    this.#tf = tf
    this.#sizes = sizes
    this.#large = plan.graph.outputs.some((o) => volumeOver(o.axes, sizes) > KEPT)
  }

  run(given: (name: string) => Float64Array, into: Map<number, TfTensor>, found: (name: string, data: Float64Array) => void): void {
    const names = this.plan.graph.inputs.map((p) => p.name)
    const executable =
      this.#kept ?? this.#target(this.plan.graph, this.#sizes, { buffers: new Map(names.map((name) => [name, given(name)])) })
    executable.run()
    for (const { value, axes } of this.plan.uploads) {
      into.get(value)?.dispose()
      into.set(value, this.#tf.keep(upload(this.#tf, must(executable.outputs.get(ports.upload(value)), 'upload'), axes, this.#sizes)))
    }
    for (const name of this.plan.outputs) found(name, must(executable.outputs.get(ports.wide(name)), name))
    this.#kept = this.#large ? undefined : executable
  }
}

/** Rounded to float32; what is finite stays finite. */
export function upload(tf: Tf, data: Float64Array, axes: readonly string[], sizes: Sizes): TfTensor {
  return tf.tensor(
    toFloat32(data),
    axes.map((a) => sizeOf(a, sizes)),
    'float32',
  )
}

const LARGEST = (2 - pow(2, -23)) * pow(2, 127)

export function toFloat32(data: Float64Array): Float32Array {
  const out = new Float32Array(data)
  for (let i = 0; i < out.length; i += 1) {
    if (Math.abs(out[i] as number) === Infinity && Number.isFinite(data[i] as number)) out[i] = Math.sign(data[i] as number) * LARGEST
  }
  return out
}
