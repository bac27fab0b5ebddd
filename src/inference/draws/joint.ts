import { InternalError, must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { Sizes } from '../../ir/graph.ts'
import { offsets, stridesOver } from '../../ir/layout.ts'
import type { JointDraw, LevelDraw } from '../../middle/energy.ts'
import type { Executable } from '../../middle/executable.ts'
import { levelValue } from '../../middle/kinds.ts'
import { type OpenSetting, open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import { buffer, count } from '../density/program-density.ts'
import { boltzmann, pick } from '../samplers/gibbs.ts'
import { formDraws } from './conditional-form.ts'

/** A variable that was summed out, integrated out or minimised, drawn given the values of everything else and of those drawn before it. */
export interface JointState {
  readonly name: string
  /** The present draw: elements from 0. */
  readonly values: Float64Array
  /** Fails where there is no density to draw from. */
  draw(stream: Stream): ChainFailure | undefined
}

/**
 * What is gone from the energy, in the order in which to draw it. `known` holds the values of everything the graphs read, by name,
 * and gains those drawn.
 */
export function jointStates(draws: readonly JointDraw[], setting: OpenSetting, known: Map<string, Float64Array>): JointState[] {
  return draws.map((draw) => {
    const { name, axes } = draw
    const values = new Float64Array(count(axes, setting.sizes))
    const begin = opens[draw.by] as Opens<JointDraw>
    const state = { name, values, draw: begin(draw, setting, known, values) }
    known.set(name, values)
    return state
  })
}

type Opens<Draw extends JointDraw> = (
  draw: Draw,
  setting: OpenSetting,
  known: ReadonlyMap<string, Float64Array>,
  values: Float64Array,
) => JointState['draw']

const opens: { readonly [By in JointDraw['by']]: Opens<Extract<JointDraw, { readonly by: By }>> } = {
  levels: (draw, setting, known, values) => {
    const { sizes } = setting
    const executable = open(setting, draw.graph, known)
    const levels = Float64Array.from({ length: must(sizes[draw.level], `size of axis ${draw.level}`) }, (_, k) => levelValue(draw.type, k))
    const sites = draw.chain === undefined ? everySite(executable, levels) : backwards(draw, draw.chain, executable, levels, sizes)
    return (stream) => {
      executable.run()
      sites(values, stream)
      return undefined
    }
  },
  form: ({ name, draw }, setting, known, values) => {
    const own = formDraws(draw, setting, new Map([...known, [name, values]]))
    return (stream) => own.draw(stream)
  },
  value: ({ graph }, setting, known, values) => {
    const executable = open(setting, graph, known)
    const value = must(executable.outputs.get(ports.result), ports.result)
    return () => {
      executable.run()
      values.set(value)
      return undefined
    }
  },
}

type SiteDraws = (values: Float64Array, stream: Stream) => void

/** Given everything else the sites are independent. */
function everySite(executable: Executable, levels: Float64Array): SiteDraws {
  const probability = buffer(executable.outputs, ports.probability)
  const size = levels.length
  return (values, stream) => {
    for (let i = 0; i < values.length; i += 1) {
      values[i] = levels[pick(probability.subarray(i * size, (i + 1) * size), stream.uniform())] as number
    }
  }
}

/**
 * Forward filtering, backward sampling (Carter & Kohn 1994; Frühwirth-Schnatter 1994): the last element from what was
 * filtered, then each from p(z[t] | z[t+1], ...) in proportion to exp(forward[t](z[t]) + step[t+1](z[t+1], z[t])).
 */
function backwards(
  { axes, level, graph }: LevelDraw,
  { axis, before }: NonNullable<LevelDraw['chain']>,
  executable: Executable,
  levels: Float64Array,
  sizes: Sizes,
): SiteDraws {
  const forward = buffer(executable.outputs, ports.forward)
  const step = buffer(executable.outputs, ports.step)
  const along = axes.indexOf(axis)
  if (along < 0) throw new InternalError(`no axis ${axis}`)
  const stride = count(axes.slice(along + 1), sizes)
  const length = must(sizes[axis], `size of axis ${axis}`)
  const size = levels.length
  const weights = new Float64Array(size)
  // Moves that are the same at every step, or in every chain, are there once.
  const strides = stridesOver(
    must(
      graph.outputs.find((o) => o.name === ports.step),
      'step',
    ).axes,
    sizes,
  )
  const starts = offsets(axes, sizes, strides)
  const [byNext, byLevel] = [strides.get(level) ?? 0, strides.get(before) ?? 0]

  function draw(site: number, next: number, stream: Stream): number {
    for (let k = 0; k < size; k += 1) {
      const move = next < 0 ? 0 : (step[(starts[site + stride] as number) + next * byNext + k * byLevel] as number)
      weights[k] = -((forward[site * size + k] as number) + move)
    }
    boltzmann(weights, 1)
    return pick(weights, stream.uniform())
  }

  return (values, stream) => {
    for (let first = 0; first < values.length; first += 1) {
      if (Math.floor(first / stride) % length !== 0) continue
      let next = -1
      for (let t = length - 1; t >= 0; t -= 1) {
        const site = first + t * stride
        next = draw(site, next, stream)
        values[site] = levels[next] as number
      }
    }
  }
}
