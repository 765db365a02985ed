import type { LibraryModel } from './catalogue'

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// The library asks every thinking model to think not at all, which those without such a level refuse.
const withoutForbiddenEffort = (payload: Fields): Fields => {
  const { reasoning: _, ...rest } = payload
  return rest
}

// Gemini 3 refuses a call of a tool in the history that lacks its signature; this value says that there is none.
const UNSIGNED = 'skip_thought_signature_validator'

// Of calls made side by side only the first one carries a signature.
const signed = (parts: readonly unknown[]): unknown[] => {
  const first = parts.findIndex((part) => isFields(part) && 'functionCall' in part)
  return parts.map((part, at) =>
    at === first && isFields(part) && !('thoughtSignature' in part) ? { ...part, thoughtSignature: UNSIGNED } : part,
  )
}

const withSignatures = (payload: Fields): Fields => {
  const { contents } = payload
  if (!Array.isArray(contents)) return payload
  return {
    ...payload,
    contents: contents.map((turn: unknown) =>
      isFields(turn) && turn['role'] === 'model' && Array.isArray(turn['parts'])
        ? { ...turn, parts: signed(turn['parts']) }
        : turn,
    ),
  }
}

export const adjustPayload = (payload: unknown, model: LibraryModel): unknown => {
  if (!isFields(payload)) return undefined
  const off = model.thinkingLevelMap?.off
  if ((model.provider === 'openai' || model.provider === 'openrouter') && model.reasoning && typeof off !== 'string')
    return withoutForbiddenEffort(payload)
  if (model.provider === 'google' && /gemini-(?:[3-9]|.*latest)/.test(model.id)) return withSignatures(payload)
  return undefined
}
