import { isMap, isScalar, parseDocument, visit } from 'yaml'
import { isProblem, Problem } from '@/lib/shared/problem'

export const DOCUMENT_TYPES = [
  ...['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/markdown'],
] as const

const YAML = /^(?:application|text)\/(?:x-)?yaml$|^application\/[\w.+-]+\+yaml$/
const MOST_CHARACTERS = 262_144

const refuse = (message: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [message], fieldErrors: {} })
}

// Asked of the parser itself it would cost the square of the number of keys.
const assertUnique = (document: ReturnType<typeof parseDocument>): void => {
  visit(document, {
    Map: (_key, { items }) => {
      const names = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (names.has(name)) refuse(`The body is not valid YAML: the key ${String(name).slice(0, 80)} stands twice`)
        names.add(name)
      }
    },
  })
}

const readYaml = (text: string): unknown => {
  const document = parseDocument(text, { logLevel: 'error', uniqueKeys: false, prettyErrors: true })
  const [fault] = document.errors
  if (fault) return refuse(`The body is not valid YAML: ${(fault.message.split('\n')[0] ?? '').replace(/:$/, '')}`)
  assertUnique(document)
  return isMap(document.contents) ? document.toJS({ maxAliasCount: 0 }) : refuse('The body is not a map of fields')
}

/** One document: a map in YAML, or Markdown as the field `markdown`. Null where the type is none of these. */
export const documentOf = (text: string, type: string): unknown => {
  if (type === 'text/markdown') return { markdown: text }
  if (!YAML.test(type)) return null
  if (text.length > MOST_CHARACTERS)
    throw new Problem('payload_too_large', undefined, { limit_characters: MOST_CHARACTERS })
  try {
    return readYaml(text)
  } catch (error) {
    if (isProblem(error)) throw error
    return refuse('The body is not valid YAML')
  }
}
