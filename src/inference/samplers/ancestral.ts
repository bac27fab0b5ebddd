import { must } from '../../base/internal-error.ts'
import { fold, type Key, Stream } from '../../base/random.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Executable } from '../../middle/executable.ts'
import { defaults, type OptionsOf } from '../../middle/options.ts'
import * as ports from '../../middle/ports.ts'
import type { AncestralProgram } from '../../middle/program.ts'
import { count } from '../density/program-density.ts'
import { type ChainDraws, columnNames, type DrawnVariable, type Draws } from '../draws/draws.ts'
import type { Sampler } from './sampler.ts'
import { siteSampler, sitesOf } from './site-sampler.ts'

export type AncestralOptions = Pick<OptionsOf<'sample'>, 'chains' | 'draws'>

/**
 * Exact, independent draws (ancestral sampling): each variable from its family, given those before it. `executable` runs
 * `program.graph`, its other inputs (data, params, memories) filled in. Elements of an axis are numbered from 1 in the
 * result, as everywhere outside. The chains differ only in their random numbers.
 */
export function drawAncestral(
  program: AncestralProgram,
  executable: Executable,
  sizes: Sizes,
  key: Key,
  { chains = defaults.chains, draws = defaults.draws }: AncestralOptions = {},
): Draws {
  const variables = drawnVariables(program, sizes)
  const generator = new AncestralGenerator(program, executable, sizes)
  const run = (chain: number): ChainDraws => {
    const own = fold(fold(key, 'chain'), chain)
    const values = new Float64Array(draws * generator.width)
    for (let draw = 0; draw < draws; draw += 1) {
      generator.draw(fold(own, draw))
      generator.read(values.subarray(draw * generator.width, (draw + 1) * generator.width))
    }
    return { chain, count: draws, values, columns: [], statistics: new Float64Array(0) }
  }
  const names = variables.flatMap((v) => columnNames(v.name, v.shape))
  return { variables, names, chains: Array.from({ length: chains }, (_, chain) => run(chain)) }
}

export function drawnVariables(program: AncestralProgram, sizes: Sizes): readonly DrawnVariable[] {
  return program.draws.map(({ name, axes }) => ({ name, axes, shape: axes.map((a) => must(sizes[a], `size of axis ${a}`)) }))
}

/**
 * The same draws as `drawAncestral`'s for one chain, as a sampler without warm-up: its position is the draw, laid out
 * one variable after the other, elements numbered from 1. Draw n depends on the chain's key and n only.
 */
export function ancestralSampler(program: AncestralProgram, executable: Executable, sizes: Sizes, key: Key, chain: number): Sampler {
  const own = fold(fold(key, 'chain'), chain)
  const generator = new AncestralGenerator(program, executable, sizes)
  const position = new Float64Array(generator.width)
  let draw = 0
  return {
    position,
    columns: [],
    statistics: new Float64Array(0),
    begin: () => undefined,
    step() {
      generator.draw(fold(own, draw))
      generator.read(position)
      draw += 1
      return undefined
    },
    state: () => ({ draw: [draw] }),
    resume(saved) {
      draw = must(saved.draw?.[0], 'draw')
    },
    tuning: () => ({}),
  }
}

/** New draws of a program's variables given what `executable`'s other inputs hold. */
export interface Redraw {
  readonly variables: readonly DrawnVariable[]
  readonly width: number
  /** Writes one draw into `out`, elements numbered from 1. */
  draw(key: Key, out: Float64Array): void
}

export function redraw(program: AncestralProgram, executable: Executable, sizes: Sizes): Redraw {
  const generator = new AncestralGenerator(program, executable, sizes)
  return {
    variables: drawnVariables(program, sizes),
    width: generator.width,
    draw(key, out) {
      generator.draw(key)
      generator.read(out)
    },
  }
}

/** One draw of every variable of the program, by name, laid out in declared order; elements are numbered from 0. */
export function drawOnce(
  program: AncestralProgram,
  executable: Executable,
  sizes: Sizes,
  key: Key,
): Readonly<Record<string, Float64Array>> {
  const generator = new AncestralGenerator(program, executable, sizes)
  generator.draw(key)
  return Object.fromEntries(generator.parts.map(({ name, values }) => [name, values]))
}

interface DrawPart {
  readonly name: string
  /** What is added on the way out: 1 for elements. */
  readonly first: number
  readonly values: Float64Array
  draw(stream: Stream): void
}

class AncestralGenerator {
  readonly parts: readonly DrawPart[]
  readonly width: number
  readonly #executable: Executable

  constructor(program: AncestralProgram, executable: Executable, sizes: Sizes) {
    this.#executable = executable
    this.parts = program.draws.map((d) => part(d, executable, sizes))
    this.width = this.parts.reduce((sum, p) => sum + p.values.length, 0)
  }

  /** Every variable has its own stream, so that adding one leaves the others' draws as they were. */
  draw(key: Key): void {
    for (const p of this.parts) {
      this.#executable.run()
      p.draw(new Stream(fold(key, p.name)))
      this.#executable.inputs.get(p.name)?.set(p.values)
      this.#executable.touch(p.name)
    }
  }

  read(out: Float64Array): void {
    let at = 0
    for (const { values, first } of this.parts) for (const v of values) out[at++] = v + first
  }
}

type ProgramDraw = AncestralProgram['draws'][number]

function part(draw: ProgramDraw, executable: Executable, sizes: Sizes): DrawPart {
  const { name, axes, type } = draw
  const values = new Float64Array(count(axes, sizes))
  const ends = [...(draw.truncated ? (['lower', 'upper'] as const) : []), ...(draw.censored ? (['least', 'most'] as const) : [])]
  const given = [...Array.from({ length: draw.arguments }, (_, i) => ports.parameter(name, i)), ...ends.map((end) => ports.end(name, end))]
  const args = given.map((port) => must(executable.outputs.get(port), port))
  const sites = sitesOf(draw, sizes)
  const sample = siteSampler(draw, type.kind === 'element' ? must(sizes[type.axis], `size of axis ${type.axis}`) : 0)
  // An argument holds as many numbers for every site.
  const own = args.map((a) => a.length / Math.max(1, sites.length))
  return {
    name,
    values,
    first: type.kind === 'element' ? 1 : 0,
    draw(stream) {
      sites.forEach((site, s) => {
        const here = args.map((a, i) => a.subarray(s * (own[i] as number), (s + 1) * (own[i] as number)))
        sample(stream, here, values, site)
      })
    },
  }
}
