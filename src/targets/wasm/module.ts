import { list, section, text, unsigned, type WasmBytes } from './bytes.ts'
import { types, type WasmType } from './instructions.ts'

export interface Signature {
  readonly takes: readonly WasmType[]
  readonly gives: readonly WasmType[]
}

/** A function of another place, by the name that it is asked for by. */
export interface ImportedFunction extends Signature {
  readonly name: string
}

/** A function of the module, as `Code` gives it; those with a name can be called from outside. */
export interface ModuleFunction extends Signature {
  readonly code: WasmBytes
  readonly name?: string
}

export interface WasmModule {
  /** Their indices come first, from 0. */
  readonly imports: readonly ImportedFunction[]
  readonly functions: readonly ModuleFunction[]
  /** Of 65536 bytes, of the memory that is given. */
  readonly pages: number
}

/** What the functions and the memory that a module is given are found under. */
export const GIVEN = 'given'
export const MEMORY = 'memory'

/** A module in the binary format. */
export function moduleBytes({ imports, functions, pages }: WasmModule): Uint8Array<ArrayBuffer> {
  const signatures = [...imports, ...functions]
  const memory = [...text(GIVEN), ...text(MEMORY), 0x02, 0x00, ...unsigned(pages)]
  const given = imports.map(({ name }, k) => [...text(GIVEN), ...text(name), 0x00, ...unsigned(k)])
  const exported = functions.flatMap(({ name }, k) => (name === undefined ? [] : [[...text(name), 0x00, ...unsigned(imports.length + k)]]))
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, signatures.map(typed)),
    ...section(2, [memory, ...given]),
    ...section(
      3,
      functions.map((_, k) => unsigned(imports.length + k)),
    ),
    ...section(7, exported),
    ...section(
      10,
      functions.map(({ code }) => code),
    ),
  ])
}

function typed({ takes, gives }: Signature): WasmBytes {
  return [0x60, ...list(takes.map((t) => [types[t]])), ...list(gives.map((t) => [types[t]]))]
}
