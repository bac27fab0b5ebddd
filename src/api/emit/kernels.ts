import type { Graph, Sizes } from '../../ir/graph.ts'
import { isElementwise } from '../../ir/scalar.ts'
import type { KernelGraph } from '../../run/module.ts'
import { kernelLines } from '../../targets/kernel/generate.ts'
import { rules } from '../../targets/loops/rules.ts'
import { inComment } from './text.ts'

/** What is known when the graphs of one program are compiled. */
export interface KernelSetting {
  /** Sizes that the model itself fixes. */
  readonly sizes: Sizes
  /** Inputs that stay while the program runs. */
  readonly fixed: ReadonlySet<string>
  /** Whether the program's own graph is kept as data besides its kernel. */
  readonly keepsGraph: boolean
}

interface ModuleKernel {
  readonly name: string
  readonly about: string
  readonly lines: readonly string[]
  readonly helpers: readonly string[]
}

/** Collects the kernels of all graphs of plain data, and leaves their names in the graphs' place. */
export class Kernels {
  readonly #kernels: ModuleKernel[] = []
  /** Graphs that are kept as they are besides. */
  readonly #kept: Graph[] = []

  /** A copy of plain data in which every graph is a stub; `prefix` begins the names of its kernels. */
  replace(value: unknown, setting: KernelSetting, prefix = ''): unknown {
    return this.#replace(value, setting, prefix, [], undefined)
  }

  /** As the properties of an object literal, each under a comment on what it computes. */
  text(): string {
    return this.#kernels.map(({ name, about, lines }) => `  // ${about}\n  ${name}: ${lines.join('\n  ')},`).join('\n\n')
  }

  /** The functions that they call. */
  helpers(): readonly string[] {
    return [...this.#kernels.flatMap((k) => k.helpers), ...this.#kept.flatMap(functionsIn)]
  }

  #replace(value: unknown, setting: KernelSetting, prefix: string, path: readonly string[], owner: string | undefined): unknown {
    if (isGraph(value)) return this.#stub(value, setting, prefix, path, owner)
    if (Array.isArray(value)) return value.map((item, i) => this.#replace(item, setting, prefix, [...path, String(i)], owner))
    if (typeof value !== 'object' || value === null) return value
    const own = 'name' in value && typeof value.name === 'string' ? value.name : owner
    const entries = Object.entries(value).filter(([key]) => key !== 'span')
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#replace(item, setting, prefix, [...path, key], own)]))
  }

  #stub(graph: Graph, setting: KernelSetting, prefix: string, path: readonly string[], owner: string | undefined): KernelGraph {
    const name = [prefix, ...path.filter((p) => p !== 'graph')].filter((p) => p !== '').join('_')
    const fixed = keepsFixed(path) ? setting.fixed : new Set<string>()
    const { lines, helpers } = kernelLines(graph, { fixed, sizes: setting.sizes })
    this.#kernels.push({ name, about: aboutOf(prefix, path, owner), lines, helpers })
    if (setting.keepsGraph && path.join('.') === 'program.graph') {
      this.#kept.push(graph)
      return { ...graph, kernel: name }
    }
    return { nodes: [], inputs: graph.inputs, outputs: graph.outputs.map((o) => ({ ...o, node: 0 })), kernel: name }
  }
}

/** The functions that loops over parts of a graph may call, where they are written when the module runs. */
export function functionsIn(graph: Graph): readonly string[] {
  const own = graph.nodes.flatMap(({ op }) => (isElementwise(op) && rules[op].by === 'helper' ? [op] : []))
  // Sums of exponentials come apart into these.
  return [...own, 'exp', 'log', 'log1p']
}

/** The graphs that the drivers open with their fixed inputs named: the program's own and, when sampling, its steps, moves and exact draws. */
function keepsFixed(path: readonly string[]): boolean {
  if (path[0] === 'inner') return keepsFixed(path.slice(1))
  if (path[0] === 'program') return ['graph', 'discrete', 'blocks'].includes(path[1] ?? '')
  return ['steps', 'exact', 'values'].includes(path[0] ?? '')
}

/** What a graph is for, by where it stands. */
function aboutOf(prefix: string, path: readonly string[], owner: string | undefined): string {
  const place = path.filter((p) => !/^\d+$/.test(p)).join('.')
  return (abouts[`${prefix}.${place}`] ?? abouts[place] ?? ((name) => `Of ${name}.`))(owner === undefined ? 'the model' : inComment(owner))
}

const abouts: Readonly<Record<string, (name: string) => string>> = {
  'program.graph': () => 'The energy, its terms, its gradient, and the values that the coordinates stand for.',
  steps: () => 'What each step of a sampler needs of it: the energy and its gradient.',
  'exact.graph': () => 'Of variables that are Gaussian together given everything else: their precision, and the linear term.',
  'exact.program.graph': () => 'Of a variable whose density given everything else is of a family: its arguments.',
  values: () => 'The values of the states, from their coordinates.',
  'program.joint.graph': (name) => `How likely each value of ${name} is, given everything else.`,
  'program.modes.graph': (name) => `The energy of each value of ${name}, what is found before it at its best.`,
  'program.ancestral.graph': () => 'The parameters of every statement, to draw the states in order.',
  'program.tempered.graph': () => 'The same for every statement to the power 1/T, at any temperature T.',
  'program.discrete.prepare': (name) => `The sums by which one site of ${name} knows the rest.`,
  'program.discrete.propose': (name) => `By how much the energy changes when one site of ${name} moves.`,
  'program.discrete.commit': (name) => `Those sums after one site of ${name} has moved.`,
  'program.discrete.all': (name) => `By how much the energy changes if one site of ${name} flips, for every site.`,
  'program.blocks.graph': () => 'Where the energy is least over some states together, or what leads there.',
  'inner.program.graph': () => 'The energy over what is minimised inside, its gradient, and the values that the coordinates stand for.',
  'inner.program.blocks.graph': () => 'Where the energy is least over some of what is minimised inside, or what leads there.',
  'inner.outside': () => 'What moves around what is minimised inside, from its coordinates.',
  'inner.starts.graph': (name) => `Where ${name} starts.`,
  'inner.startDraws.program.graph': (name) => `The parameters of the family from which ${name} is drawn where it starts.`,
  'inner.inverses.graph': (name) => `From a value of ${name} to its coordinates.`,
  'inner.midpoints.graph': (name) => `A point between the bounds of ${name}.`,
  'prior.program.graph': () => 'The parameters of every statement, to draw everything from the prior, data included.',
  'temperature.graph': () => 'T of exp(-E/T), where no option says it.',
  'defaults.graph': (name) => `The default of ${name}.`,
  'priors.program.graph': (name) => `The parameters of the family from which ${name} is drawn when it is not given.`,
  'startDraws.program.graph': (name) => `The parameters of the family from which ${name} is drawn where it starts.`,
  'starts.graph': (name) => `Where ${name} starts.`,
  'inverses.graph': (name) => `From a value of ${name} to its coordinates.`,
  'midpoints.graph': (name) => `A point between the bounds of ${name}.`,
  'checks.graph': (name) => `What is looked at in what is given: ${name}.`,
  'reports.graph': (name) => `The value of ${name}, to be reported.`,
  'predictive.graph': () => 'The parameters of the statements of what is predicted.',
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'inputs' in value && 'outputs' in value
}
