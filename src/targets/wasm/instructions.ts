import { unsigned, type WasmBytes } from './bytes.ts'

/** The types of values. `v128` holds a pair of float64 numbers, or of whole numbers of 64 bits. */
export const types = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const

export type WasmType = keyof typeof types

const simd = (code: number): WasmBytes => [0xfd, ...unsigned(code)]

/** The instructions without arguments of their own, named as in the specification. */
export const plain = {
  else: [0x05],
  end: [0x0b],
  drop: [0x1a],
  select: [0x1b],
  'i32.eqz': [0x45],
  'i32.eq': [0x46],
  'i32.lt_s': [0x48],
  'i32.lt_u': [0x49],
  'i32.gt_s': [0x4a],
  'i32.le_s': [0x4c],
  'i32.ge_s': [0x4e],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i32.or': [0x72],
  'i32.shl': [0x74],
  'i32.wrap_i64': [0xa7],
  'i32.trunc_sat_f64_s': [0xfc, 0x02],
  'i64.eq': [0x51],
  'i64.gt_s': [0x55],
  'i64.add': [0x7c],
  'i64.sub': [0x7d],
  'i64.and': [0x83],
  'i64.or': [0x84],
  'i64.xor': [0x85],
  'i64.shl': [0x86],
  'i64.shr_s': [0x87],
  'i64.shr_u': [0x88],
  'i64.reinterpret_f64': [0xbd],
  'f64.eq': [0x61],
  'f64.ne': [0x62],
  'f64.lt': [0x63],
  'f64.gt': [0x64],
  'f64.le': [0x65],
  'f64.ge': [0x66],
  'f64.abs': [0x99],
  'f64.neg': [0x9a],
  'f64.ceil': [0x9b],
  'f64.floor': [0x9c],
  'f64.trunc': [0x9d],
  'f64.sqrt': [0x9f],
  'f64.add': [0xa0],
  'f64.sub': [0xa1],
  'f64.mul': [0xa2],
  'f64.div': [0xa3],
  'f64.min': [0xa4],
  'f64.max': [0xa5],
  'f64.convert_i32_s': [0xb7],
  'f64.reinterpret_i64': [0xbf],
  'v128.not': simd(0x4d),
  'v128.and': simd(0x4e),
  'v128.or': simd(0x50),
  'v128.xor': simd(0x51),
  'v128.bitselect': simd(0x52),
  'f64x2.splat': simd(0x14),
  'f64x2.eq': simd(0x47),
  'f64x2.ne': simd(0x48),
  'f64x2.lt': simd(0x49),
  'f64x2.gt': simd(0x4a),
  'f64x2.le': simd(0x4b),
  'f64x2.ge': simd(0x4c),
  'f64x2.ceil': simd(0x74),
  'f64x2.floor': simd(0x75),
  'f64x2.trunc': simd(0x7a),
  'f64x2.abs': simd(0xec),
  'f64x2.neg': simd(0xed),
  'f64x2.sqrt': simd(0xef),
  'f64x2.add': simd(0xf0),
  'f64x2.sub': simd(0xf1),
  'f64x2.mul': simd(0xf2),
  'f64x2.div': simd(0xf3),
  'f64x2.min': simd(0xf4),
  'f64x2.max': simd(0xf5),
  'i64x2.splat': simd(0x12),
  'i64x2.all_true': simd(0xc3),
  'i64x2.shl': simd(0xcb),
  'i64x2.shr_s': simd(0xcc),
  'i64x2.shr_u': simd(0xcd),
  'i64x2.add': simd(0xce),
  'i64x2.sub': simd(0xd1),
  'i64x2.eq': simd(0xd6),
  'i64x2.gt_s': simd(0xd9),
} as const satisfies Readonly<Record<string, WasmBytes>>

export type Plain = keyof typeof plain

/** The instructions that read or write memory. */
export const memory = {
  'f64.load': [0x2b],
  'f64.store': [0x39],
  'v128.load': simd(0x00),
  'v128.load64_splat': simd(0x0a),
  'v128.load64_zero': simd(0x5d),
  'v128.store': simd(0x0b),
} as const satisfies Readonly<Record<string, WasmBytes>>

export type MemoryAccess = keyof typeof memory

/** The instructions that are about one number of a pair. */
export const ofLane = {
  'i64x2.extract_lane': simd(0x1d),
  'f64x2.extract_lane': simd(0x21),
  'f64x2.replace_lane': simd(0x22),
} as const satisfies Readonly<Record<string, WasmBytes>>

export type OfLane = keyof typeof ofLane

export const load64Lane: WasmBytes = simd(0x57)
export const pairConstant: WasmBytes = simd(0x0c)
