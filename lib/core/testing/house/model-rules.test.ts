import { expect, it } from 'vitest'
import { faultsOfModel, modelsIn } from './model-rules'

const schema = `
model Loose {
  id String @id
}

model Note {
  tenantId String
  id       String
  bookId   String
  book     Book   @relation(fields: [bookId], references: [id])

  @@id([tenantId, id])
}

model Book {
  tenantId String
  id       String
  notes    Note[]

  @@id([tenantId, id])
}

model Unkeyed {
  tenantId String
  id       String @id
}
`

const models = modelsIn(schema)
const faultsOf = (name: string, global = {}) =>
  models.filter((model) => model.name === name).flatMap((model) => faultsOfModel(model, models, global))

it('reads every model of a schema', () => {
  expect(models.map(({ name }) => name)).toEqual(['Loose', 'Note', 'Book', 'Unkeyed'])
})

it('refuses a model without a tenant unless it is global for a reason', () => {
  expect(faultsOf('Loose')).toEqual(['Loose: has no tenantId and is not in GLOBAL_MODELS.'])
  expect(faultsOf('Loose', { Loose: '' })).toEqual(['Loose: a global model needs a reason.'])
  expect(faultsOf('Loose', { Loose: 'names the tenants themselves' })).toEqual([])
})

it('refuses a relation that could cross tenants and a table without a tenant key', () => {
  expect(faultsOf('Note')).toEqual(['Note.book: the relation does not join on tenantId.'])
  expect(faultsOf('Unkeyed')).toEqual(['Unkeyed: no key or index begins with tenantId.'])
  expect(faultsOf('Book')).toEqual([])
})
