export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text: string) => (text === '' ? '' : `\`${text}\``)

const open = (name: string) => `<!-- generated: ${name} -->`
const close = '<!-- end of generated -->'

// Prose is written by hand around generated parts; only what stands between the marks is replaced.
export const fill = (text: string, name: string, content: string): string => {
  const from = text.indexOf(open(name))
  const to = text.indexOf(close, from)
  if (from < 0 || to < 0) throw new Error(`The marks of the generated part "${name}" are missing.`)
  return `${text.slice(0, from + open(name).length)}\n\n${content}\n\n${text.slice(to)}`
}
