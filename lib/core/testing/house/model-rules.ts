export type Model = { name: string; body: string }

export const modelsIn = (text: string): Model[] =>
  [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({ name, body }))

const hasTenant = ({ body }: Model) => /^\s*tenantId\s+String\b/m.test(body)

const findsWithinTenant = ({ body }: Model) =>
  /^[ \t]*tenantId[ \t]+String[ \t]+.*@id\b/m.test(body) || /@@(?:id|unique|index)\(\[tenantId\b/.test(body)

const relationsOf = ({ body }: Model) =>
  [...body.matchAll(/^[ \t]*(\w+)[ \t]+(\w+)\??[ \t]+.*@relation\(.*?fields: \[([^\]]+)\]/gm)].map(
    ([, field = '', to = '', fields = '']) => ({
      field,
      to,
      fields,
    }),
  )

// Forgetting the tenant must not be possible: a column, a key that begins with it, and relations that join on it.
export const faultsOfModel = (
  model: Model,
  all: readonly Model[],
  global: Readonly<Record<string, string>>,
): string[] => {
  const reason = global[model.name]
  if (reason !== undefined) return reason.length < 10 ? [`${model.name}: a global model needs a reason.`] : []
  if (!hasTenant(model)) return [`${model.name}: has no tenantId and is not in GLOBAL_MODELS.`]
  const faults = findsWithinTenant(model) ? [] : [`${model.name}: no key or index begins with tenantId.`]
  const tenantModels = all
    .filter((other) => global[other.name] === undefined && hasTenant(other))
    .map(({ name }) => name)
  const loose = relationsOf(model).filter(({ to, fields }) => tenantModels.includes(to) && !/\btenantId\b/.test(fields))
  return [...faults, ...loose.map(({ field }) => `${model.name}.${field}: the relation does not join on tenantId.`)]
}
