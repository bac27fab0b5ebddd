import { must } from '../../base/internal-error.ts'
import { fold, type Key, Stream } from '../../base/random.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { discreteField } from '../../inference/density/discrete-field.ts'
import { count, flatBuffers, fromProgram } from '../../inference/density/program-density.ts'
import { freeOf, restrict } from '../../inference/density/restrict.ts'
import type { Base } from '../../inference/evidence/geometric.ts'
import { drawOnce } from '../../inference/samplers/ancestral.ts'
import type { DiscreteField } from '../../inference/samplers/gibbs.ts'
import type { PriorBase } from '../../middle/evidence-program.ts'
import type { Executable } from '../../middle/executable.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { EvidenceScene } from './scene.ts'

/**
 * Where paths begin: priors as far as the model has them; every other coordinate normal around where chains start, as wide as
 * those are apart; every other discrete value uniform.
 */
export function openBase(scene: EvidenceScene, prior: PriorBase | undefined): Base {
  const { run, restriction, initial, fields, shared } = scene
  const { program } = run.parts
  const free = freeOf(restriction.held)
  const places = placesOf(scene)
  const drawn = new Set(prior?.names ?? [])
  const plain = Int32Array.from(free.keys()).filter((i) => !drawn.has(must(places[free[i] as number], 'place').name))
  const centre = Float64Array.from(free, (_, i) => finite(initial.at?.[i]) ?? initial.around?.[i] ?? 0)
  const uniform = fields.filter((f) => !drawn.has(f.name))
  const own = prior && openPrior(scene, prior)
  const constant = -plain.length * (0.5 * logOf(2 * Math.PI) + logOf(WIDTH))
  return {
    logIntegral: uniform.reduce((sum, f) => sum + freeSites(f).length * logOf(f.levels.length), 0),
    density: {
      dimension: free.length,
      evaluate(q, gradient) {
        const log = own === undefined ? 0 : own.density.evaluate(q, gradient)
        if (own === undefined) gradient.fill(0)
        let squares = 0
        for (const i of plain) {
          const off = ((q[i] as number) - (centre[i] as number)) / WIDTH
          squares += off * off
          gradient[i] = (gradient[i] as number) - off / WIDTH
        }
        return log + constant - 0.5 * squares
      },
    },
    ...(own === undefined || program.discrete.length === 0 ? {} : { fields: own.fields }),
    draw(key, q) {
      const stream = new Stream(fold(key, 'normal'))
      for (const i of plain) q[i] = (centre[i] as number) + WIDTH * stream.normal()
      for (const f of uniform) for (const site of freeSites(f)) f.values[site] = f.levels[stream.integer(f.levels.length)] as number
      own?.draw(key, q)
    },
  }

  function openPrior({ density }: EvidenceScene, { graph, discrete, draw, names }: PriorBase) {
    // The same coordinates and values; slopes of its own, and T = 1.
    const theirs = new Map(shared)
    for (const [name, buffer] of flatBuffers(program, run.sizes)) if (ports.isGradient(name)) theirs.set(name, buffer)
    theirs.set(ports.temperature, Float64Array.of(1))
    const atOne = { ...run, fixed: new Map(run.fixed).set(ports.temperature, Float64Array.of(1)) }
    const executable = open(atOne, graph, theirs)
    const bare = { ...program, terms: [] }
    const drawing = open(atOne, draw.graph)
    const coordinates = coordinateWriters(scene, names)
    return {
      density: restrict(fromProgram(bare, executable), restriction),
      fields: discrete.map((state): DiscreteField => discreteField(state, run.target, run.sizes, theirs)),
      draw(key: Key, q: Float64Array): void {
        // What priors read of variables that were drawn otherwise.
        density.evaluate(q, new Float64Array(q.length))
        for (const { name } of [...program.states, ...program.discrete]) {
          const from = names.includes(name) ? undefined : shared.get(ports.value(name))
          if (from === undefined) continue
          drawing.inputs.get(name)?.set(from)
          drawing.touch(name)
        }
        const values = drawOnce(draw, drawing, run.sizes, key)
        for (const f of fields) if (drawn.has(f.name)) f.values.set(must(values[f.name], f.name))
        for (const write of coordinates) write(values, q)
      },
    }
  }
}

/** The standard deviation of coordinates that no prior draws: chains start as far apart. */
const WIDTH = 2

const finite = (x: number | undefined): number | undefined => (x !== undefined && Number.isFinite(x) ? x : undefined)

function freeSites({ values, held }: DiscreteField): readonly number[] {
  return [...values.keys()].filter((i) => held?.[i] !== 1)
}

/** Of every coordinate, the state that it is of. */
function placesOf({ run }: EvidenceScene): readonly { readonly name: string }[] {
  return run.parts.program.states.flatMap(({ name, coordinateAxes }) => Array.from({ length: count(coordinateAxes, run.sizes) }, () => ({ name }))) // biome-ignore format: one thought
}

type DrawnByName = Readonly<Record<string, Float64Array>>

/** Where values lie that are at an edge of their support, to rounding: e^-36 is 2e-16. */
const EDGE = 36

/** The coordinates of drawn values, each state after those that its bounds may read. */
function coordinateWriters({ run, shared, restriction }: EvidenceScene, names: readonly string[]) {
  const { program, inverses } = run.parts
  const free = freeOf(restriction.held)
  let from = 0
  return program.states.flatMap(({ name, coordinateAxes }) => {
    const length = count(coordinateAxes, run.sizes)
    const at = free.indexOf(from)
    from += length
    if (!names.includes(name)) return []
    const inverse = inverses.find((i) => i.name === name)
    const executable: Executable | undefined = inverse && open(run, inverse.graph)
    return [
      (values: DrawnByName, q: Float64Array): void => {
        for (const [input, buffer] of executable?.inputs ?? []) {
          const owner = ports.valueOwner(input) ?? input
          const value = values[owner] ?? shared.get(ports.value(owner))
          if (value !== undefined && !run.fixed.has(input)) buffer.set(value)
        }
        executable?.run()
        const own = executable === undefined ? must(values[name], name) : must(executable.outputs.get(ports.coordinate(name)), name)
        for (let k = 0; k < length; k += 1) q[at + k] = Number.isFinite(own[k]) ? (own[k] as number) : EDGE * Math.sign(own[k] as number)
      },
    ]
  })
}
