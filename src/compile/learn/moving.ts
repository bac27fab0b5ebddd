import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { kindOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { namesWritten } from '../outputs.ts'
import { hasTransform, transformOf } from '../supports/index.ts'
import { temperatureOf } from '../temperature.ts'

/** What learning moves, and which params stay and why. */
export interface Learned {
  readonly params: readonly EnergyVariable[]
  readonly stays: readonly { readonly name: string; readonly why: string }[]
}

/**
 * What is learned: what is `asked` for by name, which may be any variable that varies smoothly; else params with axes, a prior or a
 * `from`. A number without any of these is a constant of the model.
 */
export function learnedOf(energy: Energy, asked: readonly string[] | undefined): Checked<Learned> {
  const all = energy.variables.filter((v) => v.label === undefined)
  if (asked !== undefined && asked.length > 0) {
    const names = [...new Set(asked)]
    const diagnostics = names.flatMap((name) => unfit(energy, all, name))
    if (hasErrors(diagnostics)) return unmade(diagnostics)
    const stays = paramsOf(all).filter((v) => !names.includes(v.name))
    return made({
      params: all.filter((v) => names.includes(v.name)),
      stays: stays.map(({ name }) => ({ name, why: 'it is not among those asked for' })),
    })
  }
  const written = namesWritten(energy)
  const stated = new Set(energy.statements.flatMap((s) => (s.kind === 'density' ? (s.variable ?? []) : [])))
  const isWeight = (v: EnergyVariable): boolean =>
    v.axes.length > 0 || stated.has(v.name) || written.has(ports.start(v.name)) || energy.starts.some((s) => s.variable === v.name)
  const params = paramsOf(all).filter((v) => isWeight(v) && unfit(energy, all, v.name).length === 0)
  const stays = paramsOf(all).filter((v) => !params.includes(v))
  if (params.length === 0) return unmade([nothing(stays)])
  return checked(
    {
      params,
      stays: stays.map((v) => ({ name: v.name, why: isWeight(v) ? reason(energy, v) : 'it is a number without a prior or a `from`' })),
    },
    [],
  )
}

function paramsOf(all: readonly EnergyVariable[]): readonly EnergyVariable[] {
  return all.filter((v) => v.role === 'param')
}

/** Why a variable cannot be learned, as the end of a sentence; empty where it can. */
function reason(energy: Energy, { name, type, role }: EnergyVariable): string {
  if (role === 'data' || role === 'input') return 'is data, which are given and do not move'
  if (kindOf(type).discrete) return `takes single values (${type.kind}), and learning follows slopes`
  if (energy.choosing.includes(name)) return 'decides which elements a shift leaves out, so that losses of its values do not compare'
  if (readByTemperature(energy).includes(name)) return 'sets the temperature, which does not move'
  const transform = transformOf(type)
  return hasTransform(transform) ? '' : `cannot move yet: ${transform.pending}`
}

function readByTemperature(energy: Energy): readonly string[] {
  return temperatureOf(energy).temperature?.graph.inputs.map((p) => p.name) ?? []
}

function unfit(energy: Energy, all: readonly EnergyVariable[], name: string): readonly Diagnostic[] {
  const variable = all.find((v) => v.name === name)
  if (variable === undefined) {
    const names = all.filter((v) => reason(energy, v) === '').map((v) => v.name)
    const hint =
      didYouMean(name, names) ?? (names.length === 0 ? 'The model has nothing to learn.' : `What can be learned: ${names.join(', ')}.`)
    return [diagnostic('AMP630', `"${name}" is not a variable of the model.`, { hint })]
  }
  const why = reason(energy, variable)
  return why === '' ? [] : [diagnostic('AMP630', `"${name}" ${why}.`, { span: variable.span, hint: `Leave it out of --params.` })]
}

function nothing(params: readonly EnergyVariable[]): Diagnostic {
  const [first] = params
  if (first === undefined)
    return diagnostic('AMP630', 'The model has no param to learn.', {
      hint: 'Declare what is to be learned as a param, or name it: --params NAME.',
    })
  const names = params.map((v) => `"${v.name}"`).join(', ')
  return diagnostic(
    'AMP630',
    `Nothing is to be learned: ${names} ${params.length === 1 ? 'is a number' : 'are numbers'} without a prior or a \`from\`.`,
    {
      span: first.span,
      hint: `Name what is to be learned: --params ${first.name}.`,
    },
  )
}
