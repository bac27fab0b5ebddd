import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import { hasErrors } from '../base/diagnostic.ts'
import { madeSizes } from '../compile/made-sizes.ts'
import { port } from '../compile/program.ts'
import { generateKernel } from '../compile/targets/kernel/generate.ts'
import { numberLiteral, stringLiteral } from '../compile/targets/kernel/literal.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import { declarations } from './emit/declarations.ts'
import { runtimeText } from './emit/runtime.ts'
import { type ModuleTarget, moduleStyles } from './emit/target.ts'
import type { Loaded } from './load.ts'
import { retrievalParts } from './retrieve.ts'
import type { KernelGraph } from './runtime/module.ts'
import { samplingParts } from './sample.ts'

export type Reading = 'retrieve' | 'sample'

export interface Emitted {
  /** An ES module that imports nothing, or TensorFlow.js alone. */
  readonly module: string
  /** Its TypeScript declarations. */
  readonly declarations: string
}

/**
 * A model's reading as a module of its own: generated kernels, the model as data, and the loops that drive them. For
 * TensorFlow.js the program's graph is there as data too. Diagnostics: those of the reading; AMP710 where the target
 * cannot have it.
 */
export async function emit(
  loaded: Loaded,
  reading: Reading,
  observed: ReadonlySet<string> = new Set(),
  report: readonly string[] = [],
  target: ModuleTarget = 'kernel',
): Promise<Checked<Emitted>> {
  const parts = partsOf[reading](loaded, observed, report)
  if (parts.value === undefined || hasErrors(parts.diagnostics)) return { diagnostics: parts.diagnostics }
  const style = moduleStyles[target]
  const discrete = parts.value.program.discrete.map((s) => s.name)
  const refusal = style.refusal(reading, discrete)
  if (refusal !== undefined) return { diagnostics: [...parts.diagnostics, refusal] }
  const kernels = new Kernels(madeSizes(parts.value.program.axes, {}), style.keepsGraph)
  const still = new Set([...parts.value.program.fixed.map((v) => v.name), port.temperature])
  const stubs = kernels.replace(parts.value, still)
  const description = { name: loaded.model.name, bindable: bindableOf(loaded), observed: [...observed], parts: stubs }
  const module = [
    `// ${loaded.model.name.replace(/[^\p{L}\p{N}_ -]/gu, '')}: ${reading === 'retrieve' ? 'retrieval by descent on its energy' : 'samples of exp(-E/T)'}${style.needs}`,
    '',
    '// The kernels: loops over Float64Array, one factory a graph.',
    `const kernels = {\n${kernels.texts.map(({ name, text }) => `${name}: ${text},`).join('\n\n')}\n}`,
    '',
    '// The model, as data.',
    `const description = ${json(description)}`,
    '',
    '// What drives the kernels.',
    await runtimeText(style.script(reading)),
    '',
    ...style.before,
    `export const ${reading} = amp_runtime.${style.factory(reading)}(${style.given})`,
    '',
  ].join('\n')
  return { value: { module, declarations: declarations(loaded, reading, target) }, diagnostics: parts.diagnostics }
}

const partsOf = {
  retrieve: (loaded: Loaded, observed: ReadonlySet<string>) => retrievalParts(loaded.energy, observed),
  sample: (loaded: Loaded, observed: ReadonlySet<string>, report: readonly string[]) => samplingParts(loaded.energy, observed, report),
} as const

/** Collects the kernels of all graphs of a program, and leaves their names in the graphs' place. */
class Kernels {
  readonly texts: { readonly name: string; readonly text: string }[] = []
  readonly #known: Sizes
  readonly #keepsGraph: boolean

  constructor(known: Sizes, keepsGraph: boolean) {
    this.#known = known
    this.#keepsGraph = keepsGraph
  }

  /** A copy of plain data in which every graph is a stub. Only the program's own graphs are told what is fixed, as in process. */
  replace(value: unknown, fixed: ReadonlySet<string>, path: readonly string[] = []): unknown {
    if (isGraph(value))
      return this.#stub(value, keepsFixed(path) ? fixed : new Set(), this.#keepsGraph && path.join('.') === 'program.graph')
    if (Array.isArray(value)) return value.map((item, i) => this.replace(item, fixed, [...path, String(i)]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, key === 'span' ? { start: 0, end: 0 } : this.replace(item, fixed, [...path, key])]),
    )
  }

  #stub(graph: Graph, fixed: ReadonlySet<string>, whole: boolean): KernelGraph {
    const name = `k${this.texts.length}`
    this.texts.push({ name, text: generateKernel(graph, { fixed, sizes: this.#known }).text })
    if (whole) return { ...graph, kernel: name }
    return { nodes: [], inputs: graph.inputs, outputs: graph.outputs.map((o) => ({ ...o, node: 0 })), kernel: name }
  }
}

/** The graphs that the drivers open with their fixed inputs named: the program's own and, when retrieving, its moves. */
function keepsFixed(path: readonly string[]): boolean {
  return path[0] === 'steps' || (path[0] === 'program' && (path[1] === 'graph' || path[1] === 'discrete'))
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'inputs' in value && 'outputs' in value
}

function bindableOf(loaded: Loaded): unknown {
  const nowhere = { start: 0, end: 0 }
  const { variables, axes } = loaded.energy
  return {
    variables: variables.map((v) => ({ name: v.name, role: v.role, axes: v.axes, type: bare(v.type), span: nowhere })),
    axes,
    model: { axes: [] },
  }
}

/** A type without the expressions of its bounds, which are in the kernels. */
function bare(type: Loaded['energy']['variables'][number]['type']): unknown {
  return type.kind === 'real' ? { kind: 'real' } : type
}

/** JSON as JavaScript: every text quoted so that nothing in it can end the literal; `__proto__` stays a plain key. */
function json(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.map((item) => json(item, indent)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const inner = `${indent}  `
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    const fields = entries.map(([key, item]) => `${inner}[${stringLiteral(key)}]: ${json(item, inner)}`)
    return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')},\n${indent}}`
  }
  if (typeof value === 'number') return numberLiteral(value)
  return typeof value === 'string' ? stringLiteral(value) : String(value)
}

export type { Diagnostic }
