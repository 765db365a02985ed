import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// The font sizes are our own names; untold, the merger takes them for colours and drops one of the two.
const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['meta', 'table', 'prose', 'title', 'page', 'figure'] }] } },
})

export const cn = (...values: ClassValue[]): string => merge(clsx(values))
