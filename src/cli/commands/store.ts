import type { StoreContents } from '../../api/store/contents.ts'
import { counted } from '../../base/counted.ts'
import { elementLines } from '../elements.ts'
import { openFolder } from '../open-store.ts'
import { historyTable } from '../store-history.ts'
import { table } from '../table.ts'
import { print, report } from '../terminal.ts'

export interface StoreCommandOptions {
  readonly history?: boolean
  readonly printModel?: boolean
  readonly json?: boolean
}

/** Says what a store holds, where it comes from and what was done to it. */
export async function store(path: string, options: StoreCommandOptions): Promise<number> {
  const opened = await openFolder(path, { write: false })
  if (typeof opened === 'number') return opened
  const { source, before, close } = opened
  const code = report(before, source)
  const contents = opened.store.contents()
  const history = opened.store.history()
  if (options.printModel === true) print(source.text)
  else if (options.json === true) print(JSON.stringify({ ...contents, history }, null, 2))
  else print([...asText(contents), ...elementLines(contents), ...(options.history === true ? ['', historyTable(history)] : [])].join('\n'))
  close()
  return code
}

function asText({ model, amp, begun, patterns, changes, memories, kept, constants }: StoreContents): readonly string[] {
  const rows = memories.map(({ name, axes, sizes, grows, posterior }) => [
    name,
    axes.map((axis, i) => (sizes === undefined ? axis : `${axis} = ${sizes[i]}`)).join(', '),
    growthOf(grows, posterior),
  ])
  return [
    table(['memory', 'axes', 'grows'], rows),
    '',
    `${counted(patterns, 'pattern')}, ${counted(changes, 'change')}. Model ${model}, begun ${begun === undefined ? '' : `${begun} `}with amp ${amp}.`,
    ...(kept.length === 0 ? [] : [`It keeps the values of ${kept.join(', ')}.`]),
    ...Object.entries(constants).flatMap(([name, { seed, shape, digest }]) =>
      seed === undefined
        ? []
        : [
            `It draws ${name}, ${counted(
              shape.reduce((n, size) => n * size, 1),
              'number',
            )}, with seed ${seed} (digest ${digest}).`,
          ],
    ),
  ]
}

function growthOf(grows: string | undefined, posterior: true | undefined): string {
  if (grows === undefined) return posterior === true ? 'no: its posterior' : ''
  return posterior === true ? `as patterns need it, along ${grows}` : `one a pattern, along ${grows}`
}
