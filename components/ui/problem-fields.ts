import { isApiError } from '@/lib/shared/api-client'

const textOf = (issue: unknown): [string, string] | null => {
  if (typeof issue !== 'object' || issue === null) return null
  const path = 'path' in issue ? issue.path : 'field' in issue ? issue.field : ''
  const message = 'message' in issue && typeof issue.message === 'string' ? issue.message : 'is not valid'
  const parts = (Array.isArray(path) ? path.map(String) : String(path).split('.')).filter((part) => part !== 'body')
  return [parts[0] ?? '', message]
}

// Input faults come with one issue for each field; a form shows them where they belong.
export const fieldErrors = (error: unknown): Record<string, string> => {
  if (!isApiError(error)) return {}
  const issues = error.details['issues']
  if (!Array.isArray(issues)) return {}
  return Object.fromEntries(issues.map(textOf).filter((entry) => entry !== null))
}
