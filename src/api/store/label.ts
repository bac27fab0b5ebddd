import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { patternsCalled } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'

/** A label is a text that is no number and that no other patterns have. */
export function badLabel(shelf: Shelf, label: string): readonly Diagnostic[] {
  if (label === '' || label.length > 200 || /^\d+$/.test(label)) {
    const expected = 'a text of at most 200 characters that is not a number alone'
    return [diagnostic('AMP804', `"${label}" cannot be a label.`, { expected, hint: 'Numbers call patterns by the order of writing.' })]
  }
  if (patternsCalled(shelf, label) === undefined) return []
  return [diagnostic('AMP804', `"${label}" is the label of other patterns.`, { expected: 'a label that is not in use' })]
}
