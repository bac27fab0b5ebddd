import { describe, expect, it } from 'vitest'
import { loadTf, restoreUtil } from '../../../src/compile/targets/tfjs/load.ts'
import { openTfjs } from '../../../src/compile/targets/tfjs.ts'

/** TensorFlow.js with only these engines working. */
function standIn(engines: readonly string[], asked: string[] = []): (name: string) => Promise<unknown> {
  return async (name) => {
    asked.push(name)
    if (name.endsWith('tfjs-node') && !engines.includes('tensorflow')) throw new Error(`Cannot find package '${name}'\nRequire stack: ...`)
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
      passedOver: ["@tensorflow/tfjs-node does not load: Cannot find package '@tensorflow/tfjs-node'."],
    })
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

  it('is really there: one of the backends opens', async () => {
    const found = await openTfjs()
    expect(found.backend).toBeDefined()
  })
})
