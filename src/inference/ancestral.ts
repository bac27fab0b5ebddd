import { InternalError, must } from '../base/internal-error.ts'
import { fold, type Key, Stream } from '../base/random.ts'
import type { Executable } from '../compile/executable.ts'
import { type FamilyRule, familyRules, isPending, type PendingFamily } from '../compile/families/index.ts'
import type { AncestralProgram } from '../compile/program.ts'
import type { Sizes } from '../ir/graph.ts'
import { type ChainDraws, columnNames, type Draws } from './draws.ts'
import { count } from './program-density.ts'
import { type Site, siteSampler } from './site-sampler.ts'

export interface AncestralOptions {
  readonly chains?: number
  readonly draws?: number
}

/**
 * Exact, independent draws from the front: each variable from its family, given those before it. `executable` runs
 * `program.graph`, its other inputs (data, params, memories) filled in. Elements of an axis are numbered from 1 in the
 * result, as everywhere outside. The chains differ only in their random numbers.
 */
export function drawAncestral(
  program: AncestralProgram,
  executable: Executable,
  sizes: Sizes,
  key: Key,
  { chains = 4, draws = 1000 }: AncestralOptions = {},
): Draws {
  const variables = program.draws.map(({ name, axes }) => ({ name, axes, shape: axes.map((a) => must(sizes[a], `size of axis ${a}`)) }))
  const generator = new Generator(program, executable, sizes)
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

/** One draw of every variable of the program, by name, laid out in declared order; elements are numbered from 0. */
export function drawOnce(
  program: AncestralProgram,
  executable: Executable,
  sizes: Sizes,
  key: Key,
): Readonly<Record<string, Float64Array>> {
  const generator = new Generator(program, executable, sizes)
  generator.draw(key)
  return Object.fromEntries(generator.parts.map(({ name, values }) => [name, values]))
}

interface Part {
  readonly name: string
  /** What is added on the way out: 1 for elements. */
  readonly first: number
  readonly values: Float64Array
  draw(stream: Stream): void
}

class Generator {
  readonly parts: readonly Part[]
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

type Draw = AncestralProgram['draws'][number]

function part(draw: Draw, executable: Executable, sizes: Sizes): Part {
  const { name, axes, type } = draw
  const rule = (familyRules as Readonly<Record<string, FamilyRule | PendingFamily | undefined>>)[draw.family]
  if (rule === undefined || (isPending(rule) && draw.family !== 'markov')) throw new InternalError(`no sampler of ${draw.family}`)
  const values = new Float64Array(count(axes, sizes))
  const labels = [...Array.from({ length: draw.arguments }, (_, i) => String(i)), ...(draw.truncated ? ['lower', 'upper'] : [])]
  const args = labels.map((label) => must(executable.outputs.get(`${name}:${label}`), `argument ${label} of ${name}`))
  const sites = sitesOf(draw, sizes)
  const sample = siteSampler(draw, rule, type.kind === 'element' ? must(sizes[type.axis], `size of axis ${type.axis}`) : 0)
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

/** Where the numbers of each site lie: one place for a scalar family, the places along its axis for a family over one. */
function sitesOf({ axes, over }: Draw, sizes: Sizes): readonly Site[] {
  const strides = axes.map((_, i) => count(axes.slice(i + 1), sizes))
  const along = axes.findIndex((a) => over.includes(a))
  const [size, stride] = along < 0 ? [1, 1] : [must(sizes[axes[along] as string], 'size'), strides[along] as number]
  let starts = [0]
  axes.forEach((axis, i) => {
    if (i === along) return
    starts = starts.flatMap((s) => Array.from({ length: must(sizes[axis], 'size') }, (_, k) => s + k * (strides[i] as number)))
  })
  return starts.map((start) => ({ start, stride, size }))
}
