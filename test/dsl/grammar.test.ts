import { expect, test } from 'vitest'
import { StatementParser } from '../../src/dsl/grammar.ts'
import { newLexer } from '../../src/dsl/tokens.ts'

/** Starting skips what Chevrotain can find wrong with a grammar, which is the same every time. */
test('the grammar has no ambiguities, no left recursion and no empty repetitions', () => {
  expect(() => new StatementParser(true)).not.toThrow()
})

test('the tokens can all match', () => {
  expect(newLexer(true).lexerDefinitionErrors).toEqual([])
})
