import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiText } from './api'
import { configurationTables, envExample } from './configuration'
import { floorDiagram, roomTable } from './floors'
import { fill } from './markdown'
import { auditKindTable, auditTable, permissionTable, problemTable } from './reference'

export type GeneratedDoc = { path: string; text: string }

const filled = (root: string, path: string, parts: Record<string, string>): GeneratedDoc => {
  const written = readFileSync(join(root, path), 'utf8')
  return { path, text: Object.entries(parts).reduce((text, [name, content]) => fill(text, name, content), written) }
}

// What each generated file must say today; `npm run docs` writes it, a test compares.
export const generatedDocs = async (root: string): Promise<GeneratedDoc[]> => [
  { path: '.env.example', text: envExample() },
  { path: 'docs/api/openapi.json', text: await openApiText(root) },
  filled(root, 'docs/CONFIGURATION.md', { environment: configurationTables() }),
  filled(root, 'docs/ERRORS.md', { problems: problemTable() }),
  filled(root, 'docs/PERMISSIONS.md', { permissions: permissionTable() }),
  filled(root, 'docs/AUDIT.md', { events: auditTable(), kinds: auditKindTable() }),
  filled(root, 'docs/ARCHITECTURE.md', { floors: floorDiagram(root), rooms: roomTable(root) }),
]
