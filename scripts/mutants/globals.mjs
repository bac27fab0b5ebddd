import { INSTRUMENTER_CONSTANTS as names } from '@stryker-mutator/api/core'

// Kernels and emitted modules are made of functions' texts, which call these names where there is no module around them.
const space = () => globalThis.__stryker2__ ?? globalThis[names.NAMESPACE] ?? {}

globalThis.stryMutAct_9fa48 = (id) => space()[names.ACTIVE_MUTANT] === id
globalThis.stryCov_9fa48 = (...ids) => {
  const stryker = space()
  stryker[names.MUTATION_COVERAGE_OBJECT] ??= { static: {}, perTest: {} }
  const { [names.CURRENT_TEST_ID]: test, [names.MUTATION_COVERAGE_OBJECT]: coverage } = stryker
  if (test) coverage.perTest[test] ??= {}
  const counts = test ? coverage.perTest[test] : coverage.static
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
}
