import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Statistical tests and command-line runs take seconds; a slow shared machine takes several times that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One for each core; left to itself vitest keeps a core free, which on two cores is half of them.
    maxWorkers: '100%',
    globalSetup: ['test/build.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
  },
})
