import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import type { Wall } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { writeBounds } from './bounds.ts'
import { type BoundNodes, constrained, type Transform, transformOf } from './index.ts'

interface Built {
  readonly coordinate: NodeId
  readonly value: NodeId
  readonly logJacobian: NodeId
}

/**
 * The moving states of a program as functions of their coordinates, the inputs `coordinate:NAME`. Bounds may depend on
 * other states: those are built first. `given` stands for every variable that is not among `moving`.
 */
export class Constrained {
  readonly diagnostics: Diagnostic[] = []
  readonly #m: Maths
  readonly #energy: Energy
  readonly #moving: ReadonlyMap<string, EnergyVariable>
  readonly #given: (port: { readonly name: string; readonly axes: readonly string[] }) => NodeId
  readonly #built = new Map<string, Built>()
  /** States whose bounds are being worked out. */
  readonly #open = new Set<string>()

  constructor(
    m: Maths,
    energy: Energy,
    moving: readonly EnergyVariable[],
    given: (port: { name: string; axes: readonly string[] }) => NodeId,
  ) {
    this.#m = m
    this.#energy = energy
    this.#moving = new Map(moving.map((v) => [v.name, v]))
    this.#given = given
  }

  /** The value of a variable, by the name and axes of the input that stood for it. */
  valueOf(name: string, axes: readonly string[]): NodeId {
    return this.#moving.has(name) ? this.#build(name).value : this.#given({ name, axes: [...axes] })
  }

  coordinateOf(name: string): NodeId {
    return this.#build(name).coordinate
  }

  /** Summed over the state: a scalar. */
  logJacobianOf(name: string): NodeId {
    return this.#build(name).logJacobian
  }

  coordinateAxes(name: string): readonly string[] {
    const { type, axes } = this.#variable(name)
    return this.#transform(name).coordinateAxes(type, axes)
  }

  /** The axes that only coordinates have, each once. */
  madeAxes(): readonly EnergyAxis[] {
    const made = [...this.#moving.values()].flatMap((v) => this.#transform(v.name).madeAxes(v.type))
    return made.filter((a, i) => made.findIndex((b) => b.name === a.name) === i)
  }

  #variable(name: string): EnergyVariable {
    return must(this.#moving.get(name), `state ${name}`)
  }

  #transform(name: string): Transform {
    return transformOf(this.#variable(name).type) as Transform
  }

  #build(name: string): Built {
    const before = this.#built.get(name)
    if (before !== undefined) return before
    const variable = this.#variable(name)
    const coordinate = this.#m.builder.input(ports.coordinate(name), this.coordinateAxes(name))
    this.#open.add(name)
    const bounds = this.#bounds(variable)
    this.#open.delete(name)
    const { type, axes } = variable
    const built = { coordinate, ...constrained(this.#m, this.#transform(name), type, axes, coordinate, bounds) }
    this.#built.set(name, built)
    return built
  }

  #bounds(variable: EnergyVariable): BoundNodes {
    return writeBounds(this.#m.builder, this.#energy, variable, ({ name, axes }, bound) => this.#inBound(name, axes, bound))
  }

  #inBound(name: string, axes: readonly string[], bound: Wall): NodeId {
    if (!this.#open.has(name)) return this.valueOf(name, axes)
    const message = `The bounds of "${name}" depend on "${name}" itself, so it has no coordinates.`
    this.diagnostics.push(diagnostic('AMP601', message, { span: bound.span }))
    return this.#m.k(0)
  }
}
