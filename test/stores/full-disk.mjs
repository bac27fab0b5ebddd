// Fills a small disk with a store, and says what the write that did not fit was told.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [dist, folder] = process.argv.slice(2)
const { givenOf, load, openStore } = await import(pathToFileURL(join(dist, 'library', 'index.js')))
const { onDisk } = await import(pathToFileURL(join(dist, 'disk.js')))
const text = 'memory xi[pattern, pixel]\nstate x[pixel]\nenergy sum[pixel](x^2) - logsumexp[pattern](sum[pixel](xi * x))'
const model = load({ name: 'm.amp', text }).value
const open = async () => openStore(model, undefined, { shelf: (await onDisk(folder, { write: true })).value }).value
const patterns = (count) => givenOf({ observed: { x: { shape: [count, 100], data: new Float64Array(count * 100).fill(0.5) } } }).value

const store = await open()
await store.write(patterns(10))
const before = store.contents().patterns
const full = await store.write(patterns(20_000))
const [trouble] = full.diagnostics
store.close()
const again = await open()
const after = again.contents().patterns
await again.write(patterns(1))
const later = again.contents().patterns
again.close()
process.stdout.write(JSON.stringify({ code: trouble?.code, message: trouble?.message, before, after, later }))
