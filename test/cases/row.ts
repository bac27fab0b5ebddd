/** One input that went wrong in the field, the command that runs it, and what is right. A file of test/cases/rows/ holds one. */
export interface Row {
  /** The kind of fault it stands for, in one sentence. */
  readonly kind: string
  /** Why a result may be further off than its digits say. */
  readonly because?: string
  /** The arguments of `amp`, run in the folder of the inputs. */
  readonly args: readonly string[]
  /** The exit code. */
  readonly code?: number
  /** `amp sample`: per row of the summary and column (`mean`, `sd`, `q5`, ...), the right value and how far off it may be. */
  readonly summary?: Readonly<Record<string, Readonly<Record<string, Right<number>>>>>
  /** `amp retrieve`: the states (or the likeliest values of those summed out), cue by cue, as one flat list, and `energy`; each with how far off it may be. */
  readonly values?: Readonly<Record<string, Right<number | readonly number[]>>>
  /** Regular expressions that what is printed has to match, over lines. */
  readonly says?: readonly string[]
  /** Regular expressions that what is printed must not match. */
  readonly never?: readonly string[]
}

type Right<T> = readonly [value: T, within: number]

/** What `amp` says where it is given these arguments, in the folder of the inputs. */
type Amp = (args: readonly string[]) => { readonly code: number | null; readonly out: string; readonly err: string }

/** What is not as it should be, a sentence each; none if all is. */
export function troublesOf(row: Row, amp: Amp): readonly string[] {
  const json = row.summary !== undefined || row.values !== undefined
  const ran = amp([...row.args, ...(json ? ['--json'] : [])])
  const text = `${ran.err}\n${ran.out}`
  const code = row.code ?? 0
  const troubles = [
    ...(ran.code === code ? [] : [`exit code ${ran.code} instead of ${code}: ${ran.err.slice(0, 2000)}`]),
    ...(row.says ?? []).filter((said) => !new RegExp(said, 'm').test(text)).map((said) => `does not say /${said}/: ${text.slice(0, 2000)}`),
    ...(row.never ?? []).filter((said) => new RegExp(said, 'm').test(text)).map((said) => `says /${said}/: ${text.slice(0, 2000)}`),
  ]
  if (!json || ran.out.trim() === '') return json ? [...troubles, 'no JSON came'] : troubles
  const result: unknown = JSON.parse(ran.out)
  return [...troubles, ...summaryTroubles(row, result), ...valueTroubles(row, result)]
}

function summaryTroubles({ summary }: Row, result: unknown): readonly string[] {
  if (summary === undefined) return []
  const rows = (result as { readonly summary: readonly Readonly<Record<string, unknown>>[] }).summary
  return Object.entries(summary).flatMap(([name, columns]) => {
    const found = rows.find((r) => r.name === name)
    if (found === undefined) return [`no row ${name} in the summary (${rows.map((r) => r.name).join(', ')})`]
    return Object.entries(columns).flatMap(([column, right]) => far(`${column} of ${name}`, found[column], right))
  })
}

interface RetrievedCue {
  readonly energy: number
  readonly states: Readonly<Record<string, unknown>>
  readonly likeliest: Readonly<Record<string, unknown>>
}

function valueTroubles({ values }: Row, result: unknown): readonly string[] {
  if (values === undefined) return []
  const { cues } = result as { readonly cues: readonly RetrievedCue[] }
  return Object.entries(values).flatMap(([name, [value, within]]) => {
    const found = cues.flatMap((cue) => flat(name === 'energy' ? cue.energy : (cue.states[name] ?? cue.likeliest[name])))
    const right = flat(value)
    if (found.length !== right.length) return [`${name} has ${found.length} numbers instead of ${right.length}`]
    return right.flatMap((r, i) => far(`${name}, number ${i + 1}`, found[i], [Number(r), within]))
  })
}

function far(what: string, found: unknown, [right, within]: Right<number>): readonly string[] {
  return typeof found === 'number' && Math.abs(found - right) <= within ? [] : [`${what} is ${found} instead of ${right} within ${within}`]
}

function flat(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value]
}
