import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasErrors } from '../../src/base/diagnostic.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { printModel } from '../../src/dsl/print-model.ts'

const folder = new URL('../language/', import.meta.url)
const programs = readdirSync(folder).map((f) => readFileSync(new URL(f, folder), 'utf8'))
const pieces = programs.flatMap((p) => p.match(/\w+|\S/g) ?? [])

/** Words of a program deleted, replaced by words of any program, or doubled. */
const mangled = fc
  .record({
    program: fc.constantFrom(...programs),
    edits: fc.array(fc.record({ at: fc.nat(), what: fc.constantFrom('delete', 'replace', 'double'), by: fc.constantFrom(...pieces) }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ program, edits }) => {
    const words = program.match(/\w+|[^\w]/g) ?? []
    for (const { at, what, by } of edits) {
      const i = at % words.length
      if (what === 'delete') words.splice(i, 1)
      else if (what === 'replace') words[i] = by
      else words.splice(i, 0, words[i] ?? '')
    }
    return words.join('')
  })

describe('mangled programs', () => {
  test('never throw; there is a model or an error, and every caret is inside the text', () => {
    fc.assert(
      fc.property(mangled, (text) => {
        const { value, diagnostics } = analyse({ name: 'mangled.amp', text })
        expect(value === undefined).toBe(hasErrors(diagnostics))
        for (const d of diagnostics) {
          for (const { span } of [d, ...(d.related ?? [])]) {
            expect(span).toBeDefined()
            expect(span?.start).toBeGreaterThanOrEqual(0)
            expect(span?.end).toBeLessThanOrEqual(text.length)
          }
        }
        if (value !== undefined) expect(printModel(value)).toContain('model ')
      }),
      { numRuns: 1500, seed: 20 },
    )
  })
})
