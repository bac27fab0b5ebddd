// Begins a store, or says what reading it and writing to it are told.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [dist, folder, what] = process.argv.slice(2)
const { givenOf, load, openStore } = await import(pathToFileURL(join(dist, 'library', 'index.js')))
const { onDisk } = await import(pathToFileURL(join(dist, 'disk.js')))
const text = 'memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))'
const model = load({ name: 'm.amp', text }).value

if (what === 'begin') {
  const store = openStore(model, undefined, { shelf: (await onDisk(folder, { write: true })).value }).value
  await store.write(givenOf({ observed: { x: [1, 2] } }).value)
  store.close()
} else {
  const read = await onDisk(folder)
  const patterns = read.ok ? openStore(model, undefined, { shelf: read.value }).value.contents().patterns : read.diagnostics
  const [trouble] = (await onDisk(folder, { write: true })).diagnostics
  const [other] = (await onDisk(`${folder} of another`, { write: true })).diagnostics
  process.stdout.write(JSON.stringify({ patterns, code: trouble?.code, message: trouble?.message, begun: other?.message }))
}
