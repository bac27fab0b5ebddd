/** The rooms that are mutated, each with the tests that hold it: without those that run a build, which mutants do not reach. */
export const rooms = {
  base: ['test/base', 'test/families'],
  ir: ['test/ir', 'test/laws', 'test/targets/loops'],
  compile: ['test/compile', 'test/ir', 'test/laws'],
  memory: ['test/memory', 'test/verify/models.test.ts'],
  inference: ['test/inference'],
}

/** Tests of builds, and those that repeat in minutes what others see in seconds. */
const leftOut = ['test/base/versions.test.ts', 'test/inference/sbc-models.test.ts']

/** @param {string} path */
export function testsOf(path) {
  const room = Object.keys(rooms).find((r) => path === `src/${r}` || path.startsWith(`src/${r}/`))
  if (room === undefined) throw new Error(`${path} is in none of the rooms ${Object.keys(rooms).join(', ')}`)
  return [...rooms[room].map((p) => (p.endsWith('.ts') ? p : `${p}/**/*.test.ts`)), ...leftOut.map((p) => `!${p}`)]
}
