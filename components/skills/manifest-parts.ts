// A manifest arrives as it was written, in one of the two spellings and with fields of others: it is read with care.
type Json = Record<string, unknown>

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const mapIn = (value: unknown, key: string): Json | null => {
  const found = isMap(value) ? value[key] : undefined
  return isMap(found) ? found : null
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

export type DeclaredTest = {
  name: string
  description: string | null
  input: Json
  mocks: string[]
  expects: string[]
}

const expectsOf = (test: Json): string[] => [
  ...(mapIn(test, 'expect') ? [`output: ${JSON.stringify(test['expect'])}`] : []),
  ...(test['expectError'] === undefined || test['expectError'] === false
    ? []
    : [test['expectError'] === true ? 'an error' : `an error with "${String(test['expectError'])}"`]),
  ...(mapIn(test, 'schema') ? ['an answer that fits its schema'] : []),
  ...(mapIn(test, 'judge') ? [`a judge: ${String(mapIn(test, 'judge')?.['rubric'] ?? '')}`] : []),
]

export const declaredTests = (manifest: Json): DeclaredTest[] =>
  (Array.isArray(manifest['tests']) ? manifest['tests'] : []).filter(isMap).map((test) => ({
    name: String(test['name']),
    description: typeof test['description'] === 'string' ? test['description'] : null,
    input: mapIn(test, 'input') ?? {},
    mocks: Object.keys(mapIn(test, 'mocks') ?? {}),
    expects: expectsOf(test),
  }))

export type Permissions = { tools: string[]; maxTokens: number | null; models: string[]; http: string[] }

const httpTools = (manifest: Json): string[] => {
  const tools = mapIn(mapIn(manifest, 'metadata'), 'clasper')?.['tools']
  return Array.isArray(tools) ? tools.filter(isMap).map((tool) => String(tool['name'])) : []
}

export const permissionsOf = (manifest: Json): Permissions => {
  const permissions = mapIn(manifest, 'permissions') ?? {}
  const most = permissions['maxTokens'] ?? permissions['max_tokens']
  return {
    tools: [...new Set(texts(permissions['tools']))].sort(),
    maxTokens: typeof most === 'number' ? most : null,
    models: texts(permissions['allowedModels'] ?? permissions['allowed_models']),
    http: httpTools(manifest),
  }
}

export type PermissionChange = { name: string; tone: 'wider' | 'narrower' | 'same'; text: string }

const lists = (name: string, before: readonly string[], after: readonly string[]): PermissionChange[] => [
  ...after
    .filter((one) => !before.includes(one))
    .map((one) => ({ name: `${name} ${one}`, tone: 'wider' as const, text: `${name} ${one}` })),
  ...before
    .filter((one) => !after.includes(one))
    .map((one) => ({ name: `${name} ${one}`, tone: 'narrower' as const, text: `${name} ${one}` })),
]

const limit = (tokens: number | null): string =>
  tokens === null ? 'no limit of tokens' : `${tokens.toLocaleString('en-US')} tokens`

const tokenChange = (before: number | null, after: number | null): PermissionChange[] => {
  if (before === after) return []
  const isWider = after === null || (before !== null && after > before)
  const text = `${limit(before)} → ${limit(after)}`
  return [{ name: 'tokens', tone: isWider ? 'wider' : 'narrower', text }]
}

const modelText = (models: readonly string[]): string => (models.length === 0 ? 'any model' : models.join(', '))

const modelChange = (before: readonly string[], after: readonly string[]): PermissionChange[] => {
  if (before.length === after.length && after.every((one) => before.includes(one))) return []
  const isWider = after.length === 0 || (before.length > 0 && after.some((one) => !before.includes(one)))
  const text = `${modelText(before)} → ${modelText(after)}`
  return [{ name: 'models', tone: isWider ? 'wider' : 'narrower', text }]
}

/** What a version may do that another may not, and the other way round; what is wider comes first. */
export const permissionChanges = (before: Permissions, after: Permissions): PermissionChange[] =>
  [
    ...lists('Tool', before.tools, after.tools),
    ...lists('Own HTTP tool', before.http, after.http),
    ...tokenChange(before.maxTokens, after.maxTokens),
    ...modelChange(before.models, after.models),
  ].sort((a, b) => (a.tone === b.tone ? 0 : a.tone === 'wider' ? -1 : 1))
