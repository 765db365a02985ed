import JSON5 from 'json5'

type Json = Record<string, unknown>

export type Needs = { bins: string[]; anyBins: string[]; env: string[]; config: string[] }

export type OpenClaw = { always: boolean; emoji?: string; os: string[]; needs: Needs; faults: string[] }

const MOST_CHARACTERS = 65_536

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const fromText = (text: string): unknown => {
  if (text.length > MOST_CHARACTERS) return undefined
  try {
    return JSON5.parse(text)
  } catch {
    return undefined
  }
}

// A map, or a text that holds one in JSON or JSON5.
export const mapIn = (value: unknown): Json | undefined => {
  const read = typeof value === 'string' ? fromText(value) : value
  return isMap(read) ? read : undefined
}

export const metadataPart = (metadata: unknown, name: string): Json | undefined => {
  const map = mapIn(metadata)
  return map && Object.hasOwn(map, name) ? mapIn(map[name]) : undefined
}

const textsOf = (value: unknown, name: string, faults: string[]): string[] => {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  if (list.every((item): item is string => typeof item === 'string' && item !== '')) return list
  faults.push(name)
  return []
}

const needsOf = (value: unknown, faults: string[]): Needs => {
  const requires = value === undefined || value === null ? {} : mapIn(value)
  if (!requires) faults.push('requires')
  const at = (name: string) => textsOf(requires?.[name], `requires.${name}`, faults)
  return { bins: at('bins'), anyBins: at('anyBins'), env: at('env'), config: at('config') }
}

const isYes = (value: unknown): boolean => value === true || value === 'true'

// `faults` names what cannot be read; a skill whose requirements are unknown is not switched on.
export const readOpenClaw = (metadata: unknown): OpenClaw => {
  const part = metadataPart(metadata, 'openclaw') ?? metadataPart(metadata, 'clawdbot') ?? {}
  const faults: string[] = []
  const emoji = part['emoji']
  return {
    always: isYes(part['always']),
    ...(typeof emoji === 'string' && emoji.trim() !== '' && emoji.length <= 32 ? { emoji: emoji.trim() } : {}),
    os: textsOf(part['os'], 'os', faults),
    needs: needsOf(part['requires'], faults),
    faults,
  }
}
