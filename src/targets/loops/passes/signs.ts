import type { AccumulateValues, LoopProgram, LoopStatement, Real } from '../program.ts'

/** The program with subtractions where what is added up has a sign: the same numbers, bit for bit. */
export function foldSigns(program: LoopProgram): LoopProgram {
  return { ...program, once: folded(program.once), always: folded(program.always) }
}

function folded(statements: readonly LoopStatement[]): readonly LoopStatement[] {
  return statements.map((s) => {
    if (s.kind === 'loop') return { ...s, body: folded(s.body) }
    return s.kind === 'accumulate' && s.by === 'add' ? subtracted(s) : s
  })
}

function subtracted(s: AccumulateValues): AccumulateValues {
  const [x, ...more] = s.values
  const opposite = x === undefined || more.length > 0 ? undefined : oppositeOf(x)
  return opposite === undefined ? s : { ...s, by: 'sub', values: [opposite] }
}

/** -x, if that is simpler than x. */
function oppositeOf(x: Real): Real | undefined {
  if (x.kind === 'constant') return x.value < 0 ? { ...x, value: -x.value } : undefined
  return x.kind === 'apply' && x.op === 'neg' ? x.args[0] : undefined
}
