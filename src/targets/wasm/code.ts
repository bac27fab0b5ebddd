import { float, list, signed, sized, unsigned, type WasmBytes } from './bytes.ts'
import {
  load64Lane,
  type MemoryAccess,
  memory,
  type OfLane,
  ofLane,
  type Plain,
  pairConstant,
  plain,
  types,
  type WasmType,
} from './instructions.ts'

/** The body of a function, written instruction by instruction. */
export class Code {
  readonly #bytes: number[] = []
  readonly #parameters: number
  readonly #locals: WasmType[] = []

  constructor(parameters: number) {
    this.#parameters = parameters
  }

  /** A new variable. */
  local(type: WasmType): number {
    this.#locals.push(type)
    return this.#parameters + this.#locals.length - 1
  }

  do(...instructions: readonly Plain[]): void {
    for (const name of instructions) this.#put(plain[name])
  }

  get(local: number): void {
    this.#put([0x20], unsigned(local))
  }

  set(local: number): void {
    this.#put([0x21], unsigned(local))
  }

  /** Sets a variable, and leaves the value where it was. */
  tee(local: number): void {
    this.#put([0x22], unsigned(local))
  }

  i32(value: number): void {
    this.#put([0x41], signed(BigInt(value)))
  }

  i64(value: bigint): void {
    this.#put([0x42], signed(value))
  }

  f64(value: number): void {
    this.#put([0x44], float(value))
  }

  /** The same number twice. */
  pair(value: number): void {
    this.#put(pairConstant, float(value), float(value))
  }

  /** At the address on the stack, in bytes, and `offset`. All numbers lie at multiples of eight. */
  access(name: MemoryAccess, offset: number): void {
    this.#put(memory[name], [3], unsigned(offset))
  }

  /** The second number of a pair from memory: on the stack are its address and the pair. */
  loadSecond(offset: number): void {
    this.#put(load64Lane, [3], unsigned(offset), [1])
  }

  lane(name: OfLane, lane: number): void {
    this.#put(ofLane[name], [lane])
  }

  call(index: number): void {
    this.#put([0x10], unsigned(index))
  }

  /** `test` is on the stack. */
  if(type: WasmType | undefined, yes: () => void, no?: () => void): void {
    this.#put([0x04, type === undefined ? 0x40 : types[type]])
    yes()
    if (no !== undefined) {
      this.do('else')
      no()
    }
    this.do('end')
  }

  /** Runs `body` as long as the test that it leaves on the stack holds. */
  repeat(body: () => void): void {
    this.#put([0x03, 0x40])
    body()
    this.#put([0x0d, 0x00])
    this.do('end')
  }

  /** As it stands in a module. */
  bytes(): WasmBytes {
    const locals = list(this.#locals.map((type) => [1, types[type]]))
    return sized([...locals, ...this.#bytes, ...plain.end])
  }

  #put(...parts: readonly WasmBytes[]): void {
    for (const part of parts) for (const byte of part) this.#bytes.push(byte)
  }
}
