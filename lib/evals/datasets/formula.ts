// A spreadsheet takes a cell that begins with one of these signs for a formula, and one that begins with ' for a text.
const CALCULATED = /^(?:'*\s*[=+\-@＝＋－＠]|[\t\r\n])/
const MARKED = /^'(?='*\s*[=+\-@＝＋－＠]|[\t\r\n])/

/** A cell as every spreadsheet reads it: as the text that it is. */
export const asText = (cell: string): string => (CALCULATED.test(cell) ? `'${cell}` : cell)

/** The same text again. */
export const fromText = (cell: string): string => cell.replace(MARKED, '')
