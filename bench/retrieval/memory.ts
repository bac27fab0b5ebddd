import { readFileSync } from 'node:fs'
import type { Sizes } from '../../src/ir/graph.ts'
import type { ModelCase } from '../models/load.ts'

/** The modern Hopfield memory, without its numbers. */
export function memory(sizes: Sizes): ModelCase {
  const text = readFileSync('test/language/modern_hopfield.amp', 'utf8')
  return { text, reading: 'retrieval', sizes, fixed: { xi: new Float64Array(), beta: new Float64Array() }, coordinates: {} }
}
