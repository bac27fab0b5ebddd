import { parentPort, workerData } from 'node:worker_threads'
import { prepareSample } from '../../api/runtime/sample.ts'
import { samplingBackend } from '../../api/sample.ts'
import { must } from '../../base/internal-error.ts'
import { type ChainResult, joined } from '../../inference/chain.ts'
import { advanceFor, signalOf } from './here.ts'
import type { Order, Report, WorkerData } from './messages.ts'

/** A worker thread: compiles kernels of its own, then runs chain after chain as they are ordered. */
const port = must(parentPort, 'parent of the worker')
const { parts, bound, backend, options, stop } = workerData as WorkerData
const { target } = await samplingBackend(backend, parts.program.axes)
// The values were found right where this was started.
const prepared = must(prepareSample(parts, target, bound, options).value, 'prepared sample')
const signal = signalOf(stop)

/** How often the worker reports, in milliseconds. */
const REPORT_EVERY = 200

port.on('message', ({ chain, from }: Order) => {
  const run = prepared.open(chain, { ...options, signal }, from)
  const stretches: ChainResult[] = []
  for (let going = true; going; ) {
    going = advanceFor(run, REPORT_EVERY)
    const stretch = run.take()
    stretches.push(stretch)
    port.postMessage({ kind: 'stretch', stretch } satisfies Report)
  }
  port.postMessage({ kind: 'done', sampled: prepared.generate(joined(stretches)) } satisfies Report)
})
