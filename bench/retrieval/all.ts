import type { TfjsBackend } from '../../src/targets/tfjs.ts'
import { command } from './command.ts'
import { type AgainstLoops, aroundRetrieval } from './files.ts'
import { whole } from './whole.ts'
import { type WideResult, wide } from './wide.ts'

/** Every measurement of many cues at once, made when asked for. */
export const retrievals: readonly { readonly name: string; measure(backend: TfjsBackend): Promise<WideResult> }[] = [
  { name: 'wide retrieval, small', measure: (backend) => wide(64, 1000, 196, backend) },
  { name: 'wide retrieval', measure: (backend) => wide(256, 10_000, 784, backend) },
  { name: 'whole retrieval', measure: (backend) => whole(256, 10_000, 784, backend) },
]

/** Whole commands, and what they do besides looks, against loops by hand. */
export const commands: readonly { readonly name: string; measure(): readonly AgainstLoops[] }[] = [
  { name: 'files and nearest rows', measure: aroundRetrieval },
  { name: 'retrieve command, one cue', measure: () => [command(1, 20_000, 784)] },
  { name: 'retrieve command, many cues', measure: () => [command(64, 10_000, 784)] },
]
