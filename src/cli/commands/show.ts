import { energyFrom, modelFrom, retrievalFrom, samplingFrom } from '../../api/pipeline.ts'
import { andThen, type Checked, checked, made } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import { conditionals } from '../../compile/conditionals/conditional.ts'
import { printConditionals } from '../../compile/conditionals/print.ts'
import { gradientGraph } from '../../compile/gradient-graph.ts'
import { treatmentsOf } from '../../compile/treatments.ts'
import { parse } from '../../dsl/parse.ts'
import { printAst } from '../../dsl/print-ast.ts'
import { printModel } from '../../dsl/print-model.ts'
import { printGraph } from '../../ir/print.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { RetrievalProgram, RetrievalState, SamplingProgram } from '../../middle/program.ts'
import { generateKernel } from '../../targets/kernel/generate.ts'
import { readSource } from '../files/source.ts'
import { print, report } from '../terminal.ts'
import { treatmentLines } from '../treatments.ts'

export type Stage = 'ast' | 'model' | 'energy' | 'gradient' | 'conditionals' | 'retrieval' | 'sampling' | 'kernel' | 'tfjs'

/** Prints what the compiler has made of a model at one stage. */
export async function show(file: string, options: { readonly stage: Stage }): Promise<number> {
  const source = readSource(file)
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const text = await stages[options.stage](source.value)
  const code = report(text.diagnostics, source.value)
  if (text.value === undefined) return Math.max(code, 1)
  print(text.value)
  return code
}

/** One way to print each stage. */
const stages: Readonly<Record<Stage, (source: SourceFile) => Checked<string> | Promise<Checked<string>>>> = {
  ast: (source) => {
    const { program, diagnostics } = parse(source)
    return checked(printAst(program), diagnostics)
  },
  model: (source) => andThen(modelFrom(source), (model) => made(printModel(model))),
  energy: (source) => energyOf(source, (energy) => made(printGraph(energy.graph))),
  gradient: (source) => energyOf(source, (energy) => made(printGraph(gradientGraph(energy)))),
  conditionals: (source) => energyOf(source, (energy) => made(printConditionals(conditionals(energy)))),
  retrieval: (source) => energyOf(source, (energy) => andThen(retrievalFrom(energy), (program) => made(describe(program)))),
  sampling: (source) =>
    energyOf(source, (energy) =>
      andThen(samplingFrom(energy), (program) => made(describe(program, treatmentLines(treatmentsOf(energy), source)))),
    ),
  kernel: (source) => energyOf(source, (energy) => andThen(retrievalFrom(energy), (program) => made(generateKernel(program.graph).text))),
  tfjs: async (source) => {
    const { printTfjs } = await import('../../targets/tfjs.ts')
    return energyOf(source, (energy) =>
      andThen(retrievalFrom(energy), (program) =>
        made(printTfjs(program.graph, new Set([...program.fixed.map((f) => f.name), ports.temperature]))),
      ),
    )
  },
}

function energyOf<B>(source: SourceFile, next: (energy: Energy) => Checked<B>): Checked<B> {
  return andThen(andThen(modelFrom(source), energyFrom), next)
}

/** What moves and how, then the graph. */
function describe(program: RetrievalProgram | SamplingProgram, treatments: readonly string[] = []): string {
  const axes = (names: readonly string[]): string => (names.length === 0 ? '' : `[${names.join(', ')}]`)
  const states = program.states.map((s) =>
    'move' in s
      ? `state ${s.name}${axes(s.axes)} : ${s.type.kind}, moves ${s.move.kind}, ${stepOf(s)}`
      : `state ${s.name}${axes(s.axes)} : ${s.type.kind}, coordinates ${axes(s.coordinateAxes) || 'a number'}`,
  )
  const discrete = (program.kind === 'sampling' ? [] : program.discrete).map(
    (d) => `state ${d.name}${axes(d.axes)} : ${d.type.kind}, moves one site at a time`,
  )
  const summed = (program.kind === 'sampling' ? [] : program.responsibilities).map(
    (r) => `state ${r.name}${axes(r.axes)} : ${r.type.kind}, summed out over ${r.level}`,
  )
  const fixed = program.fixed.map((f) => `${f.role} ${f.name}${axes(f.axes)}`)
  const ancestral = 'ancestral' in program ? [exactDraws(program)] : []
  return [`${program.kind}`, ...fixed, ...states, ...treatments, ...discrete, ...summed, ...ancestral, '', printGraph(program.graph)].join(
    '\n',
  )
}

/** By what a state moves, in words. */
function stepOf({ curvature, mirror }: RetrievalState): string {
  if (mirror === undefined) return curvature ? 'step from its curvature' : 'backtracking step'
  const turns = mirror.turns.length === 0 ? '' : `, one after the other along ${mirror.turns.join(', ')} where all at once raise the energy`
  return `mirror step (softmax, its entropy cancelled)${turns}`
}

/** What is drawn in order, and at which temperatures; or why nothing is. */
function exactDraws({ ancestral, tempered }: Pick<SamplingProgram, 'ancestral' | 'tempered'>): string {
  if ('reason' in ancestral) return `no exact draws: ${ancestral.reason}`
  const order = ancestral.draws.map((d) => d.name).join(', then ')
  return `exact draws: ${order}; ${'reason' in tempered ? `at temperature 1 only: ${tempered.reason}` : 'at any temperature'}`
}
