import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../base/random.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import { type Process, processes, processTrouble } from '../../families/processes/table.ts'
import { append, MOVED, sizesIn } from '../../memory/store/patterns.ts'
import { isShelfTrouble, type Shelf } from '../../memory/store/shelf.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { GrowingProgram } from '../../middle/growing.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import { type AssignBy, type Growing, openGrowing, priorRows } from '../../run/growing.ts'
import { row } from '../../run/start.ts'
import { outOfMemory } from '../../run/within-memory.ts'
import { loopsFor } from '../backend.ts'
import type { Loaded } from '../load.ts'
import { constantsFor, type RuleConstants } from './constants.ts'
import { elementsIn, storedElements } from './grown.ts'
import { badLabel } from './label.ts'
import { openBlocks, type PatternBlocks } from './pattern-blocks.ts'
import { nothingGiven, otherSize, placed } from './pattern-troubles.ts'
import { bindPatterns } from './prepare.ts'
import type { StoreRules } from './rules.ts'
import type { Stretches, WriteOptions, Written } from './write.ts'

/** How often a write begins again before it gives up. */
const MOST_TRIES = 100

/** A memory over an axis that grows, what it is written with and where it lies. */
export interface GrowWork {
  readonly loaded: Loaded
  readonly rules: StoreRules
  readonly program: GrowingProgram
  readonly shelf: Shelf
}

/** Patterns are assigned in order, each to an element that is there or to one that it opens. */
export async function growPatterns(work: GrowWork, stretches: Stretches, options: WriteOptions): Promise<Checked<Written>> {
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const done = tried(work, stretches, options)
    if (done !== MOVED) return done
  }
  return unmade([diagnostic('AMP806', 'Another program writes to this store all the time.', { hint: 'Try again.' })])
}

interface GrowPass {
  readonly version: number
  readonly first: number
  readonly before: number
  readonly blocks: PatternBlocks
  readonly diagnostics: Diagnostic[]
  readonly density: { log: number }
  opened?: OpenedGrowth
  bound?: Bound
}

function tried(work: GrowWork, stretches: Stretches, options: WriteOptions): Checked<Written> | typeof MOVED {
  const { shelf, program } = work
  const taken = options.label === undefined ? [] : badLabel(shelf, options.label)
  if (taken.length > 0) return unmade(taken)
  const { version, next: first } = must(shelf.head(), 'head of the store')
  const blocks = openBlocks(shelf, [], [...program.states.map((v) => v.name), program.picker])
  const before = elementsIn(shelf, program).counts.length
  const pass: GrowPass = { version, first, before, blocks, diagnostics: [], density: { log: 0 } }
  try {
    for (const stretch of stretches()) {
      const troubles = stretch.ok ? gone(work, pass, stretch.value, options.assign ?? 'map') : stretch.diagnostics
      if (hasErrors(troubles)) return unmade([...pass.diagnostics, ...troubles])
    }
    return kept(work, pass, options)
  } catch (error) {
    const why = isShelfTrouble(error) ? [error.diagnostic] : outOfMemory(error, pass.bound?.sizes ?? {})
    return unmade([...pass.diagnostics, ...why])
  } finally {
    pass.opened?.growing.dispose()
    blocks.close()
  }
}

const noRows: ReadonlyMap<string, Float64Array> = new Map()

function gone(work: GrowWork, pass: GrowPass, stretch: GivenByRole, assign: AssignBy): readonly Diagnostic[] {
  const { loaded, shelf, program } = work
  const { blocks, diagnostics } = pass
  const { value: bound, diagnostics: found } = bindPatterns(loaded, shelf, { ...program, memories: [], growing: {} }, stretch)
  if (bound === undefined) return found
  const unequal = pass.bound === undefined ? [] : otherSize(pass.bound, bound)
  diagnostics.push(...found)
  pass.bound = bound
  if (unequal.length > 0) return unequal
  if (pass.opened === undefined) {
    const opened = openGrowth(work, bound, assign)
    if (!opened.ok) return opened.diagnostics
    diagnostics.push(...opened.diagnostics)
    pass.opened = opened.value
  }
  const { growing } = pass.opened
  for (let i = 0; i < bound.count; i += 1) {
    const values = new Map<string, Float64Array>()
    for (const { name } of program.states) {
      const batch = bound.observed[name]
      const own = batch === undefined ? undefined : row(batch, i)
      if (own === undefined || own.some(Number.isNaN)) return [placed(partial(name), bound.count, blocks.count())]
      values.set(name, own)
      growing.state(name)?.set(own)
    }
    const at = growing.step(pass.first + blocks.count())
    if (at < 0) return [placed(impossible(program), bound.count, blocks.count())]
    pass.density.log += growing.logDensity()
    // A pattern that was shared out has no element of its own.
    blocks.add(noRows, values.set(program.picker, Float64Array.of(assign === 'soft' ? 0 : growing.nameAt(at))))
  }
  return []
}

function kept({ loaded, shelf, program }: GrowWork, pass: GrowPass, options: WriteOptions): Checked<Written> | typeof MOVED {
  const { bound, opened, blocks, diagnostics, version } = pass
  if (bound === undefined || opened === undefined || blocks.count() === 0) return unmade([...diagnostics, ...nothingGiven(diagnostics)])
  const stored = storedElements(program, opened.growing.elements(), opened.prior)
  const own = new Set(loaded.energy.axes.flatMap((a) => (a.span === undefined || a.name === program.axis ? [] : [a.name])))
  const lasting = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([axis]) => own.has(axis)))
  const { label, time } = options
  const labelled = label === undefined ? {} : { label }
  const patterns = {
    ...{ blocks: blocks.finish(), numbers: stored.numbers, sizes: lasting(bound.sizes), lengths: stored.lengths },
    ...{ names: lasting(bound.labels), constants: opened.constants.facts, ...labelled, ...(time === undefined ? {} : { time }) },
  }
  const appended = append(shelf, patterns, 'write', version)
  if (appended === MOVED) return MOVED
  blocks.keep()
  return checked(
    {
      ...{ first: appended.first, count: blocks.count(), ...labelled, retrieved: { states: [], patterns: 0, notAtRest: 0 } },
      ...{ drawn: opened.constants.drawn.map((item) => item.name), logDensity: pass.density.log },
      grown: { axis: program.axis, elements: opened.growing.count(), opened: opened.growing.count() - pass.before },
    },
    diagnostics,
  )
}

export interface OpenedGrowth {
  readonly growing: Growing
  readonly prior: ReadonlyMap<string, Float64Array>
  readonly constants: RuleConstants
}

/** What the store has of the axis, ready for patterns. */
export function openGrowth({ loaded, rules, program, shelf }: GrowWork, bound: Bound, assign: AssignBy): Checked<OpenedGrowth> {
  const { target } = loopsFor(madeSizes(program.axes, {}))
  const { value: constants, diagnostics } = constantsFor(loaded, rules, shelf, bound, target)
  if (constants === undefined) return unmade(diagnostics)
  const { values } = constants
  const sizes = madeSizes(program.axes, { ...sizesIn(shelf), ...bound.sizes })
  const law = argumentsOf(program, target, sizes, values)
  const wrong = processTrouble(program.process, law)
  if (wrong !== undefined) return unmade([outside(program, wrong)])
  const { discount, concentration } = (processes[program.process] as Process).law(law, 0)
  if (assign === 'soft' && discount !== 0) return unmade([discounted(program)])
  const head = must(shelf.head(), 'head of the store')
  const growing = openGrowing(program, target, {
    ...{ sizes, values, assign, law: { discount, concentration }, elements: elementsIn(shelf, program) },
    stream: new Stream(fold(fold(keyFromSeed(head.about.seed), program.picker), head.next)),
  })
  return checked({ growing, constants, prior: priorRows(program, target, sizes, values) }, diagnostics)
}

function argumentsOf(
  program: GrowingProgram,
  target: Parameters<typeof priorRows>[1],
  sizes: Parameters<typeof priorRows>[2],
  values: ReadonlyMap<string, Float64Array>,
): readonly number[] {
  const executable = open({ target, sizes, fixed: values }, program.arguments)
  executable.run()
  const { parameters }: Process = processes[program.process]
  const found = parameters.map((_, i) => must(executable.outputs.get(ports.argument(ports.weight(program.axis), i)), 'argument')[0] ?? 0)
  executable.dispose()
  return found
}

function outside({ axis, process }: GrowingProgram, { name, words }: Process['parameters'][number]): Diagnostic {
  return diagnostic('AMP518', `"${name}" of ${process} along "${axis}" is outside its domain.`, { expected: words })
}

function discounted({ axis }: GrowingProgram): Diagnostic {
  const hint = 'Assign patterns to the likeliest element (--assign map), or to a drawn one (--assign sample).'
  return diagnostic('AMP805', `Elements of "${axis}" have a discount, which is of whole patterns, so that shares of them mean nothing.`, {
    expected: 'd = 0 for --assign soft',
    hint,
  })
}

function partial(name: string): Diagnostic {
  const hint = 'Retrieve it first: amp retrieve STORE --cue; then write what was found.'
  return diagnostic('AMP805', `Not all of "${name}" is observed, and a memory that grows is written with whole patterns.`, { hint })
}

function impossible({ axis }: GrowingProgram): Diagnostic {
  return diagnostic('AMP805', `No element of "${axis}", and no new one, can have made this pattern: its density is 0.`, {
    expected: 'values that the model gives a density',
  })
}
