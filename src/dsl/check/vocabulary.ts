import { logDensityNames } from '../../families/tables/log-densities.ts'
import { alongAxis, functions, matrixFunctions, reductions, yielding } from '../../middle/functions.ts'

/** Calls whose arguments are names rather than values, or that bind one. */
export const specialCalls = ['size', 'index', 'weight', 'act', 'scan', 'fold'] as const

/** Those of them that give way to a definition of the same name. */
const yieldingCalls: readonly string[] = ['fold']

/** Numbers with a name. `pi` gives way to a declaration (mixture weights are often called pi); `inf` does not. */
export const constants: Readonly<Record<string, number>> = { inf: Number.POSITIVE_INFINITY, pi: Math.PI }

/** Names no declaration may take. */
export const reservedNames: readonly string[] = ['prev', 'inf']

/** Functions that no declaration may define anew. */
export const callNames: readonly string[] = [
  ...new Set([...Object.keys(functions), ...Object.keys(reductions), ...Object.keys(alongAxis), ...specialCalls]),
].filter((name) => !yielding.has(name) && !yieldingCalls.includes(name))

/** Functions that give way to a definition of the same name. */
export const yieldingNames: readonly string[] = [...yielding, ...yieldingCalls, ...Object.keys(matrixFunctions), ...logDensityNames]

export function isFunction(name: string): boolean {
  return callNames.includes(name) || yieldingNames.includes(name)
}

/** Names of functions that are written as operators and not as calls. */
export const operatorOnly: ReadonlySet<string> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'neg',
  'not',
  'and',
  'or',
  'equal',
  'not_equal',
  'less',
  'less_equal',
  'greater',
  'greater_equal',
])

/** Functions that are written as calls. */
export const functionNames: readonly string[] = [...callNames, ...yieldingNames].filter((name) => !operatorOnly.has(name))
