import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const DIALECTS = ['sqlite', 'postgresql'] as const
export type Dialect = (typeof DIALECTS)[number]

const MODELS = 'prisma/models'

const modelFiles = (root: string) =>
  readdirSync(join(root, MODELS))
    .filter((name) => name.endsWith('.prisma'))
    .sort()

export const readModels = (root: string): string =>
  modelFiles(root)
    .map((name) => readFileSync(join(root, MODELS, name), 'utf8').trim())
    .join('\n\n')

export const datasourceBlock = (dialect: Dialect) => `datasource db {\n  provider = "${dialect}"\n}\n`

export const generatorBlock = (output: string) => `generator client {
  provider            = "prisma-client"
  output              = "${output}"
  runtime             = "nodejs"
  moduleFormat        = "esm"
  importFileExtension = ""
}
`

export const withDatasource = (dialect: Dialect, models: string) => `${datasourceBlock(dialect)}\n${models}\n`
