import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import { generativeProgram } from '../compile/ancestral.ts'
import { checksAmong } from '../compile/checks/choose.ts'
import { defaultsOf } from '../compile/defaults.ts'
import { priorDrawsOf } from '../compile/prior-draws.ts'
import { reportsOf } from '../compile/reports.ts'
import type { Energy } from '../middle/energy.ts'
import type { AncestralProgram } from '../middle/program.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import type { PriorParts } from '../run/prior.ts'

/** How to draw the data or observed states `names` given everything else; undefined where nothing is asked for. */
export function predictiveOf(energy: Energy, names: readonly string[], { moving }: Situation): Checked<AncestralProgram | undefined> {
  if (names.length === 0) return made(undefined)
  const drawable = energy.declared.filter((v) => isDrawn(energy, v.name) && !moving.has(v.name)).map((v) => v.name)
  const strange = names.filter((name) => !drawable.includes(name)).map((name) => unpredictable(energy, moving, name, drawable))
  if (strange.length > 0) return unmade(strange)
  const program = generativeProgram(energy, new Set(names))
  return 'reason' in program ? unmade([cannot('--predict', program.reason)]) : made(program)
}

/** How to draw everything from the prior, data included. */
export function priorParts(energy: Energy, situation: Situation, report: readonly string[] = []): Checked<PriorParts> {
  const { declared, variables, axes } = energy
  const data = declared.filter((v) => v.role === 'data' && isDrawn(energy, v.name)).map((v) => v.name)
  const unknown = unknownsOf(situation)
  const states = variables.filter((v) => unknown.has(v.name)).map((v) => v.name)
  const program = generativeProgram(energy, new Set([...states, ...data]))
  const { defaults } = defaultsOf(energy, situation)
  const reports = reportsOf(energy, report, situation)
  const diagnostics = [...reports.diagnostics, ...('reason' in program ? [cannot('--prior', program.reason)] : [])]
  if ('reason' in program || reports.value === undefined) return unmade(diagnostics)
  const read = new Set([program.graph, ...reports.value.map((r) => r.graph)].flatMap((g) => g.inputs.map((p) => p.name)))
  const drawn = new Set([...states, ...data])
  const fixed = variables.filter((v) => read.has(v.name) && !drawn.has(v.name))
  const checks = checksAmong(energy, new Set(fixed.map((v) => v.name)))
  const tempered = energy.temperature !== undefined
  return checked(
    { program, axes, fixed, checks, defaults, priors: priorDrawsOf(energy, situation), reports: reports.value, data, tempered },
    diagnostics,
  )
}

/** Whether a variable stands on the left of a statement of its own. */
function isDrawn({ statements }: Energy, name: string): boolean {
  return statements.some((t) => t.kind === 'density' && t.variable === name)
}

function unpredictable({ declared }: Energy, moving: ReadonlySet<string>, name: string, drawable: readonly string[]): Diagnostic {
  const variable = declared.find((v) => v.name === name)
  const why =
    variable === undefined
      ? `"${name}" is not a variable of the model.`
      : moving.has(name)
        ? `"${name}" is a ${variable.role} that is not observed: its draws are the result already.`
        : `"${name}" has no statement of its own, so the model does not say how to draw it.`
  const known = drawable.length === 0 ? 'Nothing in the model can be predicted.' : `What can be predicted: ${drawable.join(', ')}.`
  return diagnostic('AMP714', why, { hint: (variable === undefined ? didYouMean(name, drawable) : undefined) ?? known })
}

function cannot(option: string, reason: string): Diagnostic {
  return diagnostic('AMP714', `${option} cannot draw from this model: ${reason.replace(/\.$/, '')}.`)
}
