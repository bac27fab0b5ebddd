import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { backward } from '../../ir/backward.ts'
import type { Sizes } from '../../ir/graph.ts'
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
  const [forward, step] = [buffer(executable.outputs, ports.forward), buffer(executable.outputs, ports.step)]
  const stepAxes = must(
    graph.outputs.find((o) => o.name === ports.step),
    'step',
  ).axes
  const run = { axes, axis, level, before, sizes, forward, step, stepAxes }
  return (values, stream) => {
    const choose = (energies: Float64Array): number => {
      boltzmann(energies, 1)
      return pick(energies, stream.uniform())
    }
    backward(run, choose, (site, k) => {
      values[site] = levels[k] as number
    })
  }
}
