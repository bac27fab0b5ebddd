import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with the line `N passed, N failed`, alone on its line, for any runner that counts tests. */
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
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  }
}
