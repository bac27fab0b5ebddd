import type { FunctionName } from '../../middle/functions.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import type { CheckContext } from './scope.ts'

/**
 * What makes a value exactly 0, not only as near as one likes: a bit or a comparison that a product has as a factor, or a
 * 0 that is chosen. Undefined where nothing is seen to.
 */
export function zeroOf(c: CheckContext, t: Typed): Typed | undefined {
  switch (t.kind) {
    case 'number':
      return t.value === 0 ? t : undefined
    case 'variable':
      return takesZero(c.scope.variables.get(t.name)?.type) ? t : undefined
    case 'let': {
      const value = c.lets.get(t.name)
      return value && zeroOf(c, value) && t
    }
    case 'call':
      return zeroOf(c, t.body) && t
    case 'pick':
    case 'rename':
    case 'shift':
      return zeroOf(c, t.target)
    case 'apply':
      return through(c, t.fn as FunctionName, t, t.args)
    default:
      return undefined
  }
}

/** Whether 0 is one of the few values of a type. */
function takesZero(type: ValueType | undefined): boolean {
  const levels = type && levelsOf(type)
  return levels?.kind === 'values' && levels.values.includes(0)
}

const comparisons: ReadonlySet<FunctionName> = new Set([
  'less',
  'less_equal',
  'greater',
  'greater_equal',
  'equal',
  'not_equal',
  'and',
  'or',
  'not',
])
/** 0 where their first operand is. */
const kept: ReadonlySet<FunctionName> = new Set(['div', 'neg', 'sqrt', 'square', 'abs', 'pow'])

function through(c: CheckContext, fn: FunctionName, t: Typed, args: readonly Typed[]): Typed | undefined {
  const zero = (k: number): Typed | undefined => {
    const arg = args[k]
    return arg && zeroOf(c, arg)
  }
  if (comparisons.has(fn)) return t
  if (fn === 'mul') return zero(0) ?? zero(1)
  if (fn === 'where') return zero(1) ?? zero(2)
  return kept.has(fn) ? zero(0) : undefined
}
