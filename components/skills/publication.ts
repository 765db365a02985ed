// What somebody pastes or chooses is a SKILL.md, a manifest in JSON, or one in YAML.
export type Pasted =
  | { kind: 'markdown'; body: Record<string, unknown>; title: string }
  | { kind: 'manifest'; body: Record<string, unknown>; title: string }
  | { kind: 'nothing' }
  | { kind: 'fault'; fault: string }

const MOST_CHARACTERS = 1_000_000

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const titleOf = (map: Record<string, unknown>): string => {
  const manifest = isMap(map['manifest']) ? map['manifest'] : map
  const [name, version] = [manifest['name'], manifest['version']]
  return [name, version].filter((one) => typeof one === 'string').join('@')
}

const asMap = (value: unknown, otherwise: string): Pasted =>
  isMap(value) ? { kind: 'manifest', body: value, title: titleOf(value) } : { kind: 'fault', fault: otherwise }

const fromJson = (text: string): Pasted => {
  try {
    return asMap(JSON.parse(text), 'A manifest is an object.')
  } catch (error) {
    return { kind: 'fault', fault: `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` }
  }
}

const fromYaml = async (text: string): Promise<Pasted> => {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: false })
  const [fault] = document.errors
  if (fault) return { kind: 'fault', fault: `This is no YAML: ${fault.message}.` }
  try {
    return asMap(document.toJS({ maxAliasCount: 50 }), 'This is neither a SKILL.md nor a manifest.')
  } catch {
    return { kind: 'fault', fault: 'Its aliases grow without end.' }
  }
}

const isMarkdown = (text: string): boolean => /^---\r?\n[\s\S]*?\r?\n---(\r?\n|$)/.test(text)

export const readPasted = async (pasted: string): Promise<Pasted> => {
  const text = pasted.replace(/^\uFEFF/, '')
  if (text.trim() === '') return { kind: 'nothing' }
  if (text.length > MOST_CHARACTERS) return { kind: 'fault', fault: 'This is longer than a million characters.' }
  if (isMarkdown(text.trimStart())) {
    const name = /^name:\s*['"]?([^'"\r\n]+)/m.exec(text)?.[1]?.trim() ?? ''
    return { kind: 'markdown', body: { markdown: text.trimStart() }, title: name }
  }
  return text.trimStart().startsWith('{') ? fromJson(text) : fromYaml(text)
}
