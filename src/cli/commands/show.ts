import { energyFrom, modelFrom, retrievalFrom, samplingFrom } from '../../api/pipeline.ts'
import { andThen, type Checked, checked, type Diagnostic, diagnostic, made } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import { conditionals } from '../../compile/conditionals/conditional.ts'
import { printConditionals } from '../../compile/conditionals/print.ts'
import { gradientGraph } from '../../compile/gradient-graph.ts'
import { askedOf } from '../../compile/infer.ts'
import { waysOfModes } from '../../compile/joint-modes.ts'
import { treatAsAsked } from '../../compile/treat.ts'
import { treatmentsOf } from '../../compile/treatments.ts'
import { parse } from '../../dsl/parse.ts'
import { printAst } from '../../dsl/print-ast.ts'
import { printModel } from '../../dsl/print-model.ts'
import { printGraph } from '../../ir/print.ts'
import type { Energy } from '../../middle/energy.ts'
import type { ReadingName } from '../../middle/options.ts'
import * as ports from '../../middle/ports.ts'
import type { RetrievalBlock, RetrievalProgram, RetrievalState, SamplingProgram } from '../../middle/program.ts'
import type { Situation, Treatment } from '../../middle/situation.ts'
import { generateKernel } from '../../targets/kernel/generate.ts'
import { readSource } from '../files/source.ts'
import { print, report } from '../terminal.ts'
import { treatmentLines } from '../treatments.ts'

export type Stage = 'ast' | 'model' | 'energy' | 'gradient' | 'conditionals' | 'retrieval' | 'sampling' | 'kernel' | 'tfjs'

export interface ShowOptions {
  readonly stage: Stage
  readonly observed: readonly string[]
  readonly infer: readonly string[]
  readonly treatments: readonly Treatment[]
}

/** Prints what the compiler has made of a model at one stage; of stages from the energy on, with variables treated as asked. */
export async function show(file: string, options: ShowOptions): Promise<number> {
  const source = readSource(file)
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const early = options.stage === 'ast' || options.stage === 'model' ? beforeTreatments(options) : []
  if (early.length > 0) return report(early, source.value)
  const text = await stages[options.stage](source.value, options)
  const code = report(text.diagnostics, source.value)
  if (text.value === undefined) return Math.max(code, 1)
  print(text.value)
  return code
}

/** What is asked for of a stage that comes before anything moves. */
function beforeTreatments({ stage, observed, infer, treatments }: ShowOptions): readonly Diagnostic[] {
  const names = [...observed, ...infer, ...treatments.map((t) => t.name)]
  if (names.length === 0) return []
  const why = `The stage ${stage} is the text as it is read: nothing is observed, inferred or treated yet (${[...new Set(names)].join(', ')}).`
  return [diagnostic('AMP717', why, { hint: 'Ask for --stage energy or a later one.' })]
}

/** One way to print each stage. */
const stages: Readonly<Record<Stage, (source: SourceFile, asked: ShowOptions) => Checked<string> | Promise<Checked<string>>>> = {
  ast: (source) => {
    const { program, diagnostics } = parse(source)
    return checked(printAst(program), diagnostics)
  },
  model: (source) => andThen(modelFrom(source), (model) => made(printModel(model))),
  energy: (source, asked) => treated(source, asked, (energy) => made(printGraph(energy.graph))),
  gradient: (source, asked) => treated(source, asked, (energy) => made(printGraph(gradientGraph(energy)))),
  conditionals: (source, asked) => treated(source, asked, (energy) => made(printConditionals(conditionals(energy)))),
  retrieval: (source, asked) => retrievalOf(source, asked, (program) => made(describe(program))),
  sampling: (source, asked) =>
    energyOf(source, asked, 'sample', (energy, situation) =>
      andThen(samplingFrom(energy, situation), (program) =>
        made(describe(program, treatmentLines(treatmentsOf(energy, situation), source))),
      ),
    ),
  kernel: (source, asked) => retrievalOf(source, asked, (program) => made(generateKernel(program.graph).text)),
  tfjs: async (source, asked) => {
    const { printTfjs } = await import('../../targets/tfjs.ts')
    const fixed = (program: RetrievalProgram) => new Set([...program.fixed.map((f) => f.name), ports.temperature])
    return retrievalOf(source, asked, (program) => made(printTfjs(program.graph, fixed(program))))
  },
}

/** E as it is before anything goes by default. */
function treated(source: SourceFile, asked: ShowOptions, next: (energy: Energy) => Checked<string>): Checked<string> {
  return energyOf(source, asked, 'energy', (energy, situation) => andThen(treatAsAsked(energy, situation), next))
}

function retrievalOf(source: SourceFile, asked: ShowOptions, next: (program: RetrievalProgram) => Checked<string>): Checked<string> {
  return energyOf(source, asked, 'retrieve', (energy, situation) => andThen(retrievalFrom(energy, situation), next))
}

function energyOf(
  source: SourceFile,
  asked: ShowOptions,
  reading: ReadingName,
  next: (energy: Energy, situation: Situation) => Checked<string>,
): Checked<string> {
  return andThen(andThen(modelFrom(source), energyFrom), (energy) =>
    andThen(askedOf(energy, reading, asked), (situation) => next(energy, situation)),
  )
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
    (r) =>
      `state ${r.name}${axes(r.axes)} : ${r.type.kind}, ${r.relaxed === true ? 'relaxed: probabilities move in its place' : `summed out over ${r.level}, ${program.kind === 'retrieval' ? waysOfModes(program)[r.name] : ''}`}`,
  )
  const fixed = program.fixed.map((f) => `${f.role} ${f.name}${axes(f.axes)}`)
  const ancestral = 'ancestral' in program ? [exactDraws(program)] : []
  const blocks = 'blocks' in program ? program.blocks : []
  const unsplit = 'noProximal' in program ? [`no proximal step: ${program.noProximal}`] : []
  const head = [
    `${program.kind}`,
    ...fixed,
    ...states,
    ...treatments,
    ...discrete,
    ...summed,
    ...ancestral,
    ...blocks.map(blockLine),
    ...unsplit,
  ]
  return [head.join('\n'), ...[program, ...blocks].map((p) => printGraph(p.graph))].join('\n\n')
}

/** What one step does to states that are minimised over together. */
function blockLine(block: RetrievalBlock): string {
  const what = `block ${block.states.join(', ')}`
  if (block.kind === 'mode') return `${what} : to the least energy, which has a formula, in one step`
  return block.exact
    ? `${what} : E is quadratic, to the least energy in one step`
    : `${what} : E has a quadratic bound, to the least value of it in one step`
}

/** By what a state moves, in words. */
function stepOf({ curvature, mirror, proximal }: RetrievalState): string {
  if (proximal !== undefined && mirror === undefined) return proximalStep(proximal)
  if (mirror === undefined) return curvature ? 'step from its curvature' : 'backtracking step'
  const turns = mirror.turns.length === 0 ? '' : `, one after the other along ${mirror.turns.join(', ')} where all at once raise the energy`
  return `mirror step (softmax, its entropy cancelled)${turns}`
}

function proximalStep({ kinked, along, curvature }: NonNullable<RetrievalState['proximal']>): string {
  const bound = curvature ? 'step from the curvature of the smooth part' : 'backtracking step on the smooth part'
  if (!kinked) return bound
  const kink = along.length === 0 ? 'absolute value' : `norm along ${along.join(', ')}`
  return `proximal step (${kink}), ${bound}`
}

/** What is drawn in order, and at which temperatures; or why nothing is. */
function exactDraws({ ancestral, tempered }: Pick<SamplingProgram, 'ancestral' | 'tempered'>): string {
  if ('reason' in ancestral) return `no exact draws: ${ancestral.reason}`
  const order = ancestral.draws.map((d) => d.name).join(', then ')
  return `exact draws: ${order}; ${'reason' in tempered ? `at temperature 1 only: ${tempered.reason}` : 'at any temperature'}`
}
