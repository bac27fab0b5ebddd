import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Ends the run with the line `N passed, N failed`, alone on its line, for any runner that counts tests. `AMP_SLOWEST=N` lists
 * before it the N tests that took the most CPU time.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1
      }
      // A file that could not be loaded has no tests, but it has failed.
      if (module.state() === 'failed' && tests.every((t) => t.result().state !== 'failed')) counts.failed += 1
    }
    const slowest = Number(process.env.AMP_SLOWEST ?? 0)
    if (slowest > 0) process.stdout.write(`\n${longest(modules, slowest).join('\n')}\n`)
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  }
}

function longest(modules: readonly TestModule[], count: number): readonly string[] {
  const all = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({ test, file: module.relativeModuleId })))
  const cpu = (test: TestCase): number => test.meta().cpu ?? 0
  return all
    .sort((a, b) => cpu(b.test) - cpu(a.test))
    .slice(0, count)
    .map(({ test, file }) => `${cpu(test).toFixed(1).padStart(6)} s  ${file}: ${test.fullName}`)
}
