/** Columns that stand below each other, without blanks at the end of a line. */
export const tableLines = (names: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = names.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
  return [line(names), ...rows.map(line)].map((text) => text.trimEnd())
}
