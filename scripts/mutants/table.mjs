import { relative } from 'node:path'

const noticed = new Set(['Killed', 'Timeout', 'RuntimeError'])

/** `| path | drawn | noticed | share | 95 % interval | minutes |` */
export function row({ path, mutants, seconds }) {
  const n = mutants.length
  const k = mutants.filter((m) => noticed.has(m.status)).length
  const [low, high] = wilson(k, n)
  const percent = (x) => `${(100 * x).toFixed(1)} %`
  return `| ${path} | ${n} | ${k} | ${percent(k / n)} | ${percent(low)} to ${percent(high)} | ${Math.ceil(seconds / 60)} |`
}

/** Each mutant that no test noticed, in the order of the files. */
export function survivorsOf({ mutants }) {
  const left = mutants.filter((m) => !noticed.has(m.status))
  const place = (m) => `${relative(process.cwd(), m.file)}:${m.location.start.line}:${m.location.start.column}`
  const change = (m) => `${m.mutatorName}: ${m.replacement.replaceAll(/\s+/g, ' ').slice(0, 90)}`
  return left.map((m) => `- ${place(m)} ${change(m)}${m.status === 'NoCoverage' ? ' (no test reaches it)' : ''}`).sort()
}

export function page(results, { count, seed }) {
  return `# Mutants

Small changes of the sources, one at a time, and the share that a test notices (\`npm run mutants\`, StrykerJS). Of each room
${count} are drawn under seed ${seed}; the interval is Wilson's at 95 %. A mutant that ends the program or never ends counts as noticed.

| room | drawn | noticed | share | 95 % interval | minutes |
| --- | --- | --- | --- | --- | --- |
${results.map(row).join('\n')}

## Not noticed

${results.flatMap(survivorsOf).join('\n')}
`
}

/** The interval of a share at 95 % (Wilson 1927). */
function wilson(k, n) {
  const z = 1.959963984540054
  const p = k / n
  const centre = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return [(centre - half) / scale, (centre + half) / scale]
}
