import { describe, expect, it } from 'vitest'
import { loadTf, restoreUtil } from '../../../src/targets/tfjs/load.ts'
import { openTfjs } from '../../../src/targets/tfjs.ts'

/** What Node says of a package that is not there. */
const absent = "Cannot find package '@tensorflow/tfjs-node' imported from /project/dist/chunk.js"

/** TensorFlow.js with only these engines working. */
function standIn(engines: readonly string[], asked: string[] = [], broken = absent): (name: string) => Promise<unknown> {
  return async (name) => {
    asked.push(name)
    if (name.endsWith('tfjs-node') && !engines.includes('tensorflow')) throw new Error(broken)
    const tf = { enableProdMode() {}, setBackend: async (engine: string) => engines.includes(engine), setWasmPaths() {} }
    return { default: tf }
  }
}

describe('loading TensorFlow.js', () => {
  it('takes native code where it is installed', async () => {
    const asked: string[] = []
    const found = await loadTf(undefined, standIn(['tensorflow', 'wasm', 'cpu'], asked))
    expect(found).toMatchObject({ backend: 'tfjs-node', passedOver: [] })
    expect(asked).toEqual(['@tensorflow/tfjs-node'])
  })

  it('goes on to WebAssembly with a sentence', async () => {
    const found = await loadTf(undefined, standIn(['wasm', 'cpu']))
    expect(found).toMatchObject({
      backend: 'tfjs-wasm',
      passedOver: ['@tensorflow/tfjs-node is not installed.'],
    })
  })

  // Word for word from the package without its addon, from one without its library, and from one without what it needs.
  it.each([
    [
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /p/lib/napi-v8/tfjs_binding.node. \nPlease run command ...',
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /p/lib/napi-v8/tfjs_binding.node.',
    ],
    [
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory',
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory.',
    ],
    [
      "Cannot find module '@tensorflow/tfjs'\nRequire stack:\n- /p/node_modules/@tensorflow/tfjs-node/dist/index.js",
      "Cannot find module '@tensorflow/tfjs'.",
    ],
  ])('goes on to WebAssembly where native code is broken: %s', async (broken, said) => {
    const found = await loadTf(undefined, standIn(['wasm', 'cpu'], [], broken))
    expect(found).toMatchObject({ backend: 'tfjs-wasm', passedOver: [`@tensorflow/tfjs-node does not load: ${said}`] })
  })

  it('goes on to plain JavaScript where WebAssembly does not start', async () => {
    const found = await loadTf(undefined, standIn(['cpu']))
    expect(found).toMatchObject({ backend: 'tfjs-cpu' })
    expect(found.passedOver[1]).toBe('@tensorflow/tfjs-backend-wasm does not load: the backend wasm does not start.')
  })

  it('says why where nothing loads, and never throws', async () => {
    const found = await openTfjs(undefined, async () => {
      throw new Error('broken')
    })
    expect(found.backend).toBeUndefined()
    expect(found.passedOver.length).toBe(3)
  })

  it('says once that TensorFlow.js itself is not there', async () => {
    const found = await openTfjs(undefined, async (name) => {
      throw new Error(
        `Cannot find package '${name === '@tensorflow/tfjs-node' ? name : '@tensorflow/tfjs-core'}' imported from /p/chunk.js`,
      )
    })
    expect(found.passedOver).toEqual([
      '@tensorflow/tfjs-node is not installed.',
      '@tensorflow/tfjs-core is not installed (npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm).',
    ])
  })

  it('does not put another in the place of one that was asked for', async () => {
    const found = await openTfjs('tfjs-node', standIn(['wasm', 'cpu']))
    expect(found.backend).toBeUndefined()
    expect(found.passedOver.length).toBe(1)
  })

  it('puts back what Node 23 removed, and leaves the rest', () => {
    const mine = () => true
    const util: Record<string, (x: unknown) => boolean> = { isString: mine }
    restoreUtil(util)
    expect(util.isString).toBe(mine)
    expect([util.isNullOrUndefined?.(null), util.isNullOrUndefined?.(0)]).toEqual([true, false])
  })

  it('silences what Node 22 warns of', () => {
    const calls: unknown[] = []
    const warns = (x: unknown) => calls.push(x) > 0
    const util: Record<string, (x: unknown) => boolean> = { isNullOrUndefined: warns, isArray: warns }
    restoreUtil(util)
    expect([util.isNullOrUndefined?.(undefined), util.isArray?.([]), util.isArray?.({ length: 0 })]).toEqual([true, true, false])
    expect(calls).toEqual([])
  })

  it('is really there: one of the backends opens', async () => {
    const found = await openTfjs()
    expect(found.backend).toBeDefined()
  })
})
