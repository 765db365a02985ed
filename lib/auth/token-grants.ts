import type { JWTPayload } from 'jose'

// What a tenant token narrows its holder to; absent means that the tenant's own settings decide.
export type TokenGrants = { allowedTools?: readonly string[] | '*'; allowedModels?: readonly string[] }

const MOST = 500

const listOf = (claim: unknown): string[] | null => {
  const parts = typeof claim === 'string' ? claim.split(/[\s,]+/) : claim
  if (!Array.isArray(parts) || parts.length > MOST || !parts.every((part) => typeof part === 'string')) return null
  return parts.map((part: string) => part.trim()).filter((part) => part !== '')
}

// An empty list of tools permits none, an empty list of models restricts nothing. Null: the claims cannot be read.
export const tokenGrants = (payload: JWTPayload): TokenGrants | null => {
  const { allowed_tools: tools, allowed_models: models } = payload
  const allowedTools = tools === undefined ? undefined : listOf(tools)
  const allowedModels = models === undefined ? undefined : listOf(models)
  if (allowedTools === null || allowedModels === null) return null
  return {
    ...(allowedTools === undefined ? {} : { allowedTools: allowedTools.includes('*') ? '*' : allowedTools }),
    ...(allowedModels === undefined || allowedModels.length === 0 || allowedModels.includes('*')
      ? {}
      : { allowedModels }),
  }
}
