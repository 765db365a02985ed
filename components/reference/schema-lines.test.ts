import { expect, it } from 'vitest'
import { z } from 'zod'
import { noteOf, schemaLines, typeOf } from './schema-lines'

const jsonOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

it('lists nested fields in order with depth, type and whether they are required', () => {
  const lines = schemaLines(
    jsonOf(
      z.object({ id: z.string(), tags: z.array(z.object({ name: z.string().nullable() })), n: z.number().optional() }),
    ),
  )
  expect(lines.map(({ depth, name, type, required }) => [depth, name, type, required])).toEqual([
    [0, 'id', 'string', true],
    [0, 'tags', 'object[]', true],
    [1, 'name', 'string or null', true],
    [0, 'n', 'number', false],
  ])
})

it('names choices and constants', () => {
  expect(typeOf(jsonOf(z.enum(['a', 'b'])))).toBe('a | b')
  expect(typeOf(jsonOf(z.literal('ok')))).toBe('"ok"')
  expect(typeOf(jsonOf(z.union([z.literal('*'), z.array(z.string())])))).toBe('"*" | string[]')
})

it('says limits and defaults', () => {
  expect(noteOf(jsonOf(z.number().min(1).max(200).default(50)))).toBe('1 to 200 · default 50')
})

it('survives what is not a schema', () => {
  expect(schemaLines(null)).toEqual([])
  expect(typeOf('x')).toBe('any')
})
