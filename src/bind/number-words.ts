/** How what looks like a number is written as one. */
export function numberHint(text: string): string | undefined {
  return forms.find(({ form }) => form.test(text))?.hint
}

const forms: readonly { readonly form: RegExp; readonly hint: string }[] = [
  { form: /^\s*[-+]?[\d.]*[OolI][\dOolI.]*\s*$/, hint: 'O and l are letters, 0 and 1 are digits.' },
  { form: /^\s*[-+]?\d[\d ]*(?:,\d+)+(?:\.\d+)?\s*$/, hint: 'Write numbers without commas: 1000 or 1.5.' },
  { form: /^\s*[-+]?[\d.]+\s*%\s*$/, hint: 'Write a share as a number: 0.1 for 10 %.' },
  { form: /^\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*\p{L}+\S*\s*$/u, hint: 'Write the number without its unit.' },
  { form: /^\s*[$€£]\s*[\d.]+\s*$/u, hint: 'Write the number without its unit.' },
  { form: /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/, hint: 'A date is not a number: write the days since the first date.' },
  { form: /^\s*(?:yes|no|y|n)\s*$/i, hint: 'Write 1 for yes and 0 for no.' },
  { form: /^\s*(?:#?n\/a|[-.?*]+|missing|none|unknown|nil)\s*$/i, hint: 'A missing value is an empty cell or NA.' },
]

/** A text for a message. */
export function shortened(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}
