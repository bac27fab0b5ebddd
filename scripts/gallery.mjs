// Takes the reports of whole runs (`amp reproduce --all --out FOLDER`) into the gallery: models/NAME/results.json and NAME.svg.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) throw new Error('node scripts/gallery.mjs FOLDER: the folder of amp reproduce --all --out FOLDER')
for (const file of readdirSync(folder).filter((f) => f.endsWith('.json') && !f.endsWith('.params.json'))) {
  const { figure: _, ...report } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const { system, quick } = report
  if (quick) throw new Error(`${file} is of a quick run`)
  const models = join('models', system)
  if (!existsSync(models)) throw new Error(`${file} is of no system of the gallery`)
  writeFileSync(join(models, 'results.json'), `${JSON.stringify(report, null, 2)}\n`)
  const picture = join(folder, `${system}.svg`)
  if (existsSync(picture)) writeFileSync(join(models, `${system}.svg`), readFileSync(picture))
}
