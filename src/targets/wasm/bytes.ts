/** The binary format of WebAssembly (core specification 2.0, chapter 5): numbers, lists and sections as bytes. */
export type WasmBytes = readonly number[]

/** A whole number from 0 to 2^32 - 1, seven bits a byte (LEB128). */
export function unsigned(value: number): WasmBytes {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
}

/** A whole number with its sign, seven bits a byte (LEB128). */
export function signed(value: bigint): WasmBytes {
  const low = Number(value & 127n)
  const rest = value >> 7n
  const last = (rest === 0n && low < 64) || (rest === -1n && low >= 64)
  return last ? [low] : [low | 128, ...signed(rest)]
}

/** A float64 number, its lowest byte first. */
export function float(value: number): WasmBytes {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value, true)
  return [...new Uint8Array(view.buffer)]
}

export function text(value: string): WasmBytes {
  const bytes = [...new TextEncoder().encode(value)]
  return [...unsigned(bytes.length), ...bytes]
}

/** A list: how many items there are, and these. */
export function list(items: readonly WasmBytes[]): WasmBytes {
  return [...unsigned(items.length), ...items.flat()]
}

/** What is as long as it says. */
export function sized(bytes: WasmBytes): WasmBytes {
  return [...unsigned(bytes.length), ...bytes]
}

/** The parts of a module, by the number that each goes by. */
export function section(number: number, items: readonly WasmBytes[]): WasmBytes {
  return items.length === 0 ? [] : [number, ...sized(list(items))]
}
