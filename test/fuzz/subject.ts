/** What scripts/fuzz.mjs bundles and runs. */
export { input } from './inputs.ts'
export { putThrough } from './put-through.ts'
