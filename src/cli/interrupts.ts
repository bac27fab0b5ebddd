import { Script } from 'node:vm'
import type { Busy } from '../api/busy.ts'
import { Interrupted } from './interrupted.ts'

/** What ends a program from outside, with the exit codes that say so: a user's Ctrl-C, a scheduler, a terminal that is closed. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
export type EndingSignal = keyof typeof codes
const signals = Object.keys(codes) as readonly EndingSignal[]

/**
 * Runs work that keeps this thread busy, in which no handler of signals could run, so that Ctrl-C breaks it off all the
 * same. `doing` completes the sentence "Interrupted while ...".
 */
export function interruptible(doing: string): Busy {
  return (work, instead) => {
    let done: { readonly value: ReturnType<typeof work> } | undefined
    const slots = globalThis as unknown as Record<string, unknown>
    const outer = slots[SLOT]
    slots[SLOT] = () => {
      done = { value: work() }
    }
    try {
      calling.runInThisContext({ breakOnSigint: true })
    } catch (error) {
      if (!isBreak(error)) throw error
      if (instead === undefined) throw error instanceof Interrupted ? error : new Interrupted(`Interrupted while ${doing}.`)
    } finally {
      slots[SLOT] = outer
    }
    if (done !== undefined) return (done as { readonly value: ReturnType<typeof work> }).value
    return (instead as typeof work)()
  }
}

/** Node ends a script on SIGINT, and this thread with it; a function it does not. */
const SLOT = 'amp_interruptible'
const calling = new Script(`globalThis.${SLOT}()`)

function isBreak(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
}

export interface Interrupts {
  /** Shared with whatever is to stop: not 0 once a signal came. */
  readonly stop: Int32Array
  /** The first signal, if one came. */
  heard(): EndingSignal | undefined
  /** Hears a signal that came another way. */
  hear(signal: EndingSignal): void
  /** The exit code of the signal that came. */
  code(): number
  /** From now on the first signal asks for an end, which is called back, and the second is one. */
  listen(onFirst: () => void): void
}

export function openInterrupts(): Interrupts {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  let first: EndingSignal | undefined
  const hear = (signal: EndingSignal): void => {
    if (first !== undefined) process.exit(codes[signal])
    first = signal
    Atomics.store(stop, 0, 1)
  }
  return {
    stop,
    heard: () => first,
    hear,
    code: () => codes[first ?? 'SIGINT'],
    listen(onFirst) {
      const hearing = (signal: EndingSignal): void => {
        hear(signal)
        onFirst()
      }
      for (const signal of signals) process.on(signal, hearing)
    },
  }
}
