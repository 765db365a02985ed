import { z } from 'zod'

const Content = z.record(z.string(), z.object({ schema: z.unknown() }).loose())

const Operation = z
  .object({
    operationId: z.string(),
    summary: z.string(),
    description: z.string().default(''),
    tags: z.array(z.string()).default([]),
    parameters: z
      .array(
        z
          .object({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: z.unknown() })
          .loose(),
      )
      .default([]),
    requestBody: z.object({ content: Content }).loose().optional(),
    responses: z.record(z.string(), z.object({ description: z.string(), content: Content.optional() }).loose()),
  })
  .loose()

export const OpenApi = z.object({
  info: z.object({ title: z.string(), version: z.string() }).loose(),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
})

export type Endpoint = z.infer<typeof Operation> & { method: string; path: string; tag: string }

export const endpointsOf = (document: z.infer<typeof OpenApi>): Endpoint[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0] ?? 'other',
    })),
  )

export const byTag = (endpoints: readonly Endpoint[]): { tag: string; endpoints: Endpoint[] }[] =>
  [...new Set(endpoints.map((endpoint) => endpoint.tag))]
    .sort()
    .map((tag) => ({ tag, endpoints: endpoints.filter((endpoint) => endpoint.tag === tag) }))

export const matches = (endpoint: Endpoint, text: string): boolean => {
  const wanted = text.trim().toLowerCase()
  return [endpoint.path, endpoint.summary, endpoint.description, endpoint.method].some((part) =>
    part.toLowerCase().includes(wanted),
  )
}
