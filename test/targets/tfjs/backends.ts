import { openTfjs, type TfjsBackend } from '../../../src/targets/tfjs.ts'

const native = await openTfjs('tfjs-node')

/** Why native TensorFlow is not tested here; undefined where it is. `npm run native` demands it. */
export const noNative: string | undefined =
  native.backend !== undefined || process.env.AMP_NATIVE === '1' ? undefined : native.passedOver.join(' ')

/** The backends of TensorFlow.js to hold the laws on: those that are always there, and native code where it is built. */
export const backends: readonly TfjsBackend[] = ['tfjs-wasm', 'tfjs-cpu', ...(noNative === undefined ? (['tfjs-node'] as const) : [])]
