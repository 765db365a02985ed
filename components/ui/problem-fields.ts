import { z } from 'zod'
import { isApiError } from '@/lib/shared/api-client'

const Details = z.object({ fieldErrors: z.record(z.string(), z.array(z.string())) }).catch({ fieldErrors: {} })

// Input faults name their field by its path; a form shows them at the field that the path begins with.
export const fieldErrors = (error: unknown): Record<string, string> => {
  const faults = isApiError(error) ? Details.parse(error.details).fieldErrors : {}
  return Object.fromEntries(
    Object.entries(faults).map(([path, said]) => [path.split('.')[0] ?? path, said.join(' · ')]),
  )
}
