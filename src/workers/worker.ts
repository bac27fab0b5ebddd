import { parentPort, workerData } from 'node:worker_threads'
import { prepare } from '../api/sample.ts'
import { must } from '../base/internal-error.ts'
import { advanceFor, signalOf } from './here.ts'
import type { Order, StretchReport, WorkerData } from './messages.ts'

/** A worker thread: compiles kernels of its own, then runs chain after chain as they are ordered. */
const port = must(parentPort, 'parent of the worker')
const { options, stop, ...preparation } = workerData as WorkerData
// The values were found right where this was started.
const prepared = must((await prepare(preparation, options)).value, 'prepared sample')
const signal = signalOf(stop)

/** How often the worker reports, in milliseconds. */
const REPORT_EVERY = 200

port.on('message', ({ chain, after }: Order) => {
  const run = prepared.open(chain, { ...options, signal }, after?.state)
  let sums = after?.sums
  for (let going = true; going; ) {
    going = advanceFor(run, REPORT_EVERY)
    const stretch = prepared.generate(run.take(), sums)
    sums = stretch.sums
    port.postMessage({ stretch, ended: !going } satisfies StretchReport)
  }
})
