import { retrievalParts, samplingParts } from '../../src/api/pipeline.ts'
import { type Diagnostic, hasErrors } from '../../src/base/diagnostic.ts'
import { render, toJson } from '../../src/base/render.ts'
import { textOf } from '../../src/cli/files/text.ts'
import { gradientGraph } from '../../src/compile/gradient-graph.ts'
import { lower } from '../../src/compile/lower.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { format } from '../../src/dsl/format.ts'
import { printModel } from '../../src/dsl/print-model.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { printGraph } from '../../src/ir/print.ts'
import { generateKernel } from '../../src/targets/kernel/generate.ts'

/** How far an input came: its bytes are no text, it did not read, it has no energy that can be written down, or there are kernels for it. */
export type Stage = 'not text' | 'refused' | 'not lowered' | 'compiled'

/**
 * Reads, checks, formats, lowers and compiles a text, running nothing of it; bytes as if they were those of a file. Throws
 * when something that holds of every input does not hold of this one.
 */
export function putThrough(input: string | Uint8Array): Stage {
  if (typeof input === 'string') return putTextThrough(input)
  const { value: text, diagnostics } = textOf(input, 'fuzz.amp')
  demand((text === undefined) === hasErrors(diagnostics), 'a text xor errors')
  demand(text === undefined || Buffer.from(text).equals(input), 'the text that the bytes are')
  return text === undefined ? 'not text' : putTextThrough(text)
}

function putTextThrough(text: string): Stage {
  const source = { name: 'fuzz.amp', text }
  const { value: model, diagnostics } = analyse(source)
  told(diagnostics, text)
  demand((model === undefined) === hasErrors(diagnostics), 'a model xor errors')
  demand(render(diagnostics, source).length > 0 === diagnostics.length > 0, 'what is reported is shown')
  demand(toJson(diagnostics, source).length === diagnostics.length, 'what is reported is in the JSON')
  formats(text)
  if (model === undefined) return 'refused'
  const printed = printModel(model)
  if (compiled.has(printed)) return 'compiled'
  const { value: energy, diagnostics: further } = lower(model)
  told(further, text)
  demand(energy !== undefined || hasErrors(further), 'an energy or errors')
  if (energy === undefined) return 'not lowered'
  graph(gradientGraph(energy))
  for (const read of [retrievalParts(energy), samplingParts(energy)]) {
    told(read.diagnostics, text)
    demand(read.value !== undefined || hasErrors(read.diagnostics), 'a program or errors')
    if (read.value !== undefined) graph(read.value.program.graph)
  }
  compiled.add(printed)
  return 'compiled'
}

/** Models that were compiled before: a text that means the same (other spaces, other comments) is not compiled again. */
const compiled = new Set<string>()

/** A formatted text is a fixed point, and reads like the one it was made from. */
function formats(text: string): void {
  const once = format({ name: 'fuzz.amp', text })
  if (once.value === undefined) return
  demand(format({ name: 'fuzz.amp', text: once.value }).value === once.value, 'formatting twice is formatting once')
}

/** Its kernel is a function expression; parsed, not run. */
function graph(g: Graph): void {
  printGraph(g)
  const { text } = generateKernel(g)
  new Function(`return ${text}`)
}

function told(diagnostics: readonly Diagnostic[], text: string): void {
  for (const { span, message, related = [] } of diagnostics) {
    demand(message !== '' && !message.includes('[object '), 'a message in words')
    for (const place of [span, ...related.map((other) => other.span)]) {
      const within = place === undefined || (place.start >= 0 && place.start <= place.end && place.end <= text.length)
      demand(within, 'places inside the text')
    }
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`)
}
