/**
 * Ways to run TensorFlow.js, and the packages they need. Apart from what loads those, so that declarations of the library name
 * none of their types.
 */
export type TfjsBackend = 'tfjs-node' | 'tfjs-wasm' | 'tfjs-cpu'

/** By variables, so that type checking does not look for packages that may be absent, and bundlers leave them out. */
export const core = '@tensorflow/tfjs-core'
export const packages = {
  'tfjs-node': '@tensorflow/tfjs-node',
  'tfjs-wasm': '@tensorflow/tfjs-backend-wasm',
  'tfjs-cpu': '@tensorflow/tfjs-backend-cpu',
} as const satisfies Record<TfjsBackend, string>
