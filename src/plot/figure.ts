/** A figure as data: what is drawn, and what is written beside the drawing. */
export interface Figure {
  readonly title: string
  /** Drawn side by side. */
  readonly panels: readonly Panel[]
}

export interface Panel {
  readonly title: string
  readonly x: FigureAxis
  readonly y: FigureAxis
  readonly series: readonly Series[]
}

export interface FigureAxis {
  readonly label: string
  /** Default linear. */
  readonly scale?: 'linear' | 'log'
}

export interface Series {
  readonly name: string
  readonly marks: 'line' | 'dots' | 'line and dots' | 'dashes'
  readonly points: readonly FigurePoint[]
}

export interface FigurePoint {
  readonly x: number
  readonly y: number
  /** One standard error of y, drawn to both sides. */
  readonly error?: number
}

/** The points of a figure, a line each. */
export function figureCsv({ panels }: Figure): string {
  const rows = panels.flatMap((panel) =>
    panel.series.flatMap((series) => series.points.map((p) => [panel.title, series.name, p.x, p.y, p.error ?? ''].map(cell).join(','))),
  )
  return ['panel,series,x,y,standard error', ...rows, ''].join('\n')
}

function cell(value: string | number): string {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
