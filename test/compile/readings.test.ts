import { expect, test } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import type { CodeEntry } from '../../src/base/codes/entry.ts'
import { readingsCodes } from '../../src/base/codes/readings.ts'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { flatDirections } from '../../src/compile/flat-directions.ts'
import { lower } from '../../src/compile/lower.ts'
import { discreteMoving, marginalise } from '../../src/compile/marginalise.ts'
import { relax } from '../../src/compile/relax.ts'
import { readSampling } from '../../src/compile/sampling.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { modelOf } from './models.ts'

/** Everything that any reading has to say about a program. */
function said(text: string): readonly Diagnostic[] {
  const { value, diagnostics } = lower(modelOf(text))
  if (value === undefined) return diagnostics
  const names = discreteMoving(value, situationOf(value)).map((v) => v.name)
  return [
    ...diagnostics,
    ...marginalise(value, names).diagnostics,
    ...relax(value, names).diagnostics,
    ...retrievalFrom(value).diagnostics,
    ...readSampling(value).diagnostics,
    ...flatDirections(value),
  ]
}

const entries: readonly (readonly [string, CodeEntry])[] = Object.entries(readingsCodes)
const examples = entries.filter(([, entry]) => entry.example !== undefined)

test.each(examples)('the example of %s provokes it, at a place in the program', (code, entry) => {
  const found = said(entry.example ?? '').filter((d) => d.code === code)
  expect(found.length).toBeGreaterThan(0)
  expect(found[0]?.span).toBeDefined()
  expect(found[0]?.hint ?? found[0]?.expected).toBeDefined()
})

test('most codes have an example and a fix', () => {
  for (const [, entry] of examples) expect(entry.fix).toBeDefined()
  expect(examples.length).toBeGreaterThanOrEqual(4)
})
