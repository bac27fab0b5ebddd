import { hasErrors } from '../../base/diagnostic.ts'
import type { Energy, WrittenDensity, WrittenStart, WrittenStatement } from '../../middle/energy.ts'
import type { DensityTerm, Typed, ValueOrigin, Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { emptyEnvironment, type LowerContext, type Lowered } from './context.ts'
import { asNumber, asPosition } from './elements.ts'
import { byItself } from './legality.ts'
import { writeMotions } from './motions.ts'
import { writeRules } from './rules.ts'
import { startTerm } from './start-term.ts'
import type { ImpliedTerm } from './terms.ts'

/**
 * Writes every expression that a later stage may need by itself as an output: what densities are of, bounds of types,
 * defaults, lets, rules and objectives. Describes the statements, of which the text is not needed any more.
 */
export function writeParts(
  c: LowerContext,
  implied: readonly ImpliedTerm[],
  lower: (e: Typed) => Lowered,
): Pick<Energy, 'statements' | 'implied' | 'rules' | 'motions' | 'starts'> {
  const write = (port: string, e: Typed): void => c.builder.output(port, byItself(c, lower(e)), e.axes)
  // Elements count from 0 inside, also those that are said as numbers.
  const writeValue = (port: string, { type }: Variable, e: Typed): void => {
    const node = byItself(c, lower(e))
    c.builder.output(port, type.kind === 'element' ? asPosition(c, e, node) : node, e.axes)
  }
  const { variables, lets, terms, temperature } = c.model
  // Elements count from 1 outside.
  for (const { name, value } of lets) c.builder.output(ports.quantity(name), asNumber(c, value, byItself(c, lower(value))), value.axes)
  for (const variable of variables) {
    const { name, type, default: preset } = variable
    if (preset !== undefined) writeValue(ports.preset(name), variable, preset)
    if (type.kind !== 'real') continue
    if (type.lower !== undefined) write(ports.bound(name, 'lower'), type.lower)
    if (type.upper !== undefined) write(ports.bound(name, 'upper'), type.upper)
  }
  for (const term of terms) if (term.kind === 'density') writeDensity(term, write)
  for (const { name, weights } of c.model.axes)
    if (weights?.finite === false) for (const [i, e] of weights.args.entries()) write(ports.argument(ports.weight(name), i), e)
  for (const { name, args } of implied) for (const [i, node] of args.entries()) c.builder.output(ports.argument(name, i), node)
  if (temperature !== undefined) write(ports.statedTemperature, temperature.value)
  writeObjectives(c)
  return {
    statements: terms.map(statementOf),
    rules: writeRules(c),
    motions: writeMotions(c),
    starts: variables.flatMap((v) => (v.start === undefined ? [] : [{ variable: v.name, by: writeStart(v, v.start, write, writeValue) }])),
    implied: implied.map(({ name, span, variable, family, over, args }) => ({
      ...{ kind: 'density', name, span, variable, family, over },
      ...{ arguments: args.length, truncated: false, censored: false },
    })),
  }
}

function writeStart(
  v: Variable,
  start: ValueOrigin,
  write: (port: string, e: Typed) => void,
  writeValue: (port: string, v: Variable, e: Typed) => void,
): WrittenStart['by'] {
  if (start.kind === 'level') return 'level'
  if (start.kind === 'value') {
    writeValue(ports.start(v.name), v, start.value)
    return 'value'
  }
  const term = startTerm(v, start)
  writeDensity(term, write)
  return densityOf(term)
}

function writeDensity({ name, left, args, range, censored }: DensityTerm, write: (port: string, e: Typed) => void): void {
  write(ports.left(name), left)
  for (const [i, e] of args.entries()) write(ports.argument(name, i), e)
  for (const end of ['lower', 'upper'] as const) {
    if (range !== undefined) write(ports.range(name, end), range[end])
    if (censored !== undefined) write(ports.censored(name, end), censored[end])
  }
}

/** Objectives, which no reading uses yet: what cannot be lowered of them is left out, and refuses nothing. */
function writeObjectives(c: LowerContext): void {
  for (const { name, value } of c.model.objectives) {
    const apart: LowerContext = { ...c, diagnostics: [], picks: [], matrices: [], renamed: [] }
    const node = byItself(apart, c.lower(apart, value, emptyEnvironment()))
    if (!hasErrors(apart.diagnostics)) c.builder.output(ports.objective(name), node, value.axes)
  }
}

function statementOf(term: LowerContext['model']['terms'][number]): WrittenStatement {
  const { name, span, kind } = term
  return kind === 'energy' ? { kind, name, span } : densityOf(term)
}

function densityOf({ kind, name, span, variable, family, over, args, range, censored }: DensityTerm): WrittenDensity {
  return {
    ...{ kind, name, span, family, over },
    ...(variable === undefined ? {} : { variable }),
    ...{ arguments: args.length, truncated: range !== undefined, censored: censored !== undefined },
  }
}
