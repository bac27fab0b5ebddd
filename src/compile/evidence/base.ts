import { must } from '../../base/internal-error.ts'
import { gradient } from '../../ir/gradient.ts'
import type { Graph } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy } from '../../middle/energy.ts'
import type { PriorBase } from '../../middle/evidence-program.ts'
import * as ports from '../../middle/ports.ts'
import type { AncestralProgram, SamplingProgram } from '../../middle/program.ts'
import type { Situation } from '../../middle/situation.ts'
import { statementOf } from '../ancestral/source.ts'
import { generativeProgram } from '../ancestral.ts'
import { discreteMoves } from '../discrete.ts'
import { onlyOutputs } from '../outputs.ts'
import { movingParts, openReading } from '../reading.ts'
import { readings } from '../readings.ts'
import { ordinaryInputs } from '../type-range.ts'

/**
 * The statements of variables that are left in a program, as far as they read nothing that is gone from it and say how to draw: priors
 * mostly. `whole`: of what nothing is observed.
 */
export function priorBase(
  energy: Energy,
  situation: Situation,
  { states, discrete }: SamplingProgram,
  whole: (name: string) => boolean,
): PriorBase | undefined {
  const left = new Set([...states, ...discrete].map((s) => s.name))
  const reads = (program: AncestralProgram): boolean => program.graph.inputs.every((p) => left.has(p.name) || !situation.moving.has(p.name))
  const own = energy.declared.filter((v) => {
    if (!left.has(v.name) || !whole(v.name)) return false
    const program = drawnBy(energy, [v.name])
    return program !== undefined && reads(program)
  })
  const names = own.map((v) => v.name)
  const draw = names.length === 0 ? undefined : drawnBy(energy, names)
  if (draw === undefined) return undefined
  const stated = names.map((name) => must(statementIn(energy, name), name))
  // Its terms are those of the statements as they are written.
  const graph = onlyOutputs(energy.written, new Map(stated.map((s) => [ports.term(s), ports.term(s)])))
  const alone: Energy = { ...energy, graph, terms: [] }
  const now = { ...situation, moving: left }
  return { names, draw, graph: densityOf(alone, now, names), discrete: discrete.map((d) => discreteMoves(alone, d.name, now)) }
}

/** How to draw these, by their own statements alone. */
function drawnBy(energy: Energy, names: readonly string[]): AncestralProgram | undefined {
  const statements = energy.statements.filter((s) => s.kind === 'density' && s.variable !== undefined && names.includes(s.variable))
  // What the text implies of others is no part of it.
  if (names.some((name) => statementIn(energy, name) === undefined)) return undefined
  const program = generativeProgram({ ...energy, statements, opened: [] }, new Set(names))
  return 'reason' in program ? undefined : program
}

/** The name of the one statement of a variable, where the text has it. */
function statementIn(energy: Energy, name: string): string | undefined {
  const own = statementOf(energy, name)
  return 'reason' in own || !energy.statements.includes(own) ? undefined : own.name
}

function densityOf(energy: Energy, situation: Situation, names: readonly string[]): Graph {
  const parts = movingParts(energy, situation)
  const { builder, coordinates, outputs } = openReading(readings.evidence, energy, parts)
  const m = maths(builder)
  const terms = outputs.filter((o) => ports.isTerm(o.name)).map((o) => o.node)
  const stretches = parts.continuous.filter((v) => names.includes(v.name)).map((v) => coordinates.logJacobianOf(v.name))
  const total = m.sub(m.plus(...terms), m.plus(...stretches))
  builder.output(ports.energy, total)
  const inputs = parts.continuous.map((v) => coordinates.coordinateOf(v.name))
  gradient(builder, total, inputs, { inputs: ordinaryInputs(energy.variables) }).forEach((g, i) => {
    const { name } = must(parts.continuous[i], 'state')
    builder.output(ports.gradient(name), g, coordinates.coordinateAxes(name))
  })
  return simplify(builder.finish())
}
