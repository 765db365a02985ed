import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export type Doc = { path: string; text: string }

export type Block = { doc: string; line: number; info: string; script: string }

const AT_ROOT = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md']

export const readDocs = (root: string): Doc[] => {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path))
  return [...AT_ROOT, ...below.sort()]
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

export const blocksOf = ({ path, text }: Doc): Block[] =>
  [...text.matchAll(/^```(\S+)([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    doc: path,
    line: text.slice(0, match.index).split('\n').length,
    info: `${match[1] ?? ''}${match[2] ?? ''}`.trim(),
    script: match[3] ?? '',
  }))

const isShell = ({ info }: Block) => /^(?:sh|bash|shell|console)\b/.test(info)

export const runnable = (block: Block) => block.info === 'sh run'

// A shell block is run by the check, or it only says what is checked elsewhere: make targets, and compose files that
// ask for an engine.
export const untested = (block: Block): string[] => {
  if (!isShell(block) || runnable(block)) return []
  return block.script
    .split('\n')
    .filter(
      (line) => line.trim() !== '' && !/^\s*(?:#|make [a-z-]+|npm (?:ci|start|run [a-z:]+)|docker compose )/.test(line),
    )
    .map((line) => `${block.doc}:${block.line}: "${line}" is neither run by the check nor a make target.`)
}

const linksOf = ({ path, text }: Doc): string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .map((target) => normalize(join(dirname(path), target)))

const FIRST_FOLDERS = 'app|components|lib|prisma|e2e|docs|public|workspace-template|examples|[.]ci'

const inCode = ({ text }: Doc): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, span = '']) => span)
    .filter((span) => new RegExp(`^(?:${FIRST_FOLDERS})(?:/[\\w.()[\\]-]+)*/?$`).test(span))

// Built, generated or made at run time: named in the docs, not in the repository.
const MADE = /^(?:dist|[.]clasper|[.]cache|workspace|docs\/api|lib\/core\/generated)(?:\/|$)/

export const missingPaths = (root: string, doc: Doc): string[] =>
  [...new Set([...linksOf(doc), ...inCode(doc)])]
    .filter((path) => !MADE.test(path) && !existsSync(join(root, path)))
    .map((path) => `${doc.path}: names ${path}, which does not exist.`)

export const unknownCommands = (doc: Doc, targets: readonly string[], scripts: readonly string[]): string[] => {
  const named = (pattern: RegExp) => [...doc.text.matchAll(pattern)].map(([, name = '']) => name)
  return [
    ...named(/`make ([a-z-]+)`|^make ([a-z-]+)/gm)
      .filter((name) => name !== '' && !targets.includes(name))
      .map((name) => `make ${name}`),
    ...named(/npm run ([a-z0-9:-]+)/g)
      .filter((name) => !scripts.includes(name))
      .map((name) => `npm run ${name}`),
  ].map((command) => `${doc.path}: names "${command}", which does not exist.`)
}
